import { useSignal } from "@preact/signals";
import { openRun } from "../playback/playback.ts";
import { flowNameOf } from "../run/title.ts";
import { Dialog } from "../ui/dialog.tsx";
import { duration, plural, wholeNumber } from "../ui/format.ts";
import { lazyPanel } from "../ui/lazy-panel.tsx";
import { isNarrow } from "../ui/narrow.ts";
import { formatRoute, go, isPlainClick, route } from "../ui/route.ts";
import { percent } from "../ui/percent.ts";
import { startTexts } from "../ui/start-text.ts";
import { lineName, linesOf } from "./trend-lines.ts";
import { trendOf, type TrendPoint } from "./trend-points.ts";
import { useSiblings } from "./use-siblings.ts";
import { evaluationTitle } from "./variant.ts";
import "./trend.css";

const MOST_RUNS = 20;

/** The drawing of charts is a part of its own: the table below says the same without it. */
const charts = lazyPanel("the charts", async () => {
  const { TrendCharts } = await import("./trend-charts.tsx");
  return TrendCharts;
});

/** How the last runs of an evaluation came out, as charts and as a table. */
export function Trend({ close }: { readonly close: () => void }) {
  const { runs, state } = useSiblings(MOST_RUNS);
  const pointed = useSignal<string | null>(null);
  const run = openRun.value;
  const points = trendOf(runs);
  const timeText = startTexts(points.map(({ startedAt }) => startedAt));
  const shown = points.find(({ runId }) => runId === pointed.value) ?? points.at(-1);
  const choose = (runId: string) => {
    close();
    if (route.peek().runId !== runId) go({ runId, at: null, tab: route.peek().tab });
  };
  return (
    <Dialog label="Trend" close={close}>
      <div class="trend">
        <div class="trend-head">
          <h2 class="clip">
            Trend{run !== null && ` of ${evaluationTitle(flowNameOf(run), run.manifest.runId)}`}
          </h2>
          <button type="button" class="button" onClick={close}>
            Close
          </button>
        </div>
        <div class="trend-body">
          <p class="trend-said" role="status" aria-label="Runs in the trend">
            {state === "failed"
              ? "The older runs could not be read."
              : state === "asking"
                ? "Reading older runs…"
                : points.length < 2
                  ? "There is one run of this evaluation until now."
                  : `The last ${plural(points.length, "run")}, the newest on the right.`}
          </p>
          {points.length > 1 && (
            <charts.Panel
              points={points}
              point={(index) => (pointed.value = index === null ? null : (points[index]?.runId ?? null))}
              choose={(index) => {
                const point = points[index];
                if (point !== undefined) choose(point.runId);
              }}
            />
          )}
          {shown !== undefined && points.length > 1 && (
            <p class="trend-pointed num" aria-hidden="true">
              {timeText(shown.startedAt)} · {shown.variant !== null && `${shown.variant} · `}
              {wordsOf(shown)}
            </p>
          )}
          <TrendTable points={points} choose={choose} timeText={timeText} />
        </div>
      </div>
    </Dialog>
  );
}

interface TableProps {
  readonly points: readonly TrendPoint[];
  readonly choose: (runId: string) => void;
  readonly timeText: (time: number) => string;
}

/** What the charts show, for who does not see them or wants the figures; the newest first. */
function TrendTable({ choose, points, timeText }: TableProps) {
  const hasModels = linesOf(points).length > 1 || points.some(({ variant }) => variant !== null);
  // On a narrow page it stands below the time.
  const hasColumn = hasModels && !isNarrow.value;
  return (
    <table class="trend-table">
      <caption class="hidden">The runs of the trend, the newest first</caption>
      <thead>
        <tr>
          <th scope="col">Run</th>
          {hasColumn && (
            <th scope="col" class="trend-model">
              Model
            </th>
          )}
          <th scope="col">Pass rate</th>
          <th scope="col">Passed</th>
          <th scope="col">Failed</th>
          <th scope="col">Errors</th>
          <th scope="col">Time</th>
        </tr>
      </thead>
      <tbody>
        {points.toReversed().map((point) => (
          <tr key={point.runId}>
            <th scope="row">
              <a
                class="trend-run num"
                href={formatRoute({ runId: point.runId, at: null, tab: null })}
                title={point.runId}
                aria-current={route.value.runId === point.runId ? "page" : undefined}
                onClick={(event) => {
                  if (!isPlainClick(event)) return;
                  event.preventDefault();
                  choose(point.runId);
                }}
              >
                {timeText(point.startedAt)}
              </a>
              {hasModels && !hasColumn && <div class="trend-with">{lineName(point)}</div>}
            </th>
            {hasColumn && <td class="trend-model">{lineName(point)}</td>}
            <td>{point.passRate === null ? "–" : percent(point.passRate)}</td>
            <td>{wholeNumber(point.passed)}</td>
            <td>{wholeNumber(point.failed)}</td>
            <td>{wholeNumber(point.errors)}</td>
            <td>{tookText(point)}</td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}

function tookText({ isOver, tookMs }: TrendPoint): string {
  if (!isOver) return "goes on";
  return tookMs === null ? "–" : duration(tookMs);
}

function wordsOf(point: TrendPoint): string {
  const { errors, failed, passed, passRate } = point;
  return [
    passRate === null ? "nothing rated" : percent(passRate),
    `${wholeNumber(passed)} passed`,
    `${wholeNumber(failed)} failed`,
    plural(errors, "error"),
    tookText(point),
  ].join(" · ");
}

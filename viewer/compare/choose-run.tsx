import { useSignal } from "@preact/signals";
import { useEffect, useRef } from "preact/hooks";
import type { RunSummary } from "../../src/protocol/bundle.ts";
import { MOST_SEARCH_CHARS } from "../../src/protocol/portion.ts";
import { summaryTitle } from "../../src/protocol/run-words.ts";
import { isTerminal } from "../../src/protocol/status.ts";
import { doneText, rateText, restText } from "../catalog/tally-text.ts";
import { useListed } from "../catalog/use-listed.ts";
import { openRunId } from "../playback/playback.ts";
import { plural } from "../ui/format.ts";
import { Dialog } from "../ui/dialog.tsx";
import { go, route } from "../ui/route.ts";
import { StatusGlyph } from "../ui/status-mark.tsx";
import { walkRows } from "../ui/walk-rows.ts";
import { startTexts } from "../ui/start-text.ts";
import { isEvaluation } from "./siblings.ts";
import { useSiblings } from "./use-siblings.ts";
import "./choose-run.css";

/** So many are offered; more are found by typing. */
const MOST_SIBLINGS = 20;
const MOST_OTHERS = 30;

/** With which run the open one is to be compared: those of the same evaluation first. */
export function ChooseRun({ close }: { readonly close: () => void }) {
  const typed = useSignal("");
  const list = useRef<HTMLDivElement>(null);
  const field = useRef<HTMLInputElement>(null);
  const siblings = useSiblings(MOST_SIBLINGS + 1);
  const { listed, view } = useListed();
  const openId = openRunId.value;
  const isSearch = typed.value.trim() !== "";
  const same = new Set(siblings.runs.map(({ runId }) => runId));
  const isOther = ({ runId }: RunSummary) => runId !== openId;
  const found = view.runs.filter((run) => isEvaluation(run) && isOther(run));
  const first = isSearch
    ? found.filter(({ runId }) => same.has(runId))
    : siblings.runs.filter(isOther).slice(0, MOST_SIBLINGS);
  const others = found.filter(({ runId }) => !same.has(runId)).slice(0, MOST_OTHERS);
  const isAsking = siblings.state === "asking" || view.state === "asking";
  const isFailed = siblings.state === "failed" || view.state === "failed";
  const before = startOf(siblings.runs, openId);

  useEffect(() => (list.current === null ? undefined : walkRows(list.current, ".choose-run")), []);
  // Later than the dialog is opened, which gives the focus to its first button.
  useEffect(() => field.current?.focus(), []);
  const choose = (runId: string) => {
    close();
    go({ ...route.peek(), beside: runId });
  };
  // The run before the open one is the one that is mostly meant: Enter takes it.
  const offered = [...olderFirst(first, before), ...others];
  const next = offered[0];
  const timeText = startTexts(offered.map(({ startedAt }) => Date.parse(startedAt)));
  return (
    <Dialog label="Compare with" close={close}>
      <div class="choose">
        <div class="choose-head">
          <h2>Compare with</h2>
          <button type="button" class="button" onClick={close}>
            Close
          </button>
        </div>
        <input
          type="search"
          ref={field}
          placeholder="Find evaluations"
          aria-label="Find evaluations"
          maxLength={MOST_SEARCH_CHARS}
          value={typed.value}
          onInput={(event) => {
            typed.value = event.currentTarget.value;
            listed.type(typed.value);
          }}
          onKeyDown={(event) => {
            if (event.isComposing) return;
            if (event.key === "Enter" && next !== undefined) choose(next.runId);
            else if (event.key === "ArrowDown")
              list.current?.querySelector<HTMLElement>(".choose-run")?.focus();
            else return;
            event.preventDefault();
          }}
        />
        <div class="choose-list" ref={list}>
          <Group
            title="Runs of this evaluation"
            runs={olderFirst(first, before)}
            choose={choose}
            timeText={timeText}
          />
          <Group title="Other evaluations" runs={others} choose={choose} timeText={timeText} />
        </div>
        <p class="choose-foot" role="status" aria-label="Evaluations found">
          {isFailed
            ? "The older runs could not be read."
            : isAsking
              ? "Reading older runs…"
              : offered.length === 0
                ? "There is no other evaluation to compare with."
                : plural(offered.length, "evaluation")}
        </p>
      </div>
    </Dialog>
  );
}

function startOf(runs: readonly RunSummary[], runId: string | null): string {
  return runs.find((run) => run.runId === runId)?.startedAt ?? "";
}

/** Those that began before the open run, the newest of them first; then those that began later. */
function olderFirst(runs: readonly RunSummary[], start: string): readonly RunSummary[] {
  if (start === "") return runs;
  const older = runs.filter(({ startedAt }) => startedAt <= start);
  return [...older, ...runs.filter((run) => !older.includes(run))];
}

interface GroupProps {
  readonly title: string;
  readonly runs: readonly RunSummary[];
  readonly choose: (runId: string) => void;
  readonly timeText: (time: number) => string;
}

function Group({ choose, runs, timeText, title }: GroupProps) {
  if (runs.length === 0) return null;
  return (
    <section aria-label={title}>
      <h3 class="choose-title">{title}</h3>
      {runs.map((run) => (
        <button
          key={run.runId}
          type="button"
          class="choose-run"
          title={`${run.runId}\n${run.path}`}
          onClick={() => choose(run.runId)}
        >
          <StatusGlyph status={run.status} tally={run.tally} />
          <span class="choose-name clip">{[summaryTitle(run), run.label].filter(Boolean).join(" · ")}</span>
          <span class="num choose-tally">{tallyText(run)}</span>
          <span class="num choose-time">{timeText(Date.parse(run.startedAt))}</span>
        </button>
      ))}
    </section>
  );
}

/** As its line in the list tells of it. */
function tallyText({ status, tally }: RunSummary): string {
  if (tally === undefined) return "";
  return isTerminal(status) ? [rateText(tally) ?? [], restText(tally)].flat().join(" · ") : doneText(tally);
}

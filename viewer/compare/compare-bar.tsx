import { useSignal } from "@preact/signals";
import type { RunState } from "../../src/protocol/bundle.ts";
import { indexedBeside } from "../playback/beside.ts";
import { openRun } from "../playback/playback.ts";
import { flowNameOf, runTitle } from "../run/title.ts";
import { startTexts } from "../ui/start-text.ts";
import { formatRoute, go, isPlainClick, route } from "../ui/route.ts";
import { saveText } from "../ui/save-text.ts";
import { StatusPill } from "../ui/status-mark.tsx";
import { csvName } from "../text/csv-text.ts";
import { ChooseRun } from "./choose-run.tsx";
import type { Comparison } from "./comparison.ts";
import { comparisonCsv } from "./comparison-csv.ts";
import "./compare-bar.css";

/** Which runs are compared, from which to which, and what can be done with the comparison. */
export function CompareBar({ comparison }: { readonly comparison: Comparison | null }) {
  const isChoosing = useSignal(false);
  const right = openRun.value;
  const left = indexedBeside.value?.run ?? null;
  const timeText = startTexts([right, left].flatMap((run) => (run === null ? [] : beganAt(run))));
  return (
    <div class="compare-bar">
      <div class="compare-runs">
        <span class="compare-of">This run</span>
        {right !== null && (
          <RunTime run={right} target={comparison?.right.target ?? null} timeText={timeText} />
        )}
        <span class="compare-of">compared with</span>
        {left === null ? (
          <span>…</span>
        ) : (
          <OtherRun run={left} target={comparison?.left.target ?? null} timeText={timeText} />
        )}
        {left !== null && right !== null && flowNameOf(left) !== flowNameOf(right) && (
          <span class="compare-of">another evaluation</span>
        )}
      </div>
      <div class="compare-acts">
        <button
          type="button"
          class="button"
          title="Compare the other way round"
          disabled={left === null}
          onClick={swap}
        >
          Swap
        </button>
        <button type="button" class="button" aria-haspopup="dialog" onClick={() => (isChoosing.value = true)}>
          Other run…
        </button>
        <button
          type="button"
          class="button"
          title="Save the comparison as CSV"
          aria-label="CSV of the comparison"
          disabled={comparison === null || left === null || right === null}
          onClick={() => {
            if (comparison !== null && left !== null && right !== null) save(comparison, left, right);
          }}
        >
          CSV
        </button>
        <button type="button" class="button" onClick={closeCompare}>
          Close
        </button>
      </div>
      {isChoosing.value && <ChooseRun close={() => (isChoosing.value = false)} />}
    </div>
  );
}

interface RunProps {
  readonly run: RunState;
  /** What all of its tests were run with, where that is the same. */
  readonly target: string | null;
  readonly timeText: (time: number) => string;
}

function OtherRun({ run, target, timeText }: RunProps) {
  const { runId } = run.manifest;
  return (
    <span class="compare-run">
      <a
        class="compare-link clip"
        href={formatRoute({ runId, at: null, tab: null })}
        title={runId}
        onClick={(event) => {
          if (!isPlainClick(event)) return;
          event.preventDefault();
          go({ runId, at: null, tab: route.peek().tab });
        }}
      >
        {runTitle(run)}
      </a>
      <RunTime run={run} target={target} timeText={timeText} />
      <StatusPill status={run.status} tally={run.tally} />
    </span>
  );
}

/** Runs of one evaluation are called the same: when they began tells them apart. */
function RunTime({ run, target, timeText }: RunProps) {
  return (
    <>
      <span class="num compare-time" title={run.manifest.runId}>
        {timeText(beganAt(run))}
      </span>
      {target !== null && <span class="tag">{target}</span>}
    </>
  );
}

function beganAt({ manifest, run }: RunState): number {
  return Date.parse(run.startedAt ?? manifest.startedAt ?? "");
}

function swap(): void {
  const { beside, runId, tab } = route.peek();
  if (beside !== undefined && runId !== null) go({ runId: beside, at: null, tab, beside: runId });
}

function closeCompare(): void {
  const { at, runId, tab, test = null } = route.peek();
  go({ runId, at, tab, test });
}

function save(comparison: Comparison, left: RunState, right: RunState): void {
  const ids = [left.manifest.runId, right.manifest.runId] as const;
  saveText(csvName([flowNameOf(right), ids[0], "to", ids[1]]), comparisonCsv(comparison, ...ids), "text/csv");
}

import { computed } from "@preact/signals";
import type { RunState, RunSummary } from "../../src/protocol/bundle.ts";
import { openRun } from "../playback/playback.ts";
import { flowNameOf } from "../run/title.ts";
import { RunRow } from "./run-row.tsx";

interface Props {
  readonly choose: (runId: string) => void;
}

/** The open run where the list has no row of it: so that one sees what is open, however old it is. */
export function OpenRunRow({ choose }: Props) {
  const run = openSummary.value;
  if (run === null) return null;
  return (
    <section>
      <h2>Open</h2>
      <RunRow run={run} isOpen isStop isTwin={false} choose={choose} />
    </section>
  );
}

/** The same object for as long as the list would say the same of it. */
let last: { readonly summary: RunSummary; readonly text: string } | null = null;
const openSummary = computed(() => {
  const state = openRun.value;
  if (state === null) return null;
  const summary = summaryOf(state);
  const text = JSON.stringify(summary);
  if (last?.text !== text) last = { summary, text };
  return last.summary;
});

/** As the catalog has it, but for the folder, which an open run does not tell. */
function summaryOf(state: RunState): RunSummary {
  const { manifest, project, run, sourceType, stalledSince, status, tally } = state;
  const startedAt = manifest.startedAt ?? run.startedAt ?? "";
  const finishedAt = run.finishedAt ?? manifest.finishedAt;
  const runTitle = manifest.runTitle ?? run.runTitle;
  return {
    runId: manifest.runId,
    source: sourceType,
    flowName: flowNameOf(state),
    status,
    startedAt,
    updatedAt: run.updatedAt ?? finishedAt ?? startedAt,
    path: "",
    ...(runTitle == null ? {} : { runTitle }),
    ...(manifest.label == null ? {} : { label: manifest.label }),
    ...(run.statusDetail == null ? {} : { statusDetail: run.statusDetail }),
    ...(finishedAt == null ? {} : { finishedAt }),
    ...(stalledSince === undefined ? {} : { stalledSince }),
    ...(tally === undefined ? {} : { tally }),
    ...(project === undefined ? {} : { project }),
    ...(run.currentNode == null ? {} : { currentNode: run.currentNode }),
  };
}

import type { RunState } from "../../src/protocol/bundle.ts";
import { titleOf } from "../../src/protocol/run-words.ts";

export function flowNameOf(run: RunState): string {
  return run.manifest.flowName ?? run.run.flowName ?? run.flow?.name ?? "";
}

export function runTitle(run: RunState): string {
  return titleOf({
    runId: run.manifest.runId,
    runTitle: run.manifest.runTitle ?? run.run.runTitle,
    flowName: flowNameOf(run),
    isEvaluation: run.tally !== undefined,
  });
}

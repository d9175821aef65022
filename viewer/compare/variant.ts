import type { RunSummary } from "../../src/protocol/bundle.ts";
import { titleOf } from "../../src/protocol/run-words.ts";

/** What an evaluation is called, whatever a run of it was made with. */
export function evaluationTitle(flowName: string, runId: string): string {
  return titleOf({ flowName, runId, isEvaluation: true });
}

/** What a run's title says beside the evaluation's: mostly its model. Null where it says no more. */
export function variantOf({ flowName, runId, runTitle }: RunSummary): string | null {
  const start = `${evaluationTitle(flowName, runId)} · `;
  return runTitle?.startsWith(start) === true ? runTitle.slice(start.length) : null;
}

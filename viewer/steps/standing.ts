import type { RunView } from "../playback/as-of.ts";
import { isMoving } from "../playback/run-clock.ts";
import { isFailure } from "../timeline/spans.ts";
import type { Attempt } from "../playback/step-table.ts";

/** How a step stands as of the playhead. One that nobody finished, in a run that no longer moves, is unfinished. */
export type Standing = "running" | "unfinished" | "waiting" | "failed" | "done";

export function standingOf(attempt: Attempt, current: RunView): Standing {
  const { count, table } = current.steps;
  const isLast = table.lineOf(count - 1) === attempt.line;
  // Who waits for a person waits on after the step itself is over.
  if (isLast && current.status === "waiting" && attempt.nodeId === current.currentNode) return "waiting";
  if (attempt.finishedAt === null) return isMoving(current.status) ? "running" : "unfinished";
  return hasFailed(attempt) ? "failed" : "done";
}

/** A turn that a person broke off, or after which something else came, is no failure. */
function hasFailed({ nodeType, outcome }: Attempt): boolean {
  return nodeType === "turn" ? outcome === "failed" : isFailure(outcome);
}

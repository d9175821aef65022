import type { RunSummary } from "./bundle.ts";

/** The order of every list of runs; of two that began together, the same one is always first. */
export function newestFirst(left: RunSummary, right: RunSummary): number {
  if (left.startedAt !== right.startedAt) return left.startedAt < right.startedAt ? 1 : -1;
  if (left.runId === right.runId) return 0;
  return left.runId < right.runId ? 1 : -1;
}

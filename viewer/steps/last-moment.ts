import type { Attempt, StepTable } from "../timeline/step-table.ts";

/**
 * Where to look at a step that is over: at its end, when its outcome was known
 * and all of it was said. Where the next one began within the same millisecond,
 * there is no moment that has the outcome and not the next step; then it is the
 * one before, since who chose a step wants to see that step. Its outcome is one
 * key away. Where that would not lead to it either, because it took no time or
 * others ran beside it, the outcome counts for more.
 */
export function lastMomentOf(table: StepTable, attempt: Attempt): number | null {
  const { finishedAt, line, startedAt } = attempt;
  if (finishedAt === null) return null;
  const isLastAt = (at: number) => table.lineOf(table.begunBy(at) - 1) === line;
  const before = finishedAt - 1;
  return !isLastAt(finishedAt) && before >= startedAt && isLastAt(before) ? before : finishedAt;
}

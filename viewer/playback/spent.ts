import type { RunIndex } from "./run-index.ts";
import { addedUp, type Spent } from "./spent-table.ts";

/** What all agents of a run had spent at `at`; null while a part of that is not known yet. */
export function spentAt(index: RunIndex, at: number): Spent | null {
  const sessions = [...index.timedSessions()];
  if (sessions.some((session) => !session.isWhole)) return null;
  const { isWhole, table } = index.trace;
  if (index.isEvaluation && !isWhole) return null;
  return addedUp([table.tests.spent.by(at), ...sessions.map((session) => session.table.spent.by(at))]);
}

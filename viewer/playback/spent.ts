import type { RunIndex } from "./run-index.ts";
import { addedUp, type Spent } from "./spent-table.ts";

/** What all agents of a run had spent at `at`; null while a part of that is not known yet. */
export function spentAt(index: RunIndex, at: number): Spent | null {
  const sessions = [...index.sessions()];
  if (sessions.some((session) => !session.isWhole)) return null;
  return addedUp(sessions.map(({ table }) => table.spent.by(at)));
}

import { computed } from "@preact/signals";
import { indexed, moment } from "./playback.ts";
import type { RunIndex } from "./run-index.ts";
import { addedUp, type Spent } from "./spent-table.ts";

/** What all agents of a run had spent at `at`; null while a part of that is not known yet. */
export function spentAt(index: RunIndex, at: number): Spent | null {
  const sessions = [...index.sessions()];
  if (sessions.some((session) => !session.isWhole)) return null;
  return addedUp(sessions.map(({ table }) => table.spent.by(at)));
}

/** The same as of the playhead; the very object it was for as long as nothing is added. */
let last: Spent | null = null;
export const spent = computed(() => {
  const known = indexed.value;
  const next = known === null ? null : spentAt(known.index, moment.value);
  if (JSON.stringify(next) !== JSON.stringify(last)) last = next;
  return last;
});

import { computed } from "@preact/signals";
import { indexed, moment } from "./playback.ts";
import { spentAt } from "./spent.ts";
import type { Spent } from "./spent-table.ts";

/** What had been spent as of the playhead; the very object it was for as long as nothing is added. */
let last: Spent | null = null;
export const spent = computed(() => {
  const known = indexed.value;
  const next = known === null ? null : spentAt(known.index, moment.value);
  if (JSON.stringify(next) !== JSON.stringify(last)) last = next;
  return last;
});

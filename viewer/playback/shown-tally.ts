import { computed } from "@preact/signals";
import type { Tally } from "../../src/protocol/tally.ts";
import { isSameTally } from "../../src/protocol/tally.ts";
import { openRun, view } from "./playback.ts";
import { baselineAt, tallyAt } from "./tally-at.ts";

/** The tally as of the playhead; the very object it was for as long as it says the same. */
let last: Tally | null = null;
export const shownTally = computed((): Tally | null => {
  const run = openRun.value;
  const current = view.value;
  const next = run === null || current === null ? null : tallyAt(run, current.steps);
  if (last === null || next === null || !isSameTally(last, next)) last = next;
  return last;
});

/** The same of its baseline. */
let lastBaseline: Tally | null = null;
export const shownBaseline = computed((): Tally | null => {
  const next = view.value === null ? null : baselineAt(view.value.steps);
  if (lastBaseline === null || next === null || !isSameTally(lastBaseline, next)) lastBaseline = next;
  return lastBaseline;
});

import { batch, computed, signal } from "@preact/signals";
import { attemptAt } from "../playback/as-of.ts";
import { jumps, jumpToLive, life, plays, seekTo, view } from "../playback/playback.ts";
import type { Attempt } from "../timeline/step-table.ts";
import { isSameData } from "../ui/same-data.ts";

/**
 * The attempt whose details are shown, and how it is known: it follows from the
 * playhead, unless somebody chose one. A choice lasts until they go elsewhere or
 * play on, and no longer than its line means the same attempt.
 */

interface Choice {
  readonly life: typeof life.value;
  /** The line of the trace that the chosen attempt began with. */
  readonly line: number;
  /** How often one had gone elsewhere by then. */
  readonly jumps: number;
  /** How often one had played on by then. */
  readonly plays: number;
}

const choice = signal<Choice | null>(null);

export interface ChosenStep {
  /** Its place in the step table. */
  readonly index: number;
  /** As of the playhead. */
  readonly attempt: Attempt;
  /** Somebody chose it; otherwise the playhead did. */
  readonly isChosen: boolean;
  /** Without a choice it would be another. */
  readonly isElsewhere: boolean;
}

/** The same object for as long as it says the same, however the playhead moves. */
let last: ChosenStep | null = null;
export const chosenStep = computed((): ChosenStep | null => {
  const next = chosenNow();
  if (!isSameData(last, next)) last = next;
  return last;
});

function chosenNow(): ChosenStep | null {
  const steps = view.value?.steps;
  if (steps === undefined || steps.extent === "none" || steps.count === 0) return null;
  const { count, endedAt, table } = steps;
  const made = choice.value;
  const chosen = made !== null && stands(made) ? table.attemptOfLine(made.line) : null;
  const running = endedAt === null ? table.runningAt(steps.at) : null;
  const followed = Math.min(running ?? count - 1, count - 1);
  if (chosen === null || chosen >= count)
    return { index: followed, attempt: attemptAt(steps, followed), isChosen: false, isElsewhere: false };
  const isElsewhere = chosen !== followed;
  return { index: chosen, attempt: attemptAt(steps, chosen), isChosen: true, isElsewhere };
}

function stands(made: Choice): boolean {
  return made.life === life.value && made.jumps === jumps.value && made.plays === plays.value;
}

/**
 * Goes to the end of the attempt that began with this line of the trace, when its
 * outcome was known and all of it was said; one that goes on is shown at the edge.
 * The next one may have begun in the same millisecond: the choice says which is meant.
 */
export function chooseLine(line: number): void {
  const steps = view.peek()?.steps;
  const index = steps?.table.attemptOfLine(line) ?? null;
  if (steps === undefined || index === null) return;
  const attempt = steps.table.attempt(index, Number.POSITIVE_INFINITY, steps.endedAt);
  batch(() => {
    if (attempt.finishedAt === null) jumpToLive();
    else seekTo(attempt.finishedAt);
    chooseHere(line);
  });
}

/** Chooses the attempt that began with this line of the trace, and stays at the moment that is looked at. */
export function chooseHere(line: number): void {
  choice.value = { life: life.peek(), line, jumps: jumps.peek(), plays: plays.peek() };
}

/** Back to what the playhead says. */
export function letGoOfChoice(): void {
  choice.value = null;
}

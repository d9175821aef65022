import { computed, signal } from "@preact/signals";
import { isEvaluation } from "./evaluation.ts";
import { jumps, life, plays } from "./playback.ts";

/**
 * The attempt that somebody chose, by the line of the trace that it began with. A
 * choice lasts until they go elsewhere or play on, and no longer than its line
 * means the same attempt. In an evaluation the playhead names no test, since many run
 * beside each other: there a choice lasts until another is made.
 */

interface Choice {
  readonly life: typeof life.value;
  readonly line: number;
  /** How often one had gone elsewhere by then. */
  readonly jumps: number;
  /** How often one had played on by then. */
  readonly plays: number;
}

const choice = signal<Choice | null>(null);

/** Null while nothing is chosen. */
export const chosenLine = computed(() => {
  const made = choice.value;
  return made !== null && stands(made) ? made.line : null;
});

function stands(made: Choice): boolean {
  if (made.life !== life.value) return false;
  return isEvaluation.value || (made.jumps === jumps.value && made.plays === plays.value);
}

/** Chooses the attempt that began with this line of the trace, and stays at the moment that is looked at. */
export function chooseHere(line: number): void {
  choice.value = { life: life.peek(), line, jumps: jumps.peek(), plays: plays.peek() };
}

/** Back to what the playhead says. */
export function letGoOfChoice(): void {
  choice.value = null;
}

import type { SessionTable } from "./session-table.ts";
import { NOWHERE } from "./columns.ts";
import type { Prompts, StepTable } from "./step-table.ts";

/** Prompts are noted a moment before the session hears them, but by another clock: it may say a moment after. */
const TOLERANCE_MS = 250;

interface Turn {
  /** The line of its prompt within the session. */
  readonly line: number;
  readonly at: number;
}

/**
 * Which attempt each turn of a session belonged to: the one that noted the
 * turn's prompt. Of all there is to know, so that a turn is called the same
 * whatever moment is looked at.
 */
export class TurnSteps {
  #prompts: Prompts | null = null;
  #turns: SessionTable | null = null;
  #known = [0, 0];
  #paired: Uint32Array = new Uint32Array();

  /** The attempt that a turn belonged to, or null. */
  of(sessionId: string, turn: Turn, steps: StepTable, turns: SessionTable): number | null {
    const prompts = steps.promptsOf(sessionId);
    if (prompts === null) return null;
    const place = turns.turnsBefore(turn.line + 1) - 1;
    const isTurn = turns.turnLine(place) === turn.line;
    const own = isTurn ? (this.#pairs(prompts, turns)[place] ?? NOWHERE) : NOWHERE;
    // Who asked nothing that was noted goes on with what was asked before.
    const prompt = own === NOWHERE ? prompts.times.upTo(turn.at) - 1 : own;
    return prompt < 0 ? null : prompts.attempts.at(prompt);
  }

  #pairs(prompts: Prompts, turns: SessionTable): Uint32Array {
    const known = [prompts.times.length, turns.turnCount];
    const isSame =
      prompts === this.#prompts &&
      turns === this.#turns &&
      known.every((count, index) => count === this.#known[index]);
    if (!isSame) this.#paired = pairsOf(prompts, turns);
    this.#prompts = prompts;
    this.#turns = turns;
    this.#known = known;
    return this.#paired;
  }
}

/** For each turn its prompt: the last one before it, else the first within the tolerance; and no prompt twice. */
function pairsOf({ times }: Prompts, turns: SessionTable): Uint32Array {
  const pairs = new Uint32Array(turns.turnCount).fill(NOWHERE);
  let free = 0;
  let next = 0;
  for (let turn = 0; turn < pairs.length; turn += 1) {
    const at = turns.turnTime(turn);
    while (times.at(next) <= at) next += 1;
    const isAfter = next <= free;
    const prompt = isAfter ? free : next - 1;
    if (isAfter && !(times.at(prompt) <= at + TOLERANCE_MS)) continue;
    pairs[turn] = prompt;
    free = prompt + 1;
  }
  return pairs;
}

import type { Log } from "../../src/protocol/log.ts";

/**
 * What a log adds up to from line `from` on, at any of its lengths.
 *
 * States are immutable values, so a few of them are kept: one every `EVERY`
 * lines, the furthest, and the past last asked for. Going on costs the new
 * lines; going back costs at most `EVERY`. Holes are passed over. Every line
 * between must be held.
 */
export class LogFold<Entry, State> {
  static readonly EVERY = 256;

  readonly from: number;
  readonly #step: (state: State, entry: Entry, line: number) => State;
  /** After each `EVERY` lines; the first is the state before any. */
  readonly #kept: State[];
  #furthest: { length: number; state: State };
  #recent: { length: number; state: State };

  constructor(from: number, initial: State, step: (state: State, entry: Entry, line: number) => State) {
    this.from = from;
    this.#step = step;
    this.#kept = [initial];
    this.#furthest = { length: from, state: initial };
    this.#recent = this.#furthest;
  }

  /** The state when the log, of which this is a fold, has `length` lines. */
  at(log: Log<Entry>, length: number): State {
    const start = this.#nearest(length);
    let { state } = start;
    for (let line = start.length; line < length; line += 1) {
      const entry = log.at(line);
      if (entry !== undefined) state = this.#step(state, entry, line);
      const done = line + 1 - this.from;
      if (done % LogFold.EVERY === 0) this.#kept[done / LogFold.EVERY] = state;
    }
    const reached = { length, state };
    // A past that is asked for again and again keeps its place while the log grows.
    if (length < this.#furthest.length) this.#recent = reached;
    else this.#furthest = reached;
    return state;
  }

  #nearest(length: number): { length: number; state: State } {
    if (this.#furthest.length <= length) return this.#furthest;
    const block = Math.floor((length - this.from) / LogFold.EVERY);
    const start = { length: this.from + block * LogFold.EVERY, state: this.#kept[block]! };
    return this.#recent.length <= length && this.#recent.length > start.length ? this.#recent : start;
  }
}

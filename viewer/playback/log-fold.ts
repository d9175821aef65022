import type { Log } from "../../src/protocol/log.ts";

/**
 * What a log adds up to, at any of its lengths.
 *
 * States are immutable values, so a few of them are kept: one every `EVERY`
 * entries, the furthest, and the past last asked for. Going on costs the new
 * entries; going back costs at most `EVERY`.
 */
export class LogFold<Entry, State> {
  static readonly EVERY = 256;

  readonly #initial: State;
  readonly #step: (state: State, entry: Entry, index: number) => State;
  #kept: State[] = [];
  #furthest: { length: number; state: State };
  #recent: { length: number; state: State };
  #first: Entry | undefined = undefined;
  #lastSeen: Entry | undefined = undefined;

  constructor(initial: State, step: (state: State, entry: Entry, index: number) => State) {
    this.#initial = initial;
    this.#step = step;
    this.#furthest = { length: 0, state: initial };
    this.#recent = this.#furthest;
  }

  at(log: Log<Entry>): State {
    const known = Math.min(this.#furthest.length, log.length);
    // The furthest entry tells a continuation; a shorter log may be a past of it or another log.
    if (known === this.#furthest.length && log.at(known - 1) !== this.#lastSeen) this.#restart();
    else if (log.length > 0 && log.at(0) !== this.#first && this.#furthest.length > 0) this.#restart();
    const from = this.#nearest(log.length);
    let { state } = from;
    for (let index = from.length; index < log.length; index += 1) {
      const entry = log.at(index);
      if (entry === undefined) break;
      if (index === 0) this.#first = entry;
      state = this.#step(state, entry, index);
      if ((index + 1) % LogFold.EVERY === 0) this.#kept[(index + 1) / LogFold.EVERY - 1] = state;
    }
    const reached = { length: log.length, state };
    // A past that is asked for again and again keeps its place while the log grows.
    if (reached.length < this.#furthest.length) this.#recent = reached;
    else {
      this.#furthest = reached;
      this.#lastSeen = log.last();
    }
    return state;
  }

  #nearest(length: number): { length: number; state: State } {
    if (this.#furthest.length <= length) return this.#furthest;
    const block = Math.floor(length / LogFold.EVERY);
    const kept = block === 0 ? this.#initial : this.#kept[block - 1];
    const start =
      kept === undefined
        ? { length: 0, state: this.#initial }
        : { length: block * LogFold.EVERY, state: kept };
    return this.#recent.length <= length && this.#recent.length > start.length ? this.#recent : start;
  }

  #restart(): void {
    this.#kept = [];
    this.#furthest = { length: 0, state: this.#initial };
    this.#recent = this.#furthest;
    this.#lastSeen = undefined;
    this.#first = undefined;
  }
}

import type { Log } from "../../src/protocol/log.ts";

/**
 * When each entry of a log became known, for binary search.
 *
 * Times never go down: an entry counts as known no earlier than the one before
 * it, and an entry without a readable time takes the time of the one before.
 * So what was known at T is always a prefix of the log.
 *
 * The index grows with the log at the cost of the new entries. A log that is not
 * a continuation of the one it knows (a new snapshot) starts it over.
 */
export class TimeIndex<T> {
  readonly #timeOf: (entry: T) => string | null | undefined;
  #times = new Float64Array(64);
  #length = 0;
  #lastSeen: T | undefined = undefined;

  constructor(timeOf: (entry: T) => string | null | undefined) {
    this.#timeOf = timeOf;
  }

  get length(): number {
    return this.#length;
  }

  extend(log: Log<T>): void {
    if (log.length < this.#length || log.at(this.#length - 1) !== this.#lastSeen) this.#length = 0;
    if (log.length === this.#length) return;
    this.#reserve(log.length);
    let latest = this.at(this.#length - 1);
    for (let index = this.#length; index < log.length; index += 1) {
      const entry = log.at(index);
      const time = entry === undefined ? Number.NaN : Date.parse(this.#timeOf(entry) ?? "");
      if (time > latest) latest = time;
      this.#times[index] = latest;
    }
    this.#length = log.length;
    this.#lastSeen = log.last();
  }

  /** When entry `index` was known; before the first one, always. */
  at(index: number): number {
    if (index < 0 || index >= this.#length) return Number.NEGATIVE_INFINITY;
    return this.#times[index] ?? Number.NEGATIVE_INFINITY;
  }

  latest(): number {
    return this.at(this.#length - 1);
  }

  /** How many entries were known at `time`, those of that very moment included. */
  knownAt(time: number): number {
    return this.#firstWhere((known) => known > time);
  }

  /** How many entries were known before `time`. */
  knownBefore(time: number): number {
    return this.#firstWhere((known) => known >= time);
  }

  #firstWhere(isPast: (known: number) => boolean): number {
    let low = 0;
    let high = this.#length;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if (isPast(this.at(middle))) high = middle;
      else low = middle + 1;
    }
    return low;
  }

  #reserve(length: number): void {
    if (length <= this.#times.length) return;
    const grown = new Float64Array(Math.max(length, this.#times.length * 2));
    grown.set(this.#times.subarray(0, this.#length));
    this.#times = grown;
  }
}

import type { Clock } from "../../src/clock.ts";

interface Waiting {
  readonly at: number;
  readonly order: number;
  readonly task: () => void;
}

/** A clock that stands still until a test turns the crank. */
export class ManualClock implements Clock {
  #now: number;
  #order = 0;
  readonly #waiting = new Set<Waiting>();

  constructor(start = 1_000_000) {
    this.#now = start;
  }

  now(): number {
    return this.#now;
  }

  passed(): number {
    return this.#now;
  }

  after(ms: number, task: () => void): () => void {
    const waiting = { at: this.#now + Math.max(0, ms), order: this.#order++, task };
    this.#waiting.add(waiting);
    return () => this.#waiting.delete(waiting);
  }

  /** How many tasks wait: what keeps no timer keeps this at 0. */
  get waiting(): number {
    return this.#waiting.size;
  }

  /** Moves time on by `ms`, running what falls due in order of its time. */
  advance(ms: number): void {
    const until = this.#now + ms;
    for (let next = this.#next(until); next !== undefined; next = this.#next(until)) {
      this.#waiting.delete(next);
      this.#now = Math.max(this.#now, next.at);
      next.task();
    }
    this.#now = until;
  }

  #next(until: number): Waiting | undefined {
    let first: Waiting | undefined;
    for (const waiting of this.#waiting) {
      if (waiting.at > until) continue;
      if (!first || waiting.at < first.at || (waiting.at === first.at && waiting.order < first.order)) {
        first = waiting;
      }
    }
    return first;
  }
}

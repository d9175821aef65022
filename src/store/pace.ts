import type { Clock } from "../clock.ts";

/**
 * When a patch may be closed: at once after a quiet time, and on a busy topic no
 * more often than once an interval.
 *
 * The schedule is kept, not the distance to the last flush: a flush may come up
 * to half an interval early and pays for it at the next one. Otherwise a producer
 * that writes once an interval would be delayed by its own jitter, for ever.
 */
export class Pace {
  readonly #intervalMs: number;
  readonly #clock: Clock;
  readonly #flush: () => void;
  #dueAt = Number.NEGATIVE_INFINITY;
  #cancel: (() => void) | undefined;

  constructor(intervalMs: number, clock: Clock, flush: () => void) {
    this.#intervalMs = intervalMs;
    this.#clock = clock;
    this.#flush = flush;
  }

  /** Something waits to be flushed. */
  request(): void {
    if (this.#cancel !== undefined) return;
    const wait = this.#dueAt - this.#intervalMs / 2 - this.#clock.passed();
    // Never within this call: what arrives together leaves together.
    this.#cancel = this.#clock.after(Math.max(0, wait), () => this.#run());
  }

  stop(): void {
    this.#cancel?.();
    this.#cancel = undefined;
  }

  #run(): void {
    this.#cancel = undefined;
    this.#dueAt = Math.max(this.#dueAt, this.#clock.passed()) + this.#intervalMs;
    this.#flush();
  }
}

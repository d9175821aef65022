import type { Clock } from "../clock.ts";

/** A clock on which every wait is over the next time that it is looked at: who reads once cannot come again. */
export class Impatience implements Clock {
  #passed = 0;

  now(): number {
    return Date.now();
  }

  passed(): number {
    this.#passed += 60_000;
    return this.#passed;
  }

  after(): () => void {
    return () => undefined;
  }
}

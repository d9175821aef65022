import type { Clock } from "../clock.ts";

/**
 * When a run's writer was last known to be alive.
 *
 * The first look can only go by the files' time stamps. After it a newer stamp
 * means that something was written since the last look, whatever the stamp says:
 * copies keep old ones, and another machine's clock can run ahead or behind.
 */
export class SignsOfLife {
  readonly #clock: Clock;
  #newest = 0;
  #at = 0;

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /** Takes in the newest stamp of the run's files (ms since the epoch); gives the time of the last sign. */
  note(newest: number): number {
    if (newest === this.#newest) return this.#at;
    const now = this.#clock.now();
    // Stamps that went back were set so, or are another copy's: again they are all there is to go by.
    const isFirst = this.#newest === 0 || newest < this.#newest;
    this.#at = isFirst ? Math.min(newest, now) : now;
    this.#newest = newest;
    return this.#at;
  }
}

import { setTimeout as rest } from "node:timers/promises";

/** So long the background works at a time. */
const WORK_MS = 8;

/**
 * Holds work in the background back: after each stretch of it the same time belongs to others. By the
 * real clock, since it is about this process alone.
 */
export class Pace {
  #since = performance.now();
  readonly #isInHaste: () => boolean;

  /** `isInHaste`: others wait for files right now, so that the background waits until they have them. */
  constructor(isInHaste: () => boolean) {
    this.#isInHaste = isInHaste;
  }

  async breathe(): Promise<void> {
    const worked = performance.now() - this.#since;
    if (worked < WORK_MS && !this.#isInHaste()) return;
    await rest(Math.min(worked, 50));
    // Not for ever: there may always be somebody.
    for (let waits = 0; waits < 5 && this.#isInHaste(); waits += 1) {
      await rest(WORK_MS);
    }
    this.#since = performance.now();
  }
}

const FIRST_MS = 5000;
const LONGEST_MS = 60_000;

/** Runs a task after a while; the result cancels it. */
export type After = (ms: number, task: () => void) => () => void;

/**
 * Does again what failed though it was understood: after a few seconds, then
 * ever more seldom, since what is in its way goes away slowly or never.
 */
export class SlowRetry {
  readonly #after: After;
  readonly #again: () => void;
  #failures = 0;
  #cancel = () => {};

  constructor(after: After, again: () => void) {
    this.#after = after;
    this.#again = again;
  }

  failed(): void {
    this.#cancel();
    this.#cancel = this.#after(
      Math.min(LONGEST_MS, FIRST_MS * 2 ** Math.min(30, this.#failures)),
      this.#again,
    );
    this.#failures += 1;
  }

  /** It is done again now, for another reason than that it was time. */
  overtaken(): void {
    this.#cancel();
  }

  reset(): void {
    this.#cancel();
    this.#failures = 0;
  }
}

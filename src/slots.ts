/**
 * Lets a few tasks be under way at a time, the others in turn. A task is under
 * way until it says so: an answer of megabytes is, until it has been taken.
 */
export class Slots {
  readonly #atOnce: number;
  #busy = 0;
  readonly #waiting: (() => void)[] = [];

  constructor(atOnce: number) {
    this.#atOnce = atOnce;
  }

  async take<Result>(task: () => Promise<Result>): Promise<Result> {
    if (this.#busy >= this.#atOnce) await new Promise<void>((resolve) => this.#waiting.push(resolve));
    else this.#busy += 1;
    try {
      return await task();
    } finally {
      // The slot goes on to the next one without becoming free.
      const next = this.#waiting.shift();
      if (next === undefined) this.#busy -= 1;
      else next();
    }
  }
}

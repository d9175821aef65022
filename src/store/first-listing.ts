/**
 * Questions for runs that are not found yet while runs are listed for the first time: nobody is told that
 * a run is gone that only was not met so far. Each waits until its run is met, or all that are listed first were.
 */
export class FirstListing {
  #isOver = false;
  readonly #waiting = new Map<string, (() => void)[]>();

  async met(id: string): Promise<void> {
    if (this.#isOver) return;
    await new Promise<void>((resolve) => {
      const others = this.#waiting.get(id) ?? [];
      this.#waiting.set(id, [...others, resolve]);
    });
  }

  meet(id: string): void {
    for (const resolve of this.#waiting.get(id) ?? []) resolve();
    this.#waiting.delete(id);
  }

  /** Whoever waits yet waits for nothing. */
  end(): void {
    this.#isOver = true;
    for (const id of this.#waiting.keys()) this.meet(id);
  }
}

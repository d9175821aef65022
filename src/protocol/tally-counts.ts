import { type Tally, tallyFrom, type TestState } from "./tally.ts";

/** How many test cases stand how, kept at the cost of each change, however many there are. */
export class TallyCounts {
  #counts: Record<TestState, number> = { passed: 0, failed: 0, error: 0, skipped: 0 };

  /** A test case has another result; undefined: it had none before. */
  move(before: TestState | undefined, now: TestState): void {
    if (before !== undefined) this.#counts[before] -= 1;
    this.#counts[now] += 1;
  }

  clear(): void {
    this.#counts = { passed: 0, failed: 0, error: 0, skipped: 0 };
  }

  get counts(): Readonly<Record<TestState, number>> {
    return this.#counts;
  }

  tally(planned: number): Tally {
    return tallyFrom(this.#counts, planned);
  }
}

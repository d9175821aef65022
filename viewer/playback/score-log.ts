import { TEST_STATES, type TestState } from "../../src/protocol/tally.ts";
import { Floats, Ints } from "./columns.ts";

/** How many test cases stand how. */
export type Counts = Readonly<Record<TestState, number>>;

/**
 * The results of an evaluation in the order in which they were told, and how all its tests
 * stood after each. Of a test case its newest attempt that has a result counts, so while
 * it is run again its earlier result does.
 */
export class ScoreLog {
  readonly #times = new Floats();
  readonly #states = new Ints();
  readonly #counts = { passed: new Ints(), failed: new Ints(), error: new Ints(), skipped: new Ints() };
  readonly #standing = new Map<number, { readonly step: number; readonly state: TestState }>();

  add(at: number, node: number, step: number, state: TestState): void {
    const before = this.#standing.get(node);
    const counts = before === undefined || step >= before.step;
    if (counts) this.#standing.set(node, { step, state });
    const last = this.length - 1;
    for (const each of TEST_STATES) {
      const count = last < 0 ? 0 : this.#counts[each].at(last);
      const less = counts && before?.state === each ? 1 : 0;
      const more = counts && state === each ? 1 : 0;
      this.#counts[each].push(count - less + more);
    }
    this.#times.push(at);
    this.#states.push(TEST_STATES.indexOf(state));
  }

  get length(): number {
    return this.#times.length;
  }

  /** How many had been told by a moment. */
  by(at: number): number {
    return this.#times.upTo(at);
  }

  before(at: number): number {
    return this.#times.before(at);
  }

  /** Null where there is none. */
  timeOf(place: number): number | null {
    const time = this.#times.at(place);
    return Number.isNaN(time) ? null : time;
  }

  stateOf(place: number): TestState {
    return TEST_STATES[this.#states.at(place)] ?? "error";
  }

  /** After so many of them. */
  countsAfter(told: number): Counts {
    const count = (state: TestState) => (told === 0 ? 0 : this.#counts[state].at(told - 1));
    return {
      passed: count("passed"),
      failed: count("failed"),
      error: count("error"),
      skipped: count("skipped"),
    };
  }
}

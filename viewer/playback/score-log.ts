import { type Counted, type Counts, tallyBy, UNCOUNTED } from "../../src/protocol/counting.ts";
import { type Tally, TEST_STATES, type TestState } from "../../src/protocol/tally.ts";
import { Floats, Ints } from "./columns.ts";

/**
 * The results of an evaluation in the order in which they were told, and how all its tests
 * stood after each. Of a test case its newest attempt that has a result counts, so while
 * it is run again its earlier result does. Beside them stands what the producer counted otherwise.
 * Those of a baseline are told with the others, and counted by themselves.
 */
export class ScoreLog {
  readonly #times = new Floats();
  readonly #states = new Ints();
  readonly #counts = noCounts();
  readonly #baseline = noCounts();
  readonly #standing = new Map<number, { readonly step: number; readonly state: TestState }>();

  /** What was counted of the whole run, and when that was known. */
  readonly #countedTimes = new Floats();
  readonly #counted: Counted[] = [];
  /** When it turned the pass rate: a plan does not. */
  readonly #sumTimes = new Floats();

  counted(at: number, counted: Counted): void {
    if ((counted.sums ?? this.#counted.at(-1)?.sums ?? null) !== null) this.#sumTimes.push(at);
    this.#countedTimes.push(at);
    this.#counted.push(counted);
  }

  /** How all tests stood at a moment. */
  tallyBy(at: number): Tally {
    const counted = this.#counted[this.#countedTimes.upTo(at) - 1] ?? UNCOUNTED;
    return tallyBy(counted, countsAfter(this.#counts, this.by(at)));
  }

  /** The same of the baseline's tests; null while none of them has a result. */
  baselineBy(at: number): Tally | null {
    const tally = tallyBy(UNCOUNTED, countsAfter(this.#baseline, this.by(at)));
    return tally.done === 0 ? null : tally;
  }

  /** When the pass rate as of a moment became what it was; null where nothing was known of it. */
  turnBy(at: number): number | null {
    return this.#turn(this.#sumTimes.upTo(at), this.by(at));
  }

  /** The same before that moment. */
  turnBefore(at: number): number | null {
    return this.#turn(this.#sumTimes.before(at), this.before(at));
  }

  /** The moments from one to another, that one too, at which the tests were summed up. */
  sumsWithin(from: number, to: number): readonly number[] {
    const first = this.#sumTimes.before(from);
    const count = this.#sumTimes.upTo(to) - first;
    return Array.from({ length: Math.max(0, count) }, (_, place) => this.#sumTimes.at(first + place));
  }

  add(at: number, node: number, step: number, state: TestState, isBaseline = false): void {
    const before = this.#standing.get(node);
    const counts = before === undefined || step >= before.step;
    if (counts) this.#standing.set(node, { step, state });
    const last = this.length - 1;
    for (const each of TEST_STATES) {
      const less = counts && before?.state === each ? 1 : 0;
      const more = counts && state === each ? 1 : 0;
      for (const list of [this.#counts[each], this.#baseline[each]]) {
        const isMoved = (list === this.#baseline[each]) === isBaseline;
        list.push((last < 0 ? 0 : list.at(last)) + (isMoved ? more - less : 0));
      }
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

  #turn(summed: number, told: number): number | null {
    const times = [this.#sumTimes.at(summed - 1), this.#times.at(told - 1)].filter(
      (time) => !Number.isNaN(time),
    );
    return times.length === 0 ? null : Math.max(...times);
  }
}

type CountLists = Readonly<Record<TestState, Ints>>;

function noCounts(): CountLists {
  return { passed: new Ints(), failed: new Ints(), error: new Ints(), skipped: new Ints() };
}

/** After so many results. */
function countsAfter(lists: CountLists, told: number): Counts {
  const count = (state: TestState) => (told === 0 ? 0 : lists[state].at(told - 1));
  return {
    passed: count("passed"),
    failed: count("failed"),
    error: count("error"),
    skipped: count("skipped"),
  };
}

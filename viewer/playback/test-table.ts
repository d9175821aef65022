import type { OutlineResult, OutlineTest } from "../../src/protocol/outline.ts";
import { Floats, Ints } from "./columns.ts";
import { ScoreLog } from "./score-log.ts";
import { SpentTable } from "./spent-table.ts";

/** One attempt at a test case, as of a moment. */
export interface TestAttempt {
  /** Its place in the step table. */
  readonly step: number;
  readonly test: OutlineTest;
  /** Null while it runs. */
  readonly result: OutlineResult | null;
}

/** The results of one attempt, the newest last. Mostly there is one. */
type Results = { readonly at: number; readonly result: OutlineResult }[];

/**
 * The test cases among the attempts of a run. An attempt is known by its place in
 * the step table; one that is no test is not here.
 */
export class TestTable {
  readonly #tests = new Map<number, OutlineTest>();
  readonly #results = new Map<number, Results>();
  /** Of each test case, by its node's code: its attempts, in the order of their start. */
  readonly #attempts = new Map<number, number[]>();
  /** Whatever began or ended: when that was known, and of which attempt. */
  readonly #changeTimes = new Floats();
  readonly #changed = new Ints();

  readonly #nodes = new Map<number, number>();
  /** All results, as they were told. */
  readonly scores = new ScoreLog();
  /** What the tests took, as their results tell. */
  readonly spent = new SpentTable();
  #cost = 0;

  begin(step: number, node: number, at: number, test: OutlineTest): void {
    this.#tests.set(step, test);
    this.#nodes.set(step, node);
    this.#change(step, at);
    const attempts = this.#attempts.get(node);
    if (attempts === undefined) this.#attempts.set(node, [step]);
    else attempts.push(step);
  }

  end(step: number | undefined, at: number, result: OutlineResult): void {
    if (step === undefined || !this.#tests.has(step)) return;
    this.#change(step, at);
    const results = this.#results.get(step);
    const before = results?.at(-1)?.result;
    if (results === undefined) this.#results.set(step, [{ at, result }]);
    else results.push({ at, result });
    this.scores.add(at, this.#nodes.get(step) ?? step, step, result.state);
    this.#spend(at, before, result);
  }

  /** A result that is told anew stands for the one before it. */
  #spend(at: number, before: OutlineResult | undefined, { costUsd, tokens }: OutlineResult): void {
    if (tokens !== null) this.spent.addTokens(at, tokens - (before?.tokens ?? 0));
    if (costUsd === null) return;
    this.#cost += costUsd - (before?.costUsd ?? 0);
    this.spent.addCost(at, this.#cost, "USD");
  }

  get isEmpty(): boolean {
    return this.#tests.size === 0;
  }

  /** By its node's code. */
  testCases(): Iterable<number> {
    return this.#attempts.keys();
  }

  /** The attempts at a test case, in the order of their start. */
  attemptsAt(node: number): readonly number[] {
    return this.#attempts.get(node) ?? [];
  }

  /** How many changes were known by `at`. Between two moments nothing is another but what changed between them. */
  changesBy(at: number): number {
    return this.#changeTimes.upTo(at);
  }

  /** The attempt that a change was of. */
  changedBy(change: number): number {
    return this.#changed.at(change);
  }

  testOf(step: number): OutlineTest | null {
    return this.#tests.get(step) ?? null;
  }

  /** What was known at `at` of what an attempt came to; null while it ran. */
  resultBy(step: number, at: number): OutlineResult | null {
    return this.#results.get(step)?.findLast((each) => each.at <= at)?.result ?? null;
  }

  /**
   * The newest attempt at each test case that `count` attempts hold, in the order in which the test
   * cases were first begun; its result as of `at`.
   */
  *newest(count: number, at: number): Iterable<TestAttempt> {
    for (const attempts of this.#attempts.values()) {
      const step = attempts.findLast((each) => each < count);
      const test = step === undefined ? undefined : this.#tests.get(step);
      if (step !== undefined && test !== undefined) yield { step, test, result: this.resultBy(step, at) };
    }
  }

  #change(step: number, at: number): void {
    this.#changeTimes.push(at);
    this.#changed.push(step);
  }
}

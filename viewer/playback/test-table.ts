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
const NO_RESULTS: Results = [];

/**
 * The test cases among the attempts of a run. An attempt is known by its place in
 * the step table; one that is no test is not here.
 */
export class TestTable {
  readonly #tests = new Map<number, OutlineTest>();
  readonly #results = new Map<number, Results>();
  readonly #nodes = new Map<number, number>();
  /** Of each test case, by its node's code: its attempts, in the order of their start. */
  readonly #attempts = new Map<number, number[]>();
  /** When each test case that was run again first was. */
  readonly #redoneTimes = new Floats();
  /** Whatever began or ended: when that was known, and of which attempt. */
  readonly #changeTimes = new Floats();
  readonly #changed = new Ints();
  /** The attempts that ended, as often as they did, and when, in the order of their ends; and those that did not go well. */
  readonly #ends = { steps: new Ints(), times: new Floats() };
  readonly #failures = { steps: new Ints(), times: new Floats() };
  /** The lines of verdicts that nobody can say the test of, and when they were known. */
  readonly #gradeLines = new Ints();
  readonly #gradeTimes = new Floats();
  /** Of attempts whose files were told after their results: in which line, and when. */
  readonly #files = new Map<number, { readonly line: number; readonly at: number }[]>();

  /** The first lines of what was said in the tests, and whose they are: in the order of the lines. */
  readonly #talkFroms = new Ints();
  readonly #talks: { readonly step: number; readonly at: number; readonly to: number }[] = [];

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
    else {
      if (attempts.length === 1) this.#redoneTimes.push(at);
      attempts.push(step);
    }
  }

  end(step: number | undefined, at: number, result: OutlineResult): void {
    const test = step === undefined ? undefined : this.#tests.get(step);
    if (step === undefined || test === undefined) return;
    this.#change(step, at);
    const isBaseline = test.isBaseline === true;
    // What is only compared with is neither the news nor the trouble of the run.
    const lists = isBaseline ? [] : isFailure(result) ? [this.#ends, this.#failures] : [this.#ends];
    for (const list of lists) {
      list.steps.push(step);
      list.times.push(at);
    }
    const results = this.#results.get(step);
    const before = results?.at(-1)?.result;
    if (results === undefined) this.#results.set(step, [{ at, result }]);
    else results.push({ at, result });
    this.#say(step, at, result.talk);
    this.scores.add(at, this.#nodes.get(step) ?? step, step, result.state, isBaseline);
    this.#spend(at, before, result);
  }

  /** Tests are told one after the other, and so is what was said in them: their lines only go up. */
  #say(step: number, at: number, talk: OutlineResult["talk"]): void {
    const [from, to] = talk ?? [0, 0];
    const newest = this.#talks.length === 0 ? 0 : this.#talkFroms.at(this.#talks.length - 1);
    if (to <= from || from < newest) return;
    this.#talkFroms.push(from);
    this.#talks.push({ step, at, to });
  }

  /** A result that is told anew stands for the one before it. */
  #spend(at: number, before: OutlineResult | undefined, { costUsd, tokens }: OutlineResult): void {
    if (tokens !== null) this.spent.addTokens(at, tokens - (before?.tokens ?? 0));
    if (costUsd === null) return;
    this.#cost += costUsd - (before?.costUsd ?? 0);
    this.spent.addCost(at, this.#cost, "USD");
  }

  grade(line: number, at: number): void {
    this.#gradeLines.push(line);
    this.#gradeTimes.push(at);
  }

  files(step: number | undefined, line: number, at: number): void {
    if (step === undefined) return;
    const told = this.#files.get(step);
    if (told === undefined) this.#files.set(step, [{ line, at }]);
    else told.push({ line, at });
  }

  get isEmpty(): boolean {
    return this.#tests.size === 0;
  }

  /** By its node's code. */
  testCases(): Iterable<number> {
    return this.#attempts.keys();
  }

  /** How many test cases had been begun again by `at`. */
  redoneBy(at: number): number {
    return this.#redoneTimes.upTo(at);
  }

  /** The attempts at a test case, in the order of their start: all of them, or those among the first `count`. */
  attemptsAt(node: number, count = Number.POSITIVE_INFINITY): readonly number[] {
    const attempts = this.#attempts.get(node) ?? [];
    return count === Number.POSITIVE_INFINITY ? attempts : attempts.filter((step) => step < count);
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

  /** The attempt that ended last by `at`; null while none has. */
  newestEnded(at: number): number | null {
    const count = this.#ends.times.upTo(at);
    return count === 0 ? null : this.#ends.steps.at(count - 1);
  }

  /** The attempt that did not go well last by `at`, and was not made good by another of the first `count`. */
  newestFailed(count: number, at: number): number | null {
    const { steps, times } = this.#failures;
    for (let place = times.upTo(at) - 1; place >= 0; place -= 1) {
      const step = steps.at(place);
      const result = this.resultBy(step, at);
      if (result !== null && isFailure(result) && this.#isNewest(step, count)) return step;
    }
    return null;
  }

  /** The first test case that has failed by `at`, or else the first with an error; cases stand as they were begun. */
  firstFailed(count: number, at: number): number | null {
    let error: number | null = null;
    for (const { result, step, test } of this.newest(count, at)) {
      // That is no failure of what is evaluated.
      if (test.isBaseline === true) continue;
      if (result?.state === "failed") return step;
      if (result?.state === "error") error ??= step;
    }
    return error;
  }

  /** The newest of the first `count` attempts, if any, that had no result by `at`. */
  newestOpen(count: number, at: number): number | null {
    for (let step = count - 1; step >= 0; step -= 1)
      if (this.#tests.has(step) && this.resultBy(step, at) === null) return step;
    return null;
  }

  /** The lines of the session "tests" that an attempt's conversation is made of, as it was known at `at`; null for none. */
  talkBy(step: number, at: number): OutlineResult["talk"] {
    const told = this.#results.get(step)?.findLast((each) => each.at <= at && each.result.talk !== null);
    return told?.result.talk ?? null;
  }

  /** The attempt whose conversation holds this line of the session "tests", and when that was known; null for none. */
  attemptOfTalk(line: number): { readonly step: number; readonly at: number } | null {
    let place = this.#talkFroms.before(line + 1) - 1;
    const from = this.#talkFroms.at(place);
    let found: { readonly step: number; readonly at: number } | null = null;
    // The same lines may have been told more than once: what counts is the first time.
    for (; place >= 0 && this.#talkFroms.at(place) === from; place -= 1) {
      const { at, step, to } = this.#talks[place]!;
      if (line < to) found = { step, at };
    }
    return found;
  }

  /** The lines that told an attempt's files apart from its result, as far as that was known at `at`. */
  filesLinesBy(step: number, at: number): readonly number[] {
    return (this.#files.get(step) ?? []).filter((told) => told.at <= at).map(({ line }) => line);
  }

  /** How many verdicts that nobody can say the test of were known at `at`. */
  gradesBy(at: number): number {
    return this.#gradeTimes.upTo(at);
  }

  /** The line of such a verdict; NOWHERE for none. */
  gradeLine(place: number): number {
    return this.#gradeLines.at(place);
  }

  /** What was known at `at` of what an attempt came to; null while it ran. */
  resultBy(step: number, at: number): OutlineResult | null {
    // Asked of each test whenever one comes: nothing is made for it.
    const results = this.#results.get(step) ?? NO_RESULTS;
    for (let place = results.length - 1; place >= 0; place -= 1)
      if (results[place]!.at <= at) return results[place]!.result;
    return null;
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
  #isNewest(step: number, count: number): boolean {
    const node = this.#nodes.get(step);
    const attempts = node === undefined ? undefined : this.#attempts.get(node);
    return attempts?.findLast((each) => each < count) === step;
  }
}

function isFailure({ state }: OutlineResult): boolean {
  return state === "failed" || state === "error";
}

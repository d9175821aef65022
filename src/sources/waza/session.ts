import { type Counted, type Counts, planned, tallyBy } from "../../protocol/counting.ts";
import { isSameTally, type Tally, TEST_STATES, type TestState } from "../../protocol/tally.ts";
import type { GraderLine, LogLine, SessionStartLine, Sums } from "./log-line.ts";
import { stateOf } from "./states.ts";
import { UniqueNames } from "./unique-names.ts";

/** A test case of a session. */
export interface WazaTest {
  /** No two of a session have the same. */
  readonly key: string;
  readonly name: string;
  /** 0, and 1 for the second pass of a comparison: that of the baseline, which the tally does not count. */
  readonly pass: number;
  /** Ms since the epoch; null where the log never said that it started. */
  readonly startedAt: number | null;
  /** How many trials the log tells of. */
  readonly trials: number;
  readonly ended: TestEnd | null;
}

export interface TestEnd {
  readonly at: number;
  readonly state: TestState;
  readonly score: number | null;
  readonly durationMs: number | null;
  readonly cached: boolean;
  /** It came to no trial at all: what has to be done before each test went wrong. */
  readonly beforeIt: boolean;
}

/** What a line of the log comes to. */
export type News =
  | { readonly is: "started"; readonly at: number; readonly test: WazaTest }
  | {
      readonly is: "graded";
      readonly at: number;
      /** Null where several tests were open: nobody can say whose grader it was. */
      readonly test: WazaTest | null;
      readonly grader: GraderLine;
      readonly trial: number;
    }
  | { readonly is: "ended"; readonly at: number; readonly test: WazaTest; readonly end: TestEnd }
  /** How many tests there are; and how they stand, where their ends do not tell. */
  | { readonly is: "counted"; readonly at: number; readonly counted: Counted }
  | { readonly is: "over"; readonly at: number };

interface Case extends WazaTest {
  ended: TestEnd | null;
  trials: number;
  /** The trial that is going on, from 1, and who has graded it. */
  trial: number;
  readonly graded: Set<string>;
}

/** The tests of a comparison's second pass. The first pass is as any other run until the second begins. */
export const BASELINE = "baseline";
const MOST_PASSES = 2;

/**
 * One session of a log, line by line: its tests, and how they came out.
 *
 * What always holds: what was told of a test is never taken back.
 */
export class WazaSession {
  readonly specPath: string;
  readonly model: string;
  readonly engine: string;
  readonly startedAt: number;
  /** When something was last written, by the log's own stamps. */
  newestAt: number;
  error: string | null = null;
  /** Of the first pass alone: waza sums up no second one. Null until the session is complete. */
  sums: Sums | null = null;
  /**
   * How the tests of the first pass stand in the end, where their own ends do not tell: as those came out that were told, and
   * of the others as the sums have it.
   */
  #sums: Counts | null = null;
  /** The number of tests that each pass said it has. */
  readonly #planned: number[] = [];
  readonly #tests: Case[] = [];
  readonly #keys = new UniqueNames();
  /** In the order of their starts; and the same by name. */
  readonly #open = new Set<Case>();
  readonly #openByName = new Map<string, Case[]>();
  /** Of the tests of the pass that is going on. */
  readonly #numbers = new Set<number>();
  /** The log says when a trial ends; older versions of waza do not. */
  #tellsTrials = false;

  constructor(line: SessionStartLine) {
    const { engine, model, spec_path } = line.data;
    this.specPath = spec_path ?? "";
    this.model = model ?? "";
    this.engine = engine ?? "";
    this.startedAt = line.timestamp;
    this.newestAt = line.timestamp;
    this.#beginPass(line);
  }

  get tests(): readonly WazaTest[] {
    return this.#tests;
  }

  get tally(): Tally {
    return tallyBy({ total: this.#total, sums: this.#sums }, this.#ended());
  }

  /** What the session comes to by its start alone. */
  get beginning(): News[] {
    return [this.#count(this.startedAt)];
  }

  /** May this session's second pass begin with that line? All tests of the first one must have had their turn. */
  isGoneOnBy({ data }: SessionStartLine): boolean {
    const isSame =
      data.spec_path === this.specPath && data.model === this.model && data.engine === this.engine;
    if (!isSame || this.sums !== null || this.#planned.length >= MOST_PASSES) return false;
    const [planned = 0] = this.#planned;
    if (this.#tests.length === 0) return false;
    if (this.#tests.length >= planned) return true;
    // A run that stops at the first failure has no second pass for the tests it never came to.
    return this.#open.size === 0 && this.#tests.some(({ ended }) => ended?.state !== "passed");
  }

  /** Could the line be this session's? Asked where several sessions write to one file at once. */
  fits(line: LogLine): boolean {
    switch (line.type) {
      case "task_start": {
        const { task_num, total_tasks } = line.data;
        return !this.#numbers.has(task_num ?? 0) && (total_tasks ?? 0) === this.#planned.at(-1);
      }
      case "task_complete":
      case "run_complete":
        return this.#openNamed(line.data.task_name) !== undefined;
      case "grader_result":
        return this.#open.size > 0;
      case "session_complete":
        return line.data.total_tests <= (this.#planned[0] ?? 0);
      case "session_start":
      case "error":
      case "other":
        return false;
    }
  }

  take(line: LogLine): News[] {
    const at = line.timestamp;
    this.newestAt = Math.max(this.newestAt, at);
    switch (line.type) {
      case "session_start":
        this.#beginPass(line);
        return [];
      case "task_start": {
        const test = this.#add(line.data.task_name, line.data.task_num ?? 0, at);
        this.#begin(test);
        return [{ is: "started", at, test }];
      }
      case "grader_result":
        return [this.#grade(at, line.data)];
      case "run_complete": {
        const test = this.#openNamed(line.data.task_name);
        this.#tellsTrials = true;
        if (test !== undefined) {
          test.trials = line.data.run_number ?? test.trial;
          test.trial = test.trials + 1;
          test.graded.clear();
        }
        return [];
      }
      case "task_complete": {
        const { duration_ms, score, status, task_name } = line.data;
        const open = this.#openNamed(task_name);
        const test = open ?? this.#add(task_name, 0, null);
        const state = stateOf(status);
        const beforeIt = open === undefined && state === "failed" && !score && !duration_ms;
        const end = {
          at,
          state,
          score: score ?? null,
          durationMs: duration_ms ?? null,
          cached: false,
          beforeIt,
        };
        const started: News[] = open === undefined ? [{ is: "started", at, test }] : [];
        return [...started, this.#end(test, end)];
      }
      case "session_complete":
        this.sums = line.data;
        return [...this.#endCached(at, line.data), ...this.#sumUp(at, line.data), { is: "over", at }];
      case "error":
        this.error = line.data.message ?? "";
        return [];
      case "other":
        return [];
    }
  }

  get #pass(): number {
    return this.#planned.length - 1;
  }

  get #total(): number {
    return this.#planned[0] ?? 0;
  }

  #count(at: number): News {
    return { is: "counted", at, counted: { total: this.#total, sums: this.#sums } };
  }

  /** Which of the tests that have no end the sums count is not told. */
  #sumUp(at: number, sums: Sums): News[] {
    const told = this.tally;
    const ended = this.#ended();
    const counts = { ...ended };
    let left = sums.total_tests - sumOf(ended);
    for (const [state, count] of beyond(sums, ended)) {
      const taken = Math.max(0, Math.min(left, count));
      counts[state] += taken;
      left -= taken;
    }
    this.#sums = counts;
    const isTold =
      this.#tests.every(({ ended, pass }) => pass > 0 || ended !== null) && isSameTally(this.tally, told);
    return isTold ? [] : [this.#count(at)];
  }

  /** What the first pass left open is not waited for any more. */
  #beginPass({ data }: SessionStartLine): void {
    this.#planned.push(planned(data.task_count));
    this.#open.clear();
    this.#openByName.clear();
    this.#numbers.clear();
  }

  #begin(test: Case): void {
    this.#open.add(test);
    const named = this.#openByName.get(test.name);
    if (named === undefined) this.#openByName.set(test.name, [test]);
    else named.push(test);
  }

  #add(name: string, number: number, startedAt: number | null): Case {
    const base = this.#pass === 0 ? name : `${name}/${BASELINE}`;
    // waza wants no two names to differ.
    const key = this.#keys.take(base);
    const trials = { trials: 1, trial: 1, graded: new Set<string>() };
    const test: Case = { key, name, pass: this.#pass, startedAt, ended: null, ...trials };
    this.#tests.push(test);
    this.#numbers.add(number);
    return test;
  }

  #openNamed(name: string): Case | undefined {
    return this.#openByName.get(name)?.[0];
  }

  #grade(at: number, grader: GraderLine): News {
    const [test] = this.#open.size === 1 ? this.#open : [];
    if (test === undefined) return { is: "graded", at, test: null, grader, trial: 1 };
    // Where trials have no end of their own, a grader that comes again begins the next.
    if (!this.#tellsTrials && test.graded.has(grader.grader_name)) {
      test.trial += 1;
      test.graded.clear();
    }
    test.graded.add(grader.grader_name);
    test.trials = test.trial;
    return { is: "graded", at, test, grader, trial: test.trial };
  }

  #end(test: Case, end: TestEnd): News {
    test.ended = end;
    if (this.#open.delete(test)) this.#openByName.get(test.name)?.shift();
    return { is: "ended", at: end.at, test, end };
  }

  /**
   * A test that was taken from the cache has no end of its own. Its outcome follows from the sums where
   * all that they have beyond the others is of one kind; else it stays open.
   */
  #endCached(at: number, sums: Sums): News[] {
    const open = this.#tests.filter(({ ended, pass }) => pass === 0 && ended === null);
    const kinds = [...beyond(sums, this.#ended())].filter(([, count]) => count > 0);
    const [kind] = kinds;
    if (kinds.length !== 1 || kind === undefined || kind[1] !== open.length) return [];
    const [state] = kind;
    return open.map((test) =>
      this.#end(test, { at, state, score: null, durationMs: null, cached: true, beforeIt: false }),
    );
  }

  /** How the tests of the first pass came out. */
  #ended(): Record<TestState, number> {
    const counts = { passed: 0, failed: 0, error: 0, skipped: 0 };
    for (const { ended, pass } of this.#tests) if (ended !== null && pass === 0) counts[ended.state] += 1;
    return counts;
  }
}

function sumOf(counts: Counts): number {
  return TEST_STATES.reduce((sum, state) => sum + counts[state], 0);
}

/**
 * How many of each kind a session's sums have beyond the tests whose end was told. What the sums leave
 * unnamed was skipped. The log has one word for a test that failed and for one that could not be
 * run; the sums tell the two apart.
 */
function* beyond(sums: Sums, told: Counts): Iterable<[state: TestState, count: number]> {
  const [passed, failed, errors] = [sums.passed ?? 0, sums.failed ?? 0, sums.errors ?? 0];
  const toldErrors = told.error + Math.max(0, told.failed - failed);
  yield ["passed", Math.max(0, passed - told.passed)];
  yield ["failed", Math.max(0, failed - told.failed)];
  yield ["error", Math.max(0, errors - toldErrors)];
  yield ["skipped", Math.max(0, sums.total_tests - passed - failed - errors - told.skipped)];
}

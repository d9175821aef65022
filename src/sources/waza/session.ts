import { type Counted, type Counts, planned, tallyBy } from "../../protocol/counting.ts";
import { countsOf, isSameTally, type Tally, type TestState } from "../../protocol/tally.ts";
import type { GraderLine, LogLine, SessionStartLine, Sums } from "./log-line.ts";
import { stateOf } from "./states.ts";

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
  readonly number: number;
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
  /** How the tests stand in the end, where their own ends do not tell. */
  #sums: Counts | null = null;
  /** The number of tests that each pass said it has. */
  readonly #planned: number[] = [];
  readonly #tests: Case[] = [];
  readonly #keys = new Set<string>();
  readonly #open = new Set<Case>();
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
    return tallyBy({ total: this.#total, sums: this.#sums }, countsOf(statesOfEnded(this.#counted)));
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
        const isNew = !this.#tests.some(({ number, pass }) => pass === this.#pass && number === task_num);
        return isNew && total_tasks === this.#planned.at(-1);
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
        this.#open.add(test);
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

  get #counted(): readonly Case[] {
    return this.#tests.filter(({ pass }) => pass === 0);
  }

  #count(at: number): News {
    return { is: "counted", at, counted: { total: this.#total, sums: this.#sums } };
  }

  /** The sums have the last word: which of the tests that have no end they count is not told. */
  #sumUp(at: number, sums: Sums): News[] {
    const told = this.tally;
    this.#sums = countsOf(statesOf(sums));
    const isTold = this.#counted.every(({ ended }) => ended !== null) && isSameTally(this.tally, told);
    return isTold ? [] : [this.#count(at)];
  }

  /** What the first pass left open is not waited for any more. */
  #beginPass({ data }: SessionStartLine): void {
    this.#planned.push(planned(data.task_count));
    this.#open.clear();
  }

  #add(name: string, number: number, startedAt: number | null): Case {
    const base = this.#pass === 0 ? name : `${name}/${BASELINE}`;
    let key = base;
    // waza wants no two names to differ.
    for (let count = 2; this.#keys.has(key); count += 1) key = `${base} (${count})`;
    this.#keys.add(key);
    const trials = { trials: 1, trial: 1, graded: new Set<string>() };
    const test: Case = { key, name, pass: this.#pass, number, startedAt, ended: null, ...trials };
    this.#tests.push(test);
    return test;
  }

  #openNamed(name: string): Case | undefined {
    for (const test of this.#open) if (test.name === name) return test;
    return undefined;
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
    this.#open.delete(test);
    return { is: "ended", at: end.at, test, end };
  }

  /**
   * A test that was taken from the cache has no end of its own. Its outcome follows from the sums where
   * all that is missing from them is of one kind; else it stays open.
   */
  #endCached(at: number, sums: Sums): News[] {
    const open = this.#tests.filter(({ ended, pass }) => pass === 0 && ended === null);
    const missing = new Map<TestState, number>();
    for (const state of statesOf(sums)) missing.set(state, (missing.get(state) ?? 0) + 1);
    for (const { ended, pass } of this.#tests)
      if (pass === 0 && ended !== null) missing.set(ended.state, (missing.get(ended.state) ?? 0) - 1);
    const kinds = [...missing].filter(([, count]) => count !== 0);
    const [kind] = kinds;
    if (kinds.length !== 1 || kind === undefined || kind[1] !== open.length) return [];
    const [state] = kind;
    return open.map((test) =>
      this.#end(test, { at, state, score: null, durationMs: null, cached: true, beforeIt: false }),
    );
  }
}

function statesOfEnded(tests: readonly WazaTest[]): TestState[] {
  return tests.flatMap(({ ended }) => ended?.state ?? []);
}

/** The states that a session's sums count; what they leave unnamed was skipped. */
function* statesOf({ errors, failed, passed, total_tests }: Sums): Iterable<TestState> {
  const counts = [
    ["passed", passed ?? 0],
    ["failed", failed ?? 0],
    ["error", errors ?? 0],
  ] as const;
  let left = Math.min(total_tests, MOST_TESTS);
  for (const [state, count] of counts) {
    for (let number = 0; number < count && left > 0; number += 1) {
      left -= 1;
      yield state;
    }
  }
  for (; left > 0; left -= 1) yield "skipped";
}

/** A sum of more than this is no sum of tests. */
const MOST_TESTS = 1_000_000;

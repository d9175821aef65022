import type { TestResult } from "../../protocol/test-lines.ts";
import type { EvaluationDraft, TestAttempt } from "../evaluation/evaluation-draft.ts";
import { type Detail, graderResult } from "./detail.ts";
import { BASELINE, type News, type TestEnd, type WazaTest } from "./session.ts";
import { iso } from "./stamp.ts";

/** A file that says more of a test. */
export type TestFile = NonNullable<TestResult["files"]>[number];

/** Of lines that a file says, which is found sooner or later: event streams pass over them. */
interface Added {
  readonly added?: true;
}
const ADDED: Added = { added: true };
const OWN: Added = {};

interface Told {
  /** The how manieth test it is. */
  readonly number: number;
  result: TestResult | null;
  talk: TestResult["talk"];
  readonly graders: Map<string, string>;
  readonly files: TestFile[];
}

/**
 * What is told of a session's tests, each thing once: first by the log, then by the
 * test's transcript, at last by the run's results. Each adds to what was told.
 *
 * What always holds: what the log says of a test is told first and by itself, whether its files are
 * there by then or not. So who watched was told the same, up to a test's first result, as who comes
 * later. And a file never has another say in how a test came out.
 */
export class TestTeller {
  readonly #out: EvaluationDraft;
  readonly #told = new Map<string, Told>();

  constructor(out: EvaluationDraft) {
    this.#out = out;
  }

  started(at: number, test: WazaTest, more: { readonly category?: string | null } = {}): void {
    this.#out.testStarted(iso(at), attemptOf(test), {
      test: test.name,
      ...(test.pass === 0 ? {} : { target: BASELINE, baseline: true }),
      ...more,
    });
  }

  graded({ at, grader, test, trial }: News & { readonly is: "graded" }): void {
    const { feedback, grader_name, grader_type, passed, score } = grader;
    const result = graderResult(grader_name, trial, { type: grader_type, score, passed, feedback });
    if (test === null) this.#out.graderResult(iso(at), null, result);
    else this.#grader(at, test, result, OWN);
  }

  ended(test: WazaTest, end: TestEnd): void {
    const result: TestResult = {
      state: end.state,
      ...(end.score === null ? {} : { score: end.score }),
      ...(end.durationMs === null ? {} : { durationMs: end.durationMs }),
      ...(end.cached ? { cached: true } : {}),
      ...(end.beforeIt ? { stage: "before the test" } : {}),
    };
    this.#result(end.at, test, result, OWN);
  }

  /** What a file has to add to a test, ended or not. */
  added(at: number, test: WazaTest, detail: Detail, files: readonly TestFile[]): void {
    const told = this.#toldOf(test);
    const { result: before } = told;
    for (const file of files) if (!told.files.some(({ path }) => path === file.path)) told.files.push(file);
    for (const grader of detail.graders) this.#grader(at, test, grader, ADDED);
    told.talk ??= this.#out.say(iso(at), detail.talk(`t${told.number}`));
    const { error, tokens } = detail;
    const score = detail.score ?? before?.score;
    const durationMs = detail.durationMs ?? before?.durationMs;
    const result: TestResult = {
      ...before,
      // What was told stands.
      state: before?.state ?? detail.state,
      ...(score == null ? {} : { score }),
      ...(durationMs == null ? {} : { durationMs }),
      // It has no end of its own, so it was not run.
      ...(detail.cached || before?.cached === true || test.ended === null ? { cached: true } : {}),
      ...(tokens === null ? {} : { tokens }),
      ...(error === null || error === "" ? {} : { error }),
      ...(told.talk == null ? {} : { talk: told.talk }),
      ...(told.files.length === 0 ? {} : { files: [...told.files] }),
    };
    this.#result(at, test, result, ADDED);
  }

  #result(at: number, test: WazaTest, result: TestResult, added: Added): void {
    const told = this.#toldOf(test);
    if (told.result !== null && JSON.stringify(told.result) === JSON.stringify(result)) return;
    told.result = result;
    this.#out.testResult(iso(at), attemptOf(test), { ...result, ...added });
  }

  #grader(at: number, test: WazaTest, result: ReturnType<typeof graderResult>, added: Added): void {
    const { graders } = this.#toldOf(test);
    const key = `${result.trial ?? 1} ${result.name}`;
    const text = JSON.stringify(result);
    if (graders.get(key) === text) return;
    graders.set(key, text);
    this.#out.graderResult(iso(at), attemptOf(test), { ...result, ...added });
  }

  #toldOf({ key }: WazaTest): Told {
    const known = this.#told.get(key);
    if (known !== undefined) return known;
    const number = this.#told.size + 1;
    const told = { number, result: null, talk: null, graders: new Map<string, string>(), files: [] };
    this.#told.set(key, told);
    return told;
  }
}

/** waza's trials and retries are all of one attempt at a test. */
function attemptOf({ key }: WazaTest): TestAttempt {
  return { test: key, number: 1 };
}

import type { TestResult } from "../../protocol/test-lines.ts";
import type { EvaluationDraft, TestAttempt } from "../evaluation/evaluation-draft.ts";
import { type Detail, graderResult } from "./detail.ts";
import { BASELINE, type News, type TestEnd, type WazaTest } from "./session.ts";
import { iso } from "./stamp.ts";

/** A file that says more of a test. */
export type TestFile = NonNullable<TestResult["files"]>[number];

const ADDED = { added: true } as const;

interface Told {
  result: TestResult | null;
  talk: TestResult["talk"];
  readonly graders: Map<string, string>;
  readonly files: TestFile[];
}

/**
 * What is told of a session's tests, each thing once: first by the log, then by the
 * test's transcript, at last by the run's results. Each adds to what was told.
 *
 * What always holds: the log's own lines come in the log's order, and all that a file says is
 * `added`, because a file may be found at any moment.
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
    else this.#grader(at, test, result, {});
  }

  ended(test: WazaTest, end: TestEnd, detail: Detail | null, files: readonly TestFile[]): void {
    const result = {
      state: end.state,
      ...(end.score === null ? {} : { score: end.score }),
      ...(end.durationMs === null ? {} : { durationMs: end.durationMs }),
      ...(end.cached ? { cached: true } : {}),
      ...(end.beforeIt ? { stage: "before the test" } : {}),
    };
    this.#tell(end.at, test, result, detail, files, {});
  }

  /** What a file has to add to a test, ended or not. */
  added(at: number, test: WazaTest, detail: Detail, files: readonly TestFile[]): void {
    const before = this.#toldOf(test).result;
    const score = detail.score ?? before?.score;
    const durationMs = detail.durationMs ?? before?.durationMs;
    const result: TestResult = {
      ...before,
      // What the log says of its end stands.
      state: test.ended?.state ?? detail.state,
      ...(score == null ? {} : { score }),
      ...(durationMs == null ? {} : { durationMs }),
      // It has no end of its own, so it was not run.
      ...(detail.cached || before?.cached === true || test.ended === null ? { cached: true } : {}),
    };
    this.#tell(at, test, result, detail, files, ADDED);
  }

  #tell(
    at: number,
    test: WazaTest,
    first: TestResult,
    detail: Detail | null,
    files: readonly TestFile[],
    isAdded: { readonly added?: true },
  ): void {
    const told = this.#toldOf(test);
    for (const file of files) if (!told.files.some(({ path }) => path === file.path)) told.files.push(file);
    for (const grader of detail?.graders ?? []) this.#grader(at, test, grader, ADDED);
    const attempt = attemptOf(test);
    told.talk ??= this.#out.say(iso(at), detail?.talk(`${attempt.test}#${attempt.number}`) ?? []);
    const result: TestResult = {
      ...first,
      ...(detail?.tokens == null ? {} : { tokens: detail.tokens }),
      ...(detail?.error == null || detail.error === "" ? {} : { error: detail.error }),
      ...(told.talk == null ? {} : { talk: told.talk }),
      ...(told.files.length === 0 ? {} : { files: [...told.files] }),
    };
    if (told.result !== null && JSON.stringify(told.result) === JSON.stringify(result)) return;
    told.result = result;
    this.#out.testResult(iso(at), attempt, { ...result, ...isAdded });
  }

  #grader(
    at: number,
    test: WazaTest,
    result: ReturnType<typeof graderResult>,
    isAdded: { readonly added?: true },
  ): void {
    const { graders } = this.#toldOf(test);
    const key = `${result.trial ?? 1} ${result.name}`;
    const text = JSON.stringify(result);
    if (graders.get(key) === text) return;
    graders.set(key, text);
    this.#out.graderResult(iso(at), attemptOf(test), { ...result, ...isAdded });
  }

  #toldOf({ key }: WazaTest): Told {
    const known = this.#told.get(key);
    if (known !== undefined) return known;
    const told = { result: null, talk: null, graders: new Map<string, string>(), files: [] };
    this.#told.set(key, told);
    return told;
  }
}

/** waza's trials and retries are all of one attempt at a test. */
function attemptOf({ key }: WazaTest): TestAttempt {
  return { test: key, number: 1 };
}

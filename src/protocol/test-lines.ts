import * as v from "valibot";
import { TEST_STATES } from "./tally.ts";

/**
 * The lines of an evaluation's trace. Every source of evaluations translates
 * what its producer writes to these, so that there is one table, one timeline and
 * one event stream for all of them:
 *
 *   test_started   {nodeId, attemptId, payload: TestStarted}
 *   grader_result  {nodeId?, attemptId?, payload: GraderResult}   without an attempt: nobody can say whose
 *   test_result    {nodeId, attemptId, payload: TestResult}
 *   test_files     {nodeId, attemptId, payload: TestFiles}   of a result that was told before its files were there
 *   tests_counted  {payload: TestsCounted}   of the whole run: what its results do not tell
 *
 * `nodeId` names the test case: suite, test and target. `attemptId` is the same with a
 * count ("adds#2"): a test that is run again has another attempt. The graders of an
 * attempt come before its result.
 *
 * More may become known of an attempt that has ended, from files that are written later. Then it
 * has another result, which holds all of the first and tells nothing of when it ended, and
 * graders are told again: one of the same name and trial takes the place of the first.
 *
 * What is said by a file beside the producer's log, sooner or later, is `added`: where such a line
 * stands says nothing, so event streams pass over it.
 *
 * `at` is when the line was known, which is what rewinding goes by. A producer
 * that writes nothing when a test starts has both lines at its end; `since` then says
 * when it really began.
 *
 * The tests of a baseline stand beside: neither plan nor sums nor results of theirs are in the tally.
 *
 * The run's tally follows from these lines alone, at its end as at any moment before (see
 * src/protocol/counting.ts). So how many tests there are to be is a line of its own as soon
 * as that is known, and so are the sums of a producer that knows more than it tells test by test.
 *
 * What was said in all tests stands in one session, "tests", test by test: a
 * result's `talk` says which lines of it are the test's.
 */

const MaybeText = v.nullish(v.string());
const MaybeNumber = v.nullish(v.number());

/** The session that holds what was said in the tests. */
export const TESTS_SESSION = "tests";

export const TestStarted = v.looseObject({
  test: v.string(),
  suite: MaybeText,
  target: MaybeText,
  category: MaybeText,
  /** ISO 8601: when it began, where that was known only later. */
  since: MaybeText,
  /** It is there to be compared with, and no tally counts it. */
  baseline: v.nullish(v.boolean()),
});

export const Assertion = v.looseObject({ text: v.string(), passed: v.boolean(), evidence: MaybeText });

export const GraderResult = v.looseObject({
  /** The test's name, as its start says it: so a line tells of its test by itself. */
  test: MaybeText,
  target: MaybeText,
  name: v.string(),
  kind: MaybeText,
  verdict: v.picklist(["pass", "fail", "skip"]),
  /** 0 to 1. */
  score: MaybeNumber,
  weight: MaybeNumber,
  message: MaybeText,
  durationMs: MaybeNumber,
  /** Which trial of the test it graded, from 1; where there are several. */
  trial: MaybeNumber,
  assertions: v.nullish(v.array(Assertion)),
  added: v.nullish(v.boolean()),
});

const TestFile = v.object({ role: v.string(), path: v.string() });

export const TestResult = v.looseObject({
  /** The test's name, as its start says it. */
  test: MaybeText,
  /** The same of its target, and of whether it is of a baseline. */
  target: MaybeText,
  baseline: v.nullish(v.boolean()),
  state: v.picklist(TEST_STATES),
  /** The same in the producer's own word. */
  status: MaybeText,
  /** 0 to 1. */
  score: MaybeNumber,
  /** From this score on it has passed. */
  threshold: MaybeNumber,
  durationMs: MaybeNumber,
  /** In and out together. */
  tokens: MaybeNumber,
  costUsd: MaybeNumber,
  error: MaybeText,
  /** Where it failed, and why, in the producer's words. */
  stage: MaybeText,
  reason: MaybeText,
  /** It was not run: an earlier result stands for it. */
  cached: v.nullish(v.boolean()),
  /** Lines of the session "tests", from and up to. */
  talk: v.nullish(v.tuple([v.number(), v.number()])),
  /** Names relative to the run's folder. */
  files: v.nullish(v.array(TestFile)),
  added: v.nullish(v.boolean()),
});

export const TestFiles = v.looseObject({ test: MaybeText, files: v.array(TestFile) });

/**
 * From here on so many test cases are planned. Where the four are told too, they are how all tests
 * stand, whatever is told of single ones: a later result only says which test was which. Each such
 * line stands for the one before it.
 */
export const TestsCounted = v.looseObject({
  total: v.number(),
  passed: MaybeNumber,
  failed: MaybeNumber,
  errors: MaybeNumber,
  skipped: MaybeNumber,
});

export type TestStarted = v.InferOutput<typeof TestStarted>;
export type Assertion = v.InferOutput<typeof Assertion>;
export type GraderResult = v.InferOutput<typeof GraderResult>;
export type TestResult = v.InferOutput<typeof TestResult>;
export type TestFiles = v.InferOutput<typeof TestFiles>;
export type TestsCounted = v.InferOutput<typeof TestsCounted>;

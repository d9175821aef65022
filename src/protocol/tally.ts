import * as v from "valibot";

/** How far an evaluation has come, in test cases. */
export const Tally = v.object({
  /** Planned; never less than `done`. */
  total: v.number(),
  /** Those that have a result: passed, failed, errors and skipped together. */
  done: v.number(),
  passed: v.number(),
  failed: v.number(),
  /** Of these the agent or its harness failed, and nobody can say what it would have answered. */
  errors: v.number(),
  skipped: v.number(),
  /** 0 to 1: passed / (done - errors - skipped); null while that is nothing. */
  passRate: v.nullable(v.number()),
});
export type Tally = v.InferOutput<typeof Tally>;

export const TEST_STATES = ["passed", "failed", "error", "skipped"] as const;
/** How a test case ended. */
export type TestState = (typeof TEST_STATES)[number];

export function isTestState(word: unknown): word is TestState {
  return TEST_STATES.some((state) => state === word);
}

/** The tally of the newest result of each test case. */
export function tallyOf(states: Iterable<TestState>, planned: number): Tally {
  return tallyFrom(countsOf(states), planned);
}

function countsOf(states: Iterable<TestState>): Record<TestState, number> {
  const counts = { passed: 0, failed: 0, error: 0, skipped: 0 };
  for (const state of states) counts[state] += 1;
  return counts;
}

/** The same, of how many stand how. */
export function tallyFrom(counts: Readonly<Record<TestState, number>>, planned: number): Tally {
  const { error: errors, failed, passed, skipped } = counts;
  const done = passed + failed + errors + skipped;
  const rated = passed + failed;
  return {
    total: Math.max(planned, done),
    done,
    passed,
    failed,
    errors,
    skipped,
    passRate: rated === 0 ? null : passed / rated,
  };
}

export function isSameTally(left: Tally | undefined, right: Tally | undefined): boolean {
  if (left === undefined || right === undefined) return left === right;
  return (
    left.total === right.total &&
    left.passed === right.passed &&
    left.failed === right.failed &&
    left.errors === right.errors &&
    left.skipped === right.skipped
  );
}

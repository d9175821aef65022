import type { TestState } from "../../src/protocol/tally.ts";
import type { StepsView } from "./as-of.ts";

/** A test case of an evaluation as of a moment: its newest attempt, and what that came to. */
export interface TestAt {
  /** The line of the trace that its newest attempt began with. */
  readonly line: number;
  readonly name: string;
  readonly suite: string | null;
  readonly target: string | null;
  /** `untold`: the run has ended, and nothing says how this test came out. */
  readonly state: TestState | "running" | "untold";
  readonly score: number | null;
  readonly durationMs: number | null;
  readonly tokens: number | null;
  readonly costUsd: number | null;
  readonly error: string | null;
}

/** The test cases that had begun, in the order in which they first did. */
export function testsAt({
  at,
  count,
  endedAt,
  table,
}: Pick<StepsView, "at" | "count" | "endedAt" | "table">): TestAt[] {
  return Array.from(table.tests.newest(count, at), ({ result, step, test: { name, suite, target } }) => ({
    line: table.lineOf(step),
    name,
    suite,
    target,
    state: result?.state ?? (endedAt === null ? "running" : "untold"),
    score: result?.score ?? null,
    durationMs: result?.durationMs ?? null,
    tokens: result?.tokens ?? null,
    costUsd: result?.costUsd ?? null,
    error: result === null ? null : table.attempt(step, at, endedAt).error,
  }));
}

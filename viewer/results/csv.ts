import type { TestAt } from "../playback/tests-at.ts";
import { csvText } from "../text/csv-text.ts";

const COLUMNS = [
  "run",
  "suite",
  "test",
  "target",
  "state",
  "score",
  "duration_ms",
  "tokens",
  "cost_usd",
  "error",
] as const;

/** The results of an evaluation as of a moment, a line a test. */
export function resultsCsv(runId: string, tests: readonly TestAt[]): string {
  const rows = tests.map((test) => [
    runId,
    test.suite,
    test.name,
    test.target,
    test.state,
    test.score,
    test.durationMs,
    test.tokens,
    test.costUsd,
    test.error,
  ]);
  return csvText([COLUMNS, ...rows]);
}

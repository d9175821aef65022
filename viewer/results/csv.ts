import type { ResultRow } from "../playback/test-rows.ts";
import { csvText } from "../text/csv-text.ts";

const COLUMNS = [
  "run",
  "suite",
  "test",
  "target",
  "attempt",
  "state",
  "score",
  "duration_ms",
  "tokens",
  "cost_usd",
  "error",
] as const;

/** What any row of the table tells. */
type Told = Pick<
  ResultRow,
  "costUsd" | "durationMs" | "error" | "name" | "number" | "score" | "state" | "suite" | "target" | "tokens"
>;

/** The rows of the table, in their order, with all that there is to tell of them. */
export function resultsCsv(runId: string, rows: readonly Told[]): string {
  const lines = rows.map((row) => [
    runId,
    row.suite,
    row.name,
    row.target,
    row.number,
    row.state,
    row.score,
    row.durationMs,
    row.tokens,
    row.costUsd,
    row.error,
  ]);
  return csvText([COLUMNS, ...lines]);
}

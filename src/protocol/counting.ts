import { type Tally, tallyFrom, type TestState } from "./tally.ts";
import type { TestsCounted } from "./test-lines.ts";

/** How many test cases stand how. */
export type Counts = Readonly<Record<TestState, number>>;

/** What a line "tests_counted" says of the whole run. */
export interface Counted {
  readonly total: number;
  /** Null: the results are counted. */
  readonly sums: Counts | null;
}

/** What holds before any such line. */
export const UNCOUNTED: Counted = { total: 0, sums: null };

/**
 * The one rule of what a run's tally is: the newest line that counts says how many tests
 * are planned, and how they stand if it tells that; else the newest results say it.
 */
export function tallyBy({ sums, total }: Counted, results: Counts): Tally {
  return tallyFrom(sums ?? results, total);
}

/** Null where the payload is not as such a line's is. */
export function countedIn(payload: Readonly<Record<string, unknown>>): Counted | null {
  const { errors, failed, passed, skipped, total } = payload;
  if (!isCount(total)) return null;
  const isSummed = isCount(passed) && isCount(failed) && isCount(errors) && isCount(skipped);
  return { total, sums: isSummed ? { passed, failed, error: errors, skipped } : null };
}

export function countedLine({ sums, total }: Counted): TestsCounted {
  if (sums === null) return { total };
  const { error: errors, failed, passed, skipped } = sums;
  return { total, passed, failed, errors, skipped };
}

function isCount(value: unknown): value is number {
  return typeof value === "number" && Number.isInteger(value) && value >= 0;
}

import type { RunStatus } from "./status.ts";
import type { Tally } from "./tally.ts";

/**
 * What an evaluation that has ended came to. Its status only says that it went to its
 * end; whether that is good news its tests tell.
 */
export type Verdict =
  /** Every test that was run passed. */
  | "passed"
  /** Some failed, or could not be run. */
  | "failed"
  /** None failed, but some have no result. */
  | "incomplete"
  /** None was run. */
  | "skipped";

/** Null of any other run, and while it goes on or where it did not go to its end. */
export function verdictOf(status: RunStatus, tally: Tally | null | undefined): Verdict | null {
  if (status !== "completed" || tally === null || tally === undefined || tally.total === 0) return null;
  if (tally.failed + tally.errors > 0) return "failed";
  if (tally.done < tally.total) return "incomplete";
  return tally.passed > 0 ? "passed" : "skipped";
}

/** What did not go well, in words: "1 failed, 2 errors"; empty where nothing of the kind happened. */
export function failuresText({ errors, failed }: Tally): string {
  return [
    ...(failed === 0 ? [] : [`${failed} failed`]),
    ...(errors === 0 ? [] : [errors === 1 ? "1 error" : `${errors} errors`]),
  ].join(", ");
}

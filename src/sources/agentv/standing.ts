import { isStub, type Summary } from "./summary.ts";

/** A run that has ended was written to the end; so long its files may still be on their way here. */
const SETTLE_MS = 2_000;
/**
 * A test may take minutes, and nothing is written while it runs. Two minutes without a
 * result are worth telling; where tests of this run took longer, a few times as long as
 * the longest of them.
 */
const SILENCE_MS = 120_000;
const TIMES_LONGEST = 3;
const MOST_SILENCE_MS = 30 * 60_000;

/** What the files say. That nobody writes any more is judged from the clock elsewhere. */
export type Standing = "starting" | "running" | "finalising" | "resumed" | "completed";

export interface Evidence {
  /** Null while it is not there. */
  readonly summary: Summary | null;
  /** Test cases that have a result, and rows that cannot be read. */
  readonly done: number;
  readonly bad: number;
  /** Of the rows that are in the file now. Null: there are none. */
  readonly lastRow: "live" | "final" | null;
  readonly hasFinal: boolean;
  /** It was seen going on after a silence in which its writer was taken for gone. */
  readonly cameBack: boolean;
  /** How long nothing has been written. */
  readonly quietMs: number;
}

/**
 * The table of states. That a finished run goes on is told by the rows: those that the
 * end wrote are final, and live ones after them are newer. A run that was killed and goes
 * on leaves no mark in its files: that was seen, or it is simply running.
 */
export function standingOf(evidence: Evidence): Standing {
  const { bad, cameBack, done, hasFinal, lastRow, quietMs, summary } = evidence;
  const going = cameBack ? "resumed" : "running";
  if (summary === null || isStub(summary)) {
    if (done === 0) return "starting";
    const planned = summary?.metadata.planned_test_count ?? null;
    return planned !== null && done >= planned ? "finalising" : going;
  }
  if (lastRow === "final") {
    // The index is being written: what is not there yet is known, or will be.
    const isWhole = done + bad >= summary.metadata.tests_run.length || quietMs >= SETTLE_MS;
    return isWhole ? "completed" : "finalising";
  }
  return lastRow === "live" && hasFinal ? "resumed" : "finalising";
}

/** When another look may find it ended; null where there is nothing to wait for. */
export function settlesIn(standing: Standing, { lastRow, quietMs }: Evidence): number | null {
  // Without its summary it never has, however often somebody looks.
  return standing === "finalising" && lastRow === "final" && quietMs < SETTLE_MS ? SETTLE_MS - quietMs : null;
}

/** How long a run may write nothing; null once it owes nothing more. */
export function allowedSilence(standing: Standing, longestTestMs: number): number | null {
  if (standing === "completed") return null;
  return Math.min(MOST_SILENCE_MS, Math.max(SILENCE_MS, TIMES_LONGEST * longestTestMs));
}

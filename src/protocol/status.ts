/**
 * Where a run stands. `stalled` and `unknown` are Runreel's; the rest are a producer's own words.
 * `starting`: an evaluation without any result yet. A coding session is `idle` between two turns, and
 * `ended` when nothing has been written for so long that nobody is taken to sit before it: its files
 * never say so, and it may go on.
 */
const RUN_STATUSES = [
  "queued",
  "starting",
  "running",
  "waiting",
  "idle",
  "finalising",
  "stalled",
  "completed",
  "ended",
  "failed",
  "timed_out",
  "cancelled",
  "unknown",
] as const;
export type RunStatus = (typeof RUN_STATUSES)[number];

const TERMINAL: ReadonlySet<string> = new Set(["completed", "ended", "failed", "timed_out", "cancelled"]);
const KNOWN: ReadonlySet<string> = new Set(RUN_STATUSES);

/** Has the run ended for good? A terminal run never returns to running. */
export function isTerminal(status: string): boolean {
  return TERMINAL.has(status);
}

function isRunStatus(status: string): status is RunStatus {
  return KNOWN.has(status);
}

/** A producer's status word; one nobody has heard of is `unknown`, never a guess. */
export function readStatus(word: string): RunStatus {
  return isRunStatus(word) ? word : "unknown";
}

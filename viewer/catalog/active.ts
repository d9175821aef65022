import type { RunSummary } from "../../src/protocol/bundle.ts";
import type { RunStatus } from "../../src/protocol/status.ts";

/** What fell silent longer ago is not taken to go on, though nobody wrote its end. */
const LATELY_MS = 3_600_000;

/** Does it happen right now: does it go on, wait for somebody, or has it only just fallen silent? */
export function isActive(run: RunSummary, now: number): boolean {
  return isGoing(run.status) || (run.status === "stalled" && now - silentSince(run) < LATELY_MS);
}

function isGoing(status: RunStatus): boolean {
  switch (status) {
    case "queued":
    case "starting":
    case "running":
    case "waiting":
    case "finalising":
      return true;
    case "idle":
    case "stalled":
    case "completed":
    case "ended":
    case "failed":
    case "timed_out":
    case "cancelled":
    case "unknown":
      return false;
  }
}

function silentSince({ stalledSince, updatedAt }: RunSummary): number {
  return Date.parse(stalledSince ?? updatedAt);
}

import type { RunStatus } from "../../src/protocol/status.ts";

/**
 * The live edge, in run time: the time of the producer's own stamps.
 *
 * While a run moves, its edge moves with the wall clock, `skew` behind it. The
 * skew is the shortest way an event ever took to arrive, so a recording that is
 * written again hours later runs like a live one.
 */
export interface RunClock {
  readonly skew: number;
}

/** A run whose newest stamp is this young when it is first seen is happening now. */
const FRESH_MS = 15_000;
/** Of an evaluation nothing is written for as long as a test takes: so long it may go on without being stalled. */
const EVALUATION_FRESH_MS = 30 * 60_000;

/** Takes in that `newest` was the newest known stamp at wall time `now`. */
export function observe(
  clock: RunClock | null,
  newest: number,
  now: number,
  isEvaluation = false,
): RunClock | null {
  if (!Number.isFinite(newest)) return clock;
  const delay = now - newest;
  const fresh = isEvaluation ? EVALUATION_FRESH_MS : FRESH_MS;
  if (clock === null) return { skew: Math.abs(delay) <= fresh ? Math.min(0, delay) : delay };
  return delay < clock.skew ? { skew: delay } : clock;
}

/** How long a writer is silent before its run is called stalled: so far the edge has come by then. */
export const SILENT_MS = 15_000;

export function liveEdge(status: RunStatus, clock: RunClock | null, newest: number, now: number): number {
  if (status === "stalled") return newest + SILENT_MS;
  return clock !== null && isMoving(status) ? Math.max(newest, now - clock.skew) : newest;
}

/** Does time pass in a run of this status, though nothing may be written? */
export function isMoving(status: RunStatus): boolean {
  switch (status) {
    case "queued":
    case "starting":
    case "running":
    case "finalising":
      return true;
    case "waiting":
    case "idle":
    case "ended":
    case "stalled":
    case "completed":
    case "failed":
    case "timed_out":
    case "cancelled":
    case "unknown":
      return false;
  }
}

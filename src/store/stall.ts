import type { Pulse } from "../sources/source.ts";
import type { RunStatus } from "../protocol/status.ts";

/** Where a run stands, once its writer's silence is taken into account. */
export interface Standing {
  readonly status: RunStatus;
  /** The last write anyone saw; set exactly while `status` is "stalled". */
  readonly stalledSince?: string;
}

/**
 * A run that owes signs of life and has given none for too long is stalled:
 * its writer was killed, or the machine slept. It is never taken for ended, and
 * the next write brings it back.
 */
export function judge(pulse: Pulse, now: number): Standing {
  if (pulse.silenceMs === null || now - pulse.lastWriteAt <= pulse.silenceMs) return { status: pulse.status };
  return { status: "stalled", stalledSince: new Date(pulse.lastWriteAt).toISOString() };
}

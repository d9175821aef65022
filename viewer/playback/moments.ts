import type { Log } from "../../src/protocol/log.ts";
import { type Attempt, startedBy } from "../timeline/attempts.ts";

/** The moments that keys and buttons step to. */

interface Times {
  at(index: number): number;
  readonly length: number;
  knownAt(time: number): number;
  knownBefore(time: number): number;
}

/** The time of the next event after `at` in any of the logs, or null. */
export function nextEvent(logs: Iterable<Times>, at: number): number | null {
  let next = Number.POSITIVE_INFINITY;
  for (const times of logs) {
    const index = times.knownAt(at);
    if (index < times.length) next = Math.min(next, times.at(index));
  }
  return Number.isFinite(next) ? next : null;
}

export function previousEvent(logs: Iterable<Times>, at: number): number | null {
  let previous = Number.NEGATIVE_INFINITY;
  for (const times of logs) previous = Math.max(previous, times.at(times.knownBefore(at) - 1));
  return Number.isFinite(previous) ? previous : null;
}

export function nextStep(attempts: Log<Attempt>, at: number): number | null {
  return attempts.at(startedBy(attempts, at))?.startedAt ?? null;
}

/** The newest start of a step before `at`. */
export function previousStep(attempts: Log<Attempt>, at: number): number | null {
  let index = startedBy(attempts, at) - 1;
  while (index >= 0 && (attempts.at(index)?.startedAt ?? 0) >= at) index -= 1;
  return attempts.at(index)?.startedAt ?? null;
}

import { Log } from "../../src/protocol/log.ts";
import type { LogName } from "../../src/protocol/log-ranges.ts";
import type { Part } from "../live/part.ts";
import type { PageTimes } from "./page-times.ts";

/** The moments that keys and buttons step to. */

interface Times {
  times(): Iterable<readonly [log: LogName, times: PageTimes]>;
}

/** A moment, or null where there is none further. To tell, a page may have to be read, or the logs' times awaited. */
export type Moment =
  | { readonly kind: "found"; readonly at: number | null }
  | { readonly kind: "page"; readonly part: Part }
  | { readonly kind: "times" };

/** The time of the next event after `at` in any of the logs. */
export function nextEvent(index: Times, at: number): Moment {
  let next = Number.POSITIVE_INFINITY;
  for (const [log, times] of index.times()) {
    const line = times.knownAt(at);
    if (line === undefined) return missing(log, times, times.pageAt(at));
    if (line < times.length) next = Math.min(next, times.at(line) ?? next);
  }
  return { kind: "found", at: Number.isFinite(next) ? next : null };
}

export function previousEvent(index: Times, at: number): Moment {
  let previous = Number.NEGATIVE_INFINITY;
  for (const [log, times] of index.times()) {
    const line = times.knownBefore(at);
    if (line === undefined) return missing(log, times, times.pageBefore(at));
    // The line before a page's first is the one that its end tells of.
    const last = line % Log.PAGE === 0 ? times.beforePage(line) : times.at(line - 1);
    previous = Math.max(previous, last ?? previous);
  }
  return { kind: "found", at: Number.isFinite(previous) ? previous : null };
}

function missing(log: LogName, times: PageTimes, page: number): Moment {
  if (!times.isExact) return { kind: "times" };
  return { kind: "page", part: { log, from: page * Log.PAGE, to: (page + 1) * Log.PAGE } };
}

import { Log } from "../../src/protocol/log.ts";
import type { LogName } from "../../src/protocol/log-ranges.ts";
import type { Part } from "../live/part.ts";
import type { PageTimes } from "./page-times.ts";

/** The moments that keys and buttons step to. */

interface Times {
  times(): Iterable<readonly [log: LogName, times: PageTimes]>;
}

/** A moment, or null where there is none further. To tell, pages may have to be read, or the logs' times awaited. */
export type Moment =
  | { readonly kind: "found"; readonly at: number | null }
  /** All that are needed, so that they can be asked for at once. */
  | { readonly kind: "pages"; readonly parts: readonly Part[] }
  | { readonly kind: "times" };

/** The time of the next event after `at` in any of the logs. */
export function nextEvent(index: Times, at: number): Moment {
  let next = Number.POSITIVE_INFINITY;
  const missing = new Missing();
  for (const [log, times] of index.times()) {
    const line = times.knownAt(at);
    if (line === undefined) missing.add(log, times, times.pageAt(at));
    else if (line < times.length) next = Math.min(next, times.at(line) ?? next);
  }
  return missing.orElse({ kind: "found", at: Number.isFinite(next) ? next : null });
}

export function previousEvent(index: Times, at: number): Moment {
  let previous = Number.NEGATIVE_INFINITY;
  const missing = new Missing();
  for (const [log, times] of index.times()) {
    const line = times.knownBefore(at);
    if (line === undefined) {
      missing.add(log, times, times.pageBefore(at));
      continue;
    }
    // The line before a page's first is the one that its end tells of.
    const last = line % Log.PAGE === 0 ? times.beforePage(line) : times.at(line - 1);
    previous = Math.max(previous, last ?? previous);
  }
  return missing.orElse({ kind: "found", at: Number.isFinite(previous) ? previous : null });
}

/** What has to be known of the logs before a moment is. */
class Missing {
  readonly #parts: Part[] = [];
  #hasTimes = true;

  add(log: LogName, times: PageTimes, page: number): void {
    if (times.isExact) this.#parts.push({ log, from: page * Log.PAGE, to: (page + 1) * Log.PAGE });
    else this.#hasTimes = false;
  }

  /** Pages first: times come by themselves meanwhile. */
  orElse(found: Moment): Moment {
    if (this.#parts.length > 0) return { kind: "pages", parts: this.#parts };
    return this.#hasTimes ? found : { kind: "times" };
  }
}

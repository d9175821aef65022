import { Log } from "../protocol/log.ts";
import { AttemptResults } from "./attempt-results.ts";
import type { Counts } from "./run-events.ts";

/** More places than this are thinned out. */
const MOST_PLACES = 2_048;

interface CountedPlace {
  readonly line: number;
  /** What the lines before it come to. */
  readonly counts: Counts;
}

/**
 * Which event stands where in a run's trace, as far as anybody has read: so who
 * resumes need not read all that it has been sent. Of one epoch.
 *
 * What always holds: all lines before the last place are taken in, in order.
 */
export class EventNumbers {
  readonly results = new AttemptResults();
  readonly #places: CountedPlace[] = [];
  #every = Log.PAGE;

  /** The last known place with no event after number `sequence` before it. Undefined: the beginning. */
  before(sequence: number): CountedPlace | undefined {
    let [low, high] = [0, this.#places.length];
    while (low < high) {
      const middle = (low + high) >>> 1;
      const place = this.#places[middle];
      if (place !== undefined && place.counts.events <= sequence) low = middle + 1;
      else high = middle;
    }
    return this.#places[low - 1];
  }

  /** All lines before `line` have come to this. */
  note(line: number, counts: Counts): void {
    const last = this.#places.at(-1)?.line ?? -1;
    if (line <= last || line % this.#every !== 0) return;
    this.#places.push({ line, counts });
    if (this.#places.length <= MOST_PLACES) return;
    this.#every *= 2;
    const kept = this.#places.filter((place) => place.line % this.#every === 0);
    this.#places.splice(0, this.#places.length, ...kept);
  }
}

import { Log } from "../protocol/log.ts";
import type { PageIndex } from "./page-index.ts";

/**
 * The newest stamp of a scan so far. Stamps of one form are compared as texts,
 * and read only where a row or a page's end asks: to read each is half a scan.
 */
export class NewestStamp {
  readonly #index: PageIndex;
  #newest = Number.NEGATIVE_INFINITY;
  /** The newest text; it is read when it is asked for. */
  #text = "";
  #isRead = true;
  #page = 0;

  constructor(index: PageIndex) {
    this.#index = index;
  }

  get newest(): number {
    if (!this.#isRead) {
      this.#isRead = true;
      this.#take(this.#text);
    }
    return this.#newest;
  }

  stamp(line: number, stamp: string): void {
    const page = Math.floor(line / Log.PAGE);
    if (page !== this.#page) this.endPage(page);
    if (!UTC.test(stamp)) return this.#take(stamp);
    if (stamp <= this.#text) return;
    this.#text = stamp;
    this.#isRead = false;
  }

  /** What came so far belongs to the page before `next`. */
  endPage(next: number): void {
    this.#index.stamp(this.#page * Log.PAGE, this.newest);
    this.#page = next;
  }

  #take(stamp: string): void {
    const at = Date.parse(stamp);
    if (at > this.#newest) this.#newest = at;
  }
}

/**
 * Of the form whose texts are in the order of their times, and certainly a time:
 * 2026-01-02T03:04:05.678Z. The last days of a month are read one by one: not every month has them.
 */
const UTC = /^\d{4}-(?:0[1-9]|1[0-2])-(?:0[1-9]|1\d|2[0-8])T(?:[01]\d|2[0-3]):[0-5]\d:[0-5]\d\.\d{3}Z$/;

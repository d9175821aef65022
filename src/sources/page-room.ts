import { Log } from "../protocol/log.ts";

/** What the lines of a page may be together, and the lines that it has room for all the same. */
const PAGE_BYTES = 8 * 1024 * 1024;
const SHORT_BYTES = 64 * 1024;

/**
 * Has a page room for its next line? A page is fetched and held whole, so past
 * some megabytes its longer lines are holes. It follows from the page's lines
 * alone: a line is a hole for everyone or for nobody.
 */
export class PageRoom {
  #page = -1;
  #bytes = 0;

  /** To be asked of each line of a page, in order; `bytes` with its newline. */
  has(line: number, bytes: number): boolean {
    const page = Math.floor(line / Log.PAGE);
    if (page !== this.#page) {
      this.#page = page;
      this.#bytes = 0;
    }
    this.#bytes += bytes;
    return this.#bytes <= PAGE_BYTES || bytes <= SHORT_BYTES;
  }
}

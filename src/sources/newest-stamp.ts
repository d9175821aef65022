import { Log } from "../protocol/log.ts";
import { type LogQuiet, QuietSpells } from "../protocol/quiet.ts";
import type { PageIndex } from "./page-index.ts";

/**
 * The newest stamp of a scan so far, and the quiet spells between its lines.
 * Stamps of one form are compared as texts, and read only where a row, a page's
 * end or another ten seconds ask: to read each is half a scan.
 */
export class NewestStamp {
  readonly #index: PageIndex;
  #newest = Number.NEGATIVE_INFINITY;
  /** The newest text; it is read when it is asked for. */
  #text = "";
  #isRead = true;
  /** All stamps so far had the one form. */
  #isPlain = true;
  #page = 0;
  readonly #quiet = new QuietSpells();
  /** The newest line that is no heartbeat, while its stamp was not read; the empty text for none. */
  #written = "";

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

  get quiet(): LogQuiet {
    this.#write();
    return this.#quiet.told;
  }

  stamp(line: number, stamp: string, isHeartbeat: boolean): void {
    const page = Math.floor(line / Log.PAGE);
    if (page !== this.#page) this.endPage(page);
    if (!UTC.test(stamp)) {
      this.#take(stamp);
      this.#isPlain = false;
    } else if (stamp > this.#text) {
      this.#text = stamp;
      this.#isRead = false;
    }
    if (isHeartbeat) return;
    // Within the same ten seconds of the clock nobody was quiet for as long.
    const isNear = this.#isPlain && sameTenSeconds(this.#text, this.#written);
    if (!isNear) {
      this.#write();
      this.#quiet.write(this.newest);
    }
    this.#written = this.#isPlain ? this.#text : "";
  }

  /** What came so far belongs to the page before `next`. */
  endPage(next: number): void {
    this.#index.stamp(this.#page * Log.PAGE, this.newest);
    this.#page = next;
  }

  #write(): void {
    if (this.#written !== "") this.#quiet.write(Date.parse(this.#written));
    this.#written = "";
  }

  #take(stamp: string): void {
    const at = Date.parse(stamp);
    if (at > this.#newest) this.#newest = at;
  }
}

const TEN_SECONDS_CHARS = "2026-01-02T03:04:0".length;

function sameTenSeconds(left: string, right: string): boolean {
  return right !== "" && left.startsWith(right.slice(0, TEN_SECONDS_CHARS));
}

/**
 * Of the form whose texts are in the order of their times, and certainly a time:
 * 2026-01-02T03:04:05.678Z. The last days of a month are read one by one: not every month has them.
 */
const UTC = /^\d{4}-(?:0[1-9]|1[0-2])-(?:0[1-9]|1\d|2[0-8])T(?:[01]\d|2[0-3]):[0-5]\d:[0-5]\d\.\d{3}Z$/;

import { Log } from "../../src/protocol/log.ts";
import { firstWhere } from "./columns.ts";

interface Stamped {
  readonly at: string;
}

/** Pages whose times are kept line by line. They can be read again from the log. */
const MOST_PAGES = 2048;

/**
 * When each line of a log became known, for binary search, though only parts of
 * the log are held: by page everywhere, by line in the pages held.
 *
 * Times never go down: a line counts as known no earlier than the one before it,
 * and a line without a readable time takes the time of the one before. So what
 * was known at T is always a prefix of the log.
 */
export class PageTimes {
  #log: Log<Stamped> = Log.empty();
  /** The first line followed. What lies before it is learnt. */
  #from = 0;
  #length = 0;
  /** Of each page, the newest time up to its end; before the first line followed, as far as it was learnt. */
  #ends: number[] = [];
  #latest = Number.NEGATIVE_INFINITY;
  /** The times of the lines of a page, the newest page's among them. */
  readonly #pages = new Map<number, Float64Array>();
  #isExact = false;

  get length(): number {
    return this.#length;
  }

  /** The first line whose time follows from what was held when the log was first seen. */
  get from(): number {
    return this.#from;
  }

  /** Is it known what lies before the first line followed? Until then a past moment cannot be found. */
  get isExact(): boolean {
    return this.#isExact;
  }

  /** Follows the log, which is a later state of the one before; `each` is told of every new line. */
  extend<Entry extends Stamped>(
    log: Log<Entry>,
    each: (entry: Entry | undefined, line: number, at: number) => void,
  ): void {
    if (this.#length === 0) {
      this.#from = log.heldFrom;
      this.#length = this.#from;
      this.#isExact = this.#from === 0;
      this.#ends = Array.from({ length: this.#from / Log.PAGE }, () => Number.NEGATIVE_INFINITY);
    }
    this.#log = log;
    for (let line = this.#length; line < log.length; line += 1) {
      const entry = log.at(line);
      const time = entry === undefined ? Number.NaN : Date.parse(entry.at);
      if (time > this.#latest) this.#latest = time;
      const page = Math.floor(line / Log.PAGE);
      this.#pageOf(page)[line % Log.PAGE] = this.#latest;
      this.#ends[page] = this.#latest;
      this.#length = line + 1;
      each(entry, line, this.#latest);
    }
  }

  /** The ends of the pages before the first line followed. What was taken for the newest time may not have been. */
  learn(ends: readonly (number | null)[]): void {
    const pages = this.#from / Log.PAGE;
    let newest = Number.NEGATIVE_INFINITY;
    for (let page = 0; page < pages; page += 1) {
      newest = Math.max(newest, ends[page] ?? Number.NEGATIVE_INFINITY);
      this.#ends[page] = newest;
    }
    this.#isExact = true;
    this.#latest = Math.max(this.#latest, newest);
    for (let page = pages; page < this.#ends.length; page += 1) {
      if (this.#end(page) >= newest) break;
      this.#ends[page] = newest;
    }
    for (const times of this.#pages.values()) {
      for (let index = 0; index < times.length && times[index]! < newest; index += 1) times[index] = newest;
    }
  }

  /** The newest time before the first line followed. */
  get base(): number {
    return this.#from === 0 ? Number.NEGATIVE_INFINITY : this.#end(this.#from / Log.PAGE - 1);
  }

  latest(): number {
    return this.#latest;
  }

  /** When line `line` was known: before the first one, always; undefined where nothing tells it. */
  at(line: number): number | undefined {
    if (line < 0) return Number.NEGATIVE_INFINITY;
    if (line >= this.#length) return undefined;
    const page = Math.floor(line / Log.PAGE);
    if (line % Log.PAGE === Log.PAGE - 1 && this.#isExact) return this.#end(page);
    return this.#timesOf(page)?.[line % Log.PAGE];
  }

  /** The newest time of the pages before `line`, a page's first. */
  beforePage(line: number): number {
    return line === 0 ? Number.NEGATIVE_INFINITY : this.#end(line / Log.PAGE - 1);
  }

  /**
   * How many lines were known at `time`, those of that very moment included.
   * Undefined: the page `pageAt` tells has to be read first, or it is not exact yet.
   */
  knownAt(time: number): number | undefined {
    if (time === Number.POSITIVE_INFINITY) return this.#length;
    return this.#first(this.pageAt(time), (known) => known > time);
  }

  /** How many lines were known before `time`; undefined as above. */
  knownBefore(time: number): number | undefined {
    return this.#first(this.pageBefore(time), (known) => known >= time);
  }

  /** The page in which the lines known at `time` end. */
  pageAt(time: number): number {
    return firstWhere(this.#ends.length, (page) => this.#end(page) > time);
  }

  pageBefore(time: number): number {
    return firstWhere(this.#ends.length, (page) => this.#end(page) >= time);
  }

  #first(page: number, isPast: (known: number) => boolean): number | undefined {
    if (!this.#isExact) return undefined;
    if (page >= this.#ends.length) return this.#length;
    const times = this.#timesOf(page);
    if (times === undefined) return undefined;
    const lines = Math.min(Log.PAGE, this.#length - page * Log.PAGE);
    return page * Log.PAGE + firstWhere(lines, (line) => isPast(times[line]!));
  }

  #end(page: number): number {
    return this.#ends[page] ?? Number.NEGATIVE_INFINITY;
  }

  #timesOf(page: number): Float64Array | undefined {
    const known = this.#pages.get(page);
    if (known !== undefined) return known;
    const from = page * Log.PAGE;
    if (!this.#isExact || !this.#log.holds(from, from + Log.PAGE)) return undefined;
    const times = this.#pageOf(page);
    let latest = this.beforePage(from);
    for (let index = 0; index < Log.PAGE && from + index < this.#length; index += 1) {
      const entry = this.#log.at(from + index);
      const time = entry === undefined ? Number.NaN : Date.parse(entry.at);
      if (time > latest) latest = time;
      times[index] = latest;
    }
    return times;
  }

  #pageOf(page: number): Float64Array {
    let times = this.#pages.get(page);
    if (times === undefined) {
      times = new Float64Array(Log.PAGE).fill(Number.POSITIVE_INFINITY);
      this.#pages.set(page, times);
      if (this.#pages.size > MOST_PAGES) this.#forget(page);
    }
    return times;
  }

  /** The oldest kept, but neither the first page, where the run begins, nor the one that grows. */
  #forget(kept: number): void {
    for (const page of this.#pages.keys()) {
      if (page === 0 || page === kept || page === Math.floor(this.#length / Log.PAGE)) continue;
      this.#pages.delete(page);
      return;
    }
  }
}

/**
 * A list that only grows, whose past states are free, and of which only parts
 * need be in memory.
 *
 * A run's logs (trace, session events) reach millions of entries and gain one at
 * a time. Copying an array to append to it costs milliseconds at that size, for
 * every event. A Log instead shares its storage with every earlier state of
 * itself: a state is the shared pages plus a length. A page that is not held is
 * missing from the storage; it can be filled in later, because what it holds
 * does not change.
 *
 * What always holds:
 * - A Log never changes: what it read at an index once, it reads for ever.
 * - Storage beyond a Log's own length may belong to later states; it is never read.
 * - Only the newest state of a storage appends in place; an older one forks the
 *   last page first. So two futures of one past never see each other.
 * - A page is held whole or not at all. The page that grows is always held.
 * - A hole is a place whose entry could not be read; it counts, and reads undefined.
 */
export class Log<T> implements Iterable<T> {
  /** Entries a page. Appending to an older state and `with` copy at most one page. */
  static readonly PAGE = 128;

  readonly length: number;
  readonly #pages: ((T | undefined)[] | undefined)[];

  private constructor(pages: ((T | undefined)[] | undefined)[], length: number) {
    this.#pages = pages;
    this.length = length;
  }

  static empty<T>(): Log<T> {
    return new Log<T>([], 0);
  }

  static from<T>(items: Iterable<T>): Log<T> {
    return Log.tail<T>(0, items);
  }

  /** A log of which only the entries from `from` on are held; `from` is a page's first. Null is a hole. */
  static tail<T>(from: number, items: Iterable<T | null>): Log<T> {
    if (!Number.isSafeInteger(from) || from < 0 || from % Log.PAGE !== 0) {
      throw new RangeError(`${from} is not the first entry of a page`);
    }
    const pages: ((T | undefined)[] | undefined)[] = Array.from({ length: from / Log.PAGE });
    let length = from;
    for (const item of items) {
      if (length % Log.PAGE === 0) pages.push([]);
      pages[pages.length - 1]!.push(item ?? undefined);
      length += 1;
    }
    return new Log<T>(pages, length);
  }

  /** The entry at `index` (from 0), or undefined outside the log, in a hole, or where it is not held. */
  at(index: number): T | undefined {
    if (index < 0 || index >= this.length) return undefined;
    return this.#pages[Math.floor(index / Log.PAGE)]?.[index % Log.PAGE];
  }

  last(): T | undefined {
    return this.at(this.length - 1);
  }

  /** Are all entries from `from` up to `to` held? Places outside the log are no matter. */
  holds(from: number, to: number): boolean {
    const end = Math.min(to, this.length);
    for (let page = Math.floor(Math.max(0, from) / Log.PAGE); page * Log.PAGE < end; page += 1) {
      if (this.#pages[page] === undefined) return false;
    }
    return true;
  }

  /** The first entry of the pages held at the end: from there on everything is. */
  get heldFrom(): number {
    let page = Math.ceil(this.length / Log.PAGE);
    while (page > 0 && this.#pages[page - 1] !== undefined) page -= 1;
    return page * Log.PAGE;
  }

  /** Null, or a hole, for an entry that could not be read. */
  append(item: T | null): Log<T> {
    const value = item ?? undefined;
    const offset = this.length % Log.PAGE;
    const pageIndex = (this.length - offset) / Log.PAGE;
    let pages = this.#pages;
    if (offset === 0) {
      if (pages.length !== pageIndex) pages = pages.slice(0, pageIndex);
      pages.push([value]);
    } else {
      const page = pages[pageIndex];
      if (page === undefined) throw new RangeError("the page that grows is not held");
      if (page.length === offset) {
        page.push(value);
      } else {
        pages = pages.slice(0, pageIndex);
        pages.push([...page.slice(0, offset), value]);
      }
    }
    return new Log(pages, this.length + 1);
  }

  /** The log with the entry at `index` replaced; the index must exist, and be held. */
  with(index: number, item: T): Log<T> {
    const pageIndex = Math.floor(index / Log.PAGE);
    const held = index >= 0 && index < this.length ? this.#pages[pageIndex] : undefined;
    if (held === undefined) throw new RangeError(`no entry ${index} in a log of ${this.length}`);
    const pages = this.#pages.slice(0, Math.ceil(this.length / Log.PAGE));
    const page = held.slice(0, Math.min(Log.PAGE, this.length - pageIndex * Log.PAGE));
    page[index % Log.PAGE] = item;
    pages[pageIndex] = page;
    return new Log(pages, this.length);
  }

  /** The log as it was when it held `length` entries; costs nothing. */
  prefix(length: number): Log<T> {
    if (length >= this.length) return this;
    return new Log(this.#pages, Math.max(0, length));
  }

  /**
   * The same log with more of it held: `items` are its entries from `from`, a
   * page's first, on. Pages that are held already stay; a part of a page is
   * passed over, unless it is the end of the log.
   */
  fill(from: number, items: readonly (T | null)[]): Log<T> {
    if (from % Log.PAGE !== 0) throw new RangeError(`${from} is not the first entry of a page`);
    const pages = this.#pages.slice(0, Math.ceil(this.length / Log.PAGE));
    for (let start = 0; from + start < this.length; start += Log.PAGE) {
      const size = Math.min(Log.PAGE, this.length - from - start);
      if (start + size > items.length) break;
      const pageIndex = (from + start) / Log.PAGE;
      pages[pageIndex] ??= items.slice(start, start + size).map((item) => item ?? undefined);
    }
    return new Log(pages, this.length);
  }

  /** The same log with fewer pages held. The page that grows stays. */
  release(isKept: (page: number) => boolean): Log<T> {
    const last = Math.ceil(this.length / Log.PAGE) - 1;
    const pages = this.#pages
      .slice(0, last + 1)
      .map((page, index) => (index === last || isKept(index) ? page : undefined));
    return new Log(pages, this.length);
  }

  /** The entries held from `from` up to `to`, holes left out. */
  slice(from: number, to: number): T[] {
    return Array.from(this.entries(from, to), ([, item]) => item);
  }

  /** The same, each with its index. */
  *entries(from: number, to: number): Generator<readonly [index: number, item: T]> {
    const end = Math.min(to, this.length);
    for (let index = Math.max(0, from); index < end; index += 1) {
      const page = this.#pages[Math.floor(index / Log.PAGE)];
      if (page === undefined) {
        index += Log.PAGE - 1 - (index % Log.PAGE);
        continue;
      }
      const item = page[index % Log.PAGE];
      if (item !== undefined) yield [index, item];
    }
  }

  *[Symbol.iterator](): Iterator<T> {
    for (const [, item] of this.entries(0, this.length)) yield item;
  }

  /** On the wire a log that is held whole is an array, and any other says where its held end begins. */
  toJSON(): (T | null)[] | { from: number; entries: (T | null)[] } {
    const from = this.heldFrom;
    const entries: (T | null)[] = [];
    for (let index = from; index < this.length; index += 1) entries.push(this.at(index) ?? null);
    return from === 0 ? entries : { from, entries };
  }
}

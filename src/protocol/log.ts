/**
 * A list that only grows, whose past states are free.
 *
 * A run's logs (trace, steps, session events) reach hundreds of thousands of
 * entries and gain one at a time. Copying an array to append to it costs
 * milliseconds at that size, for every event. A Log instead shares its storage
 * with every earlier state of itself: a state is the shared pages plus a length.
 *
 * What always holds:
 * - A Log never changes: what it read at an index once, it reads for ever.
 * - Storage beyond a Log's own length may belong to later states; it is never read.
 * - Only the newest state of a storage appends in place; an older one forks the
 *   last page first. So two futures of one past never see each other.
 */
export class Log<T> implements Iterable<T> {
  /** Entries a page. Appending to an older state and `with` copy at most one page. */
  static readonly PAGE = 512;

  readonly length: number;
  readonly #pages: T[][];

  private constructor(pages: T[][], length: number) {
    this.#pages = pages;
    this.length = length;
  }

  static empty<T>(): Log<T> {
    return new Log<T>([], 0);
  }

  static from<T>(items: Iterable<T>): Log<T> {
    const pages: T[][] = [];
    let length = 0;
    for (const item of items) {
      if (length % Log.PAGE === 0) pages.push([]);
      pages[pages.length - 1]!.push(item);
      length += 1;
    }
    return new Log(pages, length);
  }

  /** The entry at `index` (from 0), or undefined outside the log. */
  at(index: number): T | undefined {
    if (index < 0 || index >= this.length) return undefined;
    return this.#pages[Math.floor(index / Log.PAGE)]![index % Log.PAGE];
  }

  last(): T | undefined {
    return this.at(this.length - 1);
  }

  append(item: T): Log<T> {
    const offset = this.length % Log.PAGE;
    const pageIndex = (this.length - offset) / Log.PAGE;
    let pages = this.#pages;
    if (offset === 0) {
      if (pages.length !== pageIndex) pages = pages.slice(0, pageIndex);
      pages.push([item]);
    } else {
      const page = pages[pageIndex]!;
      if (page.length === offset) {
        page.push(item);
      } else {
        const fork = page.slice(0, offset);
        fork.push(item);
        pages = pages.slice(0, pageIndex);
        pages.push(fork);
      }
    }
    return new Log(pages, this.length + 1);
  }

  /** The log with the entry at `index` replaced; the index must exist. */
  with(index: number, item: T): Log<T> {
    if (index < 0 || index >= this.length)
      throw new RangeError(`no entry ${index} in a log of ${this.length}`);
    const pageIndex = Math.floor(index / Log.PAGE);
    const pages = this.#pages.slice(0, Math.ceil(this.length / Log.PAGE));
    const first = pageIndex * Log.PAGE;
    const page = pages[pageIndex]!.slice(0, Math.min(Log.PAGE, this.length - first));
    page[index - first] = item;
    pages[pageIndex] = page;
    return new Log(pages, this.length);
  }

  /** The log as it was when it held `length` entries; costs nothing. */
  prefix(length: number): Log<T> {
    if (length >= this.length) return this;
    return new Log(this.#pages, Math.max(0, length));
  }

  slice(from: number, to: number): T[] {
    const items: T[] = [];
    for (let index = Math.max(0, from); index < Math.min(to, this.length); index += 1) {
      items.push(this.#pages[Math.floor(index / Log.PAGE)]![index % Log.PAGE]!);
    }
    return items;
  }

  *[Symbol.iterator](): Iterator<T> {
    for (let index = 0; index < this.length; index += 1) {
      yield this.#pages[Math.floor(index / Log.PAGE)]![index % Log.PAGE]!;
    }
  }

  /** On the wire a log is an array. */
  toJSON(): T[] {
    return this.slice(0, this.length);
  }
}

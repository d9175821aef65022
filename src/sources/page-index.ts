import { Log } from "../protocol/log.ts";

/**
 * A window holds so many lines, if there are, and so many bytes, if that leaves the
 * page that grows. A run may have hundreds of logs, so all windows together have limits too.
 */
const WINDOW_LINES = 512;
const WINDOW_BYTES = 1024 * 1024;
const ALL_LINES = 8 * WINDOW_LINES;
const ALL_BYTES = 4 * WINDOW_BYTES;

/**
 * Where each page of a followed log starts in its file, and the newest time
 * stamp in it: 16 bytes for 128 lines, which is all that is kept of a part that
 * nobody looks at.
 */
export class PageIndex {
  /** The offset of each page's first line, and of the page to come. */
  readonly #starts: number[];
  /** Each page's newest stamp, ms since the epoch. */
  readonly #newest: number[] = [];
  #lines: number;
  #bytes: number;

  /** `starts` of the pages of `lines` lines, a multiple of a page, and of the page after them. */
  constructor(lines: number, starts: readonly number[]) {
    this.#lines = lines;
    this.#starts = starts.slice(0, lines / Log.PAGE + 1);
    this.#bytes = this.startOf(lines / Log.PAGE);
  }

  get lines(): number {
    return this.#lines;
  }

  get fullPages(): number {
    return Math.floor(this.#lines / Log.PAGE);
  }

  startOf(page: number): number {
    return this.#starts[page] ?? 0;
  }

  /** Where the last line ends that there is. */
  get bytes(): number {
    return this.#bytes;
  }

  /** One more line, from `offset` to `end`. Gives its number. */
  add(offset: number, end: number): number {
    const line = this.#lines;
    if (line % Log.PAGE === 0) this.#starts[line / Log.PAGE] = offset;
    this.#lines += 1;
    this.#bytes = end;
    if (this.#lines % Log.PAGE === 0) this.#starts[this.#lines / Log.PAGE] = end;
    return line;
  }

  /** A line carries this stamp. */
  stamp(line: number, at: number): void {
    const page = Math.floor(line / Log.PAGE);
    while (this.#newest.length <= page) this.#newest.push(Number.NEGATIVE_INFINITY);
    if (at > (this.#newest[page] ?? 0)) this.#newest[page] = at;
  }

  /** For each full page, the newest stamp of any line up to its end; null while there is none. */
  ends(): (number | null)[] {
    let newest = Number.NEGATIVE_INFINITY;
    return Array.from({ length: this.fullPages }, (_, page) => {
      newest = Math.max(newest, this.#newest[page] ?? Number.NEGATIVE_INFINITY);
      return Number.isFinite(newest) ? newest : null;
    });
  }

  /** The newest stamp of any line before `page`; -Infinity where there is none. */
  newestBefore(page: number): number {
    let newest = Number.NEGATIVE_INFINITY;
    for (let each = 0; each < page; each += 1) newest = Math.max(newest, this.#newest[each] ?? newest);
    return newest;
  }

  windowFrom(logs: number): number {
    return windowFrom({ lines: this.#lines, bytes: this.#bytes, starts: this.#starts, logs });
  }
}

interface LogSize {
  readonly lines: number;
  readonly bytes: number;
  /** Of its pages. */
  readonly starts: readonly number[];
  /** Of the run, this one too. */
  readonly logs: number;
}

/** Where a window on a log begins: a page's first line. */
export function windowFrom({ bytes, lines, logs, starts }: LogSize): number {
  const mostLines = Math.min(WINDOW_LINES, ALL_LINES / logs);
  const mostBytes = Math.min(WINDOW_BYTES, ALL_BYTES / logs);
  const lastPage = Math.max(0, Math.ceil(lines / Log.PAGE) - 1);
  let page = Math.max(0, Math.min(lastPage, Math.floor((lines - mostLines) / Log.PAGE)));
  while (page < lastPage && bytes - (starts[page] ?? 0) > mostBytes) page += 1;
  return page * Log.PAGE;
}

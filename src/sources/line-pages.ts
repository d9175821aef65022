import { Log } from "../protocol/log.ts";

/** A full page: its lines with a comma between them, and where each one ends. */
interface Page {
  readonly bytes: Buffer;
  readonly ends: Uint32Array;
}

/**
 * Lines of JSON that only grow in number. All but those of the page that grows are
 * kept outside the heap, a block of bytes a page: a run may have a hundred thousand.
 */
export class LinePages {
  readonly #pages: Page[] = [];
  #open: string[] = [];

  get length(): number {
    return this.#pages.length * Log.PAGE + this.#open.length;
  }

  /** Gives the line's length in bytes. */
  push(line: string): number {
    this.#open.push(line);
    if (this.#open.length === Log.PAGE) {
      this.#pages.push(pageOf(this.#open));
      this.#open = [];
    }
    return Buffer.byteLength(line);
  }

  /** The lines from one up to another, with a comma between them. */
  joined(from: number, to: number): string {
    const parts: string[] = [];
    const last = Math.min(to, this.length);
    for (let line = Math.max(0, from); line < last;) {
      const [page, place] = [Math.floor(line / Log.PAGE), line % Log.PAGE];
      const until = Math.min(last - page * Log.PAGE, Log.PAGE);
      const full = this.#pages[page];
      parts.push(full === undefined ? this.#open.slice(place, until).join(",") : textOf(full, place, until));
      line += until - place;
    }
    return parts.join(",");
  }

  /** The lines from one up to another, each as bytes. */
  *each(from: number, to: number): Iterable<Buffer> {
    for (let line = Math.max(0, from); line < Math.min(to, this.length); line += 1) {
      const place = line % Log.PAGE;
      const full = this.#pages[Math.floor(line / Log.PAGE)];
      yield full === undefined ? Buffer.from(this.#open[place] ?? "") : bytesOf(full, place, place + 1);
    }
  }
}

function pageOf(lines: readonly string[]): Page {
  const ends = new Uint32Array(lines.length);
  let end = -1;
  for (const [place, line] of lines.entries()) {
    end += 1 + Buffer.byteLength(line);
    ends[place] = end;
  }
  return { bytes: Buffer.from(lines.join(",")), ends };
}

function bytesOf({ bytes, ends }: Page, from: number, to: number): Buffer {
  return bytes.subarray(from === 0 ? 0 : (ends[from - 1] ?? 0) + 1, ends[to - 1]);
}

function textOf(page: Page, from: number, to: number): string {
  return bytesOf(page, from, to).toString();
}

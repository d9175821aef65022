import type { FileHandle } from "node:fs/promises";
import type * as v from "valibot";
import type { Clock } from "../clock.ts";
import { type LineProblem, malformed, tooLong } from "./line-problem.ts";
import type { Found } from "../protocol/found.ts";
import { Log } from "../protocol/log.ts";
import { MAX_RANGE_LINES } from "../protocol/log-ranges.ts";
import type { OutlineRow } from "../protocol/outline.ts";
import type { Said } from "../protocol/said.ts";
import { QuietSpells } from "../protocol/quiet.ts";
import type { BundleFile } from "./bundle-file.ts";
import { countLines, readLines } from "./line-reader.ts";
import { NewestStamp } from "./newest-stamp.ts";
import { OutlineRows } from "./outline-rows.ts";
import { PageRoom } from "./page-room.ts";
import { PageIndex, windowFrom } from "./page-index.ts";
import { parseJson } from "./parse-json.ts";
import { blockBefore, FindInLines, NOTHING_FOUND } from "./find-in-lines.ts";
import type { FindAsk } from "./source.ts";
import type { Turns } from "./turns.ts";
import { FINGERPRINT_BYTES, MAX_LINE_BYTES, Tail, type TailItem, type TailResult } from "./tail.ts";

/** A range ends with the page that brings it to this. */
const RANGE_BYTES = 4 * 1024 * 1024;
/** So much of a line is enough to skim it. */
const SKIM_BYTES = 256;

/** What the lines of a log are, to who follows it. */
export interface LineKind<Item> {
  readonly schema: v.GenericSchema<unknown, Item>;
  /** The item of a line, with what only the line's number says; undefined: it says nothing. */
  numbered?(item: Item, line: number): Item;
  /** The item's time stamp, as the producer wrote it. */
  stampOf(item: Item): string;
  /** What the line says to the log's outline. */
  rowsOf(item: Item, line: number, at: number): readonly OutlineRow[];
  /** What there is to search in it. */
  saidIn(item: Item): Said | null;
  /** The attempt that it is of, for who shows what was found in it. */
  attemptOf?(item: Item): string | null;
  /** Says the line no more than that its writer is there? */
  isHeartbeat(item: Item): boolean;
  /**
   * The stamp of a line that certainly says nothing to the outline and is no
   * heartbeat, told from its beginning alone; null when it must be read. Most lines
   * of a long log are such.
   */
  skim(beginning: string): string | null;
}

export interface LineListener<Item> {
  /** The log's held part begins at this line; called once, before the first `take`, unless it is 0. */
  begin(from: number): void;
  /** The next line's item; null where it could not be read. */
  take(item: Item | null): void;
  report(problem: LineProblem): void;
}

/** What the logs of a run share. */
export interface AmongLogs {
  /** How many there are: a window is a share of what all of them may hold. */
  logs(): number;
  /** Whose turn it is to scan. */
  readonly turns: Turns;
}

/**
 * A followed log of JSON lines of which only the end is given on. Older lines
 * are read when they are asked for; meanwhile they are a number each 128 lines.
 *
 * What always holds: a line's number is how many newlines come before it, so the
 * number stands whatever can be read of it, and whoever counts.
 */
export class PagedLines<Item> {
  readonly #file: BundleFile;
  readonly #kind: LineKind<Item>;
  readonly #clock: Clock;
  readonly #listener: LineListener<Item>;
  readonly #among: AmongLogs;
  #opened: Opened | undefined;
  #rows = new OutlineRows();
  /** Rows of lines that were given on before the older part had been scanned. */
  #waiting: OutlineRow[] = [];
  /** The newest stamp of the lines given on, and, once it has been scanned, of the older part. */
  #newest = Number.NEGATIVE_INFINITY;
  readonly #quiet = new QuietSpells();
  readonly #room = new PageRoom();
  #scan: Promise<boolean> | undefined;
  #isScanned = false;
  #isClosed = false;

  constructor(
    file: BundleFile,
    kind: LineKind<Item>,
    clock: Clock,
    listener: LineListener<Item>,
    among: AmongLogs,
  ) {
    this.#among = among;
    this.#file = file;
    this.#kind = kind;
    this.#clock = clock;
    this.#listener = listener;
  }

  /** Throws OutsideRunError when what is there is no file of the run. */
  async read(): Promise<TailResult> {
    if (this.#opened === undefined) {
      const opened = await this.#open();
      if (opened === undefined) return { kind: "missing" };
      this.#opened = opened;
      if (opened.from > 0) this.#listener.begin(opened.from);
    }
    const { index, tail } = this.#opened;
    return tail.read((item) => this.#line(index, item));
  }

  close(): void {
    this.#isClosed = true;
  }

  /** Has its file been there yet? */
  get isOpen(): boolean {
    return this.#opened !== undefined;
  }

  windowFrom(): number | undefined {
    return this.#opened?.index.windowFrom(this.#among.logs());
  }

  /**
   * Takes in the part before the window, once: its stamps and its outline. It
   * reads in slices, so that other work goes on. False: it could not be done, and
   * is tried again when it is asked for again.
   */
  async scan(): Promise<boolean> {
    const opened = this.#opened;
    if (opened === undefined) return false;
    this.#scan ??= this.#among.turns.take(() => this.#scanOlder(opened)).catch(() => false);
    const scan = this.#scan;
    const isDone = await scan;
    if (!isDone && scan === this.#scan) {
      this.#scan = undefined;
      this.#rows = new OutlineRows();
    }
    return isDone;
  }

  async times(): Promise<string | undefined> {
    const opened = this.#opened;
    if (opened === undefined || !(await this.scan())) return undefined;
    return JSON.stringify({ ends: opened.index.ends(), ...this.#quiet.told });
  }

  async outline(fromRow: number): Promise<string | undefined> {
    const opened = this.#opened;
    if (opened === undefined) return undefined;
    const scan = this.scan();
    // The first rows of a long log can be on their way while the last ones are read.
    const isGood = await Promise.race([scan, this.#rows.whole(fromRow).then(() => true)]);
    if (!isGood) return undefined;
    const { json, next } = this.#rows.from(fromRow);
    return `{"blocks":[${json}],"lines":${opened.index.lines},"next":${String(next)}}`;
  }

  async range(from: number, to: number): Promise<string | undefined> {
    const opened = this.#opened;
    if (opened === undefined) return undefined;
    const { index } = opened;
    const first = Math.floor(from / Log.PAGE);
    const end = Math.min(Math.ceil(Math.min(to, from + MAX_RANGE_LINES) / Log.PAGE), index.fullPages);
    const begin = index.startOf(first);
    let after = Math.min(first + 1, end);
    while (after < end && index.startOf(after + 1) - begin <= RANGE_BYTES) after += 1;
    const entries: (Item | null)[] = [];
    if (after > first && !(await this.#readEntries(opened, first * Log.PAGE, index.startOf(after), entries)))
      return undefined;
    return JSON.stringify({ from: first * Log.PAGE, entries });
  }

  async find(ask: FindAsk): Promise<Found | undefined> {
    const opened = this.#opened;
    // A log that is yet to be written says nothing.
    if (opened === undefined) return NOTHING_FOUND;
    if (!(await this.scan())) return undefined;
    const { index } = opened;
    const block = blockBefore(index, ask.before);
    const finding = new FindInLines(this.#kind, ask.query, block, index.newestBefore(block.lead / Log.PAGE));
    const isWanted = () => !this.#isClosed && ask.isWanted();
    const begin = index.startOf(block.lead / Log.PAGE);
    const isRead =
      block.from === block.to ||
      (await this.#withFile(opened, (file) =>
        readLines(file, begin, block.end, (bytes) => finding.take(bytes), isWanted),
      ));
    return isRead ? finding.found() : undefined;
  }

  async #open(): Promise<Opened | undefined> {
    const opened = await this.#file.open();
    if (opened === undefined) return undefined;
    const { file, stats } = opened;
    try {
      const { lines, starts } = await countLines(file, Log.PAGE);
      const from = windowFrom({ lines, bytes: stats.size, starts, logs: this.#among.logs() });
      const index = new PageIndex(from, starts);
      const offset = index.startOf(from / Log.PAGE);
      const head = await bytesAt(file, 0, Math.min(FINGERPRINT_BYTES, offset));
      const latest = await bytesAt(file, Math.max(0, offset - FINGERPRINT_BYTES), offset);
      const tail = new Tail(this.#file, this.#clock, { offset, head, latest });
      return { index, tail, from };
    } finally {
      await file.close();
    }
  }

  #line(index: PageIndex, item: TailItem): void {
    const line = index.add(item.offset, item.end);
    if (item.kind === "blank") return this.#listener.take(null);
    if (item.kind === "too_long") {
      this.#listener.report(tooLong(item.offset, item.bytes));
      return this.#listener.take(null);
    }
    const bytes = item.end - item.offset;
    if (!this.#room.has(line, bytes)) {
      this.#reportNoRoom(item.offset, bytes);
      return this.#listener.take(null);
    }
    const value = this.#numbered(this.#parse(item.text, item.offset), line);
    this.#listener.take(value);
    if (value === null) return;
    this.#stamp(index, line, this.#kind.stampOf(value));
    if (!this.#kind.isHeartbeat(value)) this.#quiet.write(this.#newest);
    for (const row of this.#kind.rowsOf(value, line, this.#newest)) {
      if (this.#isScanned) this.#rows.push(row);
      else this.#waiting.push(row);
    }
  }

  #stamp(index: PageIndex, line: number, stamp: string): void {
    const at = Date.parse(stamp);
    if (Number.isNaN(at)) return;
    index.stamp(line, at);
    this.#newest = Math.max(this.#newest, at);
  }

  #parse(text: string, offset: number): Item | null {
    const parsed = parseJson(text, this.#kind.schema);
    if (parsed.kind === "good") return parsed.value;
    this.#listener.report(malformed(offset, text, parsed.message));
    return null;
  }

  #numbered(item: Item | null, line: number): Item | null {
    return item === null ? null : (this.#kind.numbered?.(item, line) ?? item);
  }

  #reportNoRoom(offset: number, bytes: number): void {
    const message = `The line was passed over: the ${Log.PAGE} lines it belongs to are too long together.`;
    this.#listener.report({ kind: "too_long", offset, bytes, message });
  }

  async #scanOlder(opened: Opened): Promise<boolean> {
    const { from, index } = opened;
    const older = new NewestStamp(index);
    const end = index.startOf(from / Log.PAGE);
    const whole = from === 0 || (await this.#withFile(opened, (file) => this.#scanFile(file, end, older)));
    if (!whole) return false;
    older.endPage(from / Log.PAGE);
    for (const row of this.#waiting) this.#rows.push({ ...row, at: Math.max(row.at, older.newest) });
    this.#waiting = [];
    this.#newest = Math.max(this.#newest, older.newest);
    this.#quiet.learn(older.quiet, older.newest);
    this.#isScanned = true;
    return true;
  }

  #scanFile(file: FileHandle, end: number, older: NewestStamp): Promise<boolean> {
    let line = -1;
    const room = new PageRoom();
    const each = (bytes: Buffer | null, offset: number) => {
      line += 1;
      if (bytes === null) return this.#listener.report(tooLong(offset, MAX_LINE_BYTES));
      if (!room.has(line, bytes.length + 1)) return this.#reportNoRoom(offset, bytes.length);
      const isWhole = looksWhole(bytes);
      const stamp = isWhole ? this.#kind.skim(bytes.toString("latin1", 0, SKIM_BYTES)) : null;
      if (stamp !== null) return older.stamp(line, stamp, false);
      const text = bytes.toString();
      if (text.trim() === "") return;
      const value = this.#parse(text, offset);
      if (value === null) return;
      older.stamp(line, this.#kind.stampOf(value), this.#kind.isHeartbeat(value));
      for (const row of this.#kind.rowsOf(value, line, older.newest)) this.#rows.push(row);
    };
    return readLines(file, 0, end, each, () => !this.#isClosed);
  }

  /** From `line`, a page's first, up to what begins at `end`. */
  #readEntries(opened: Opened, line: number, end: number, entries: (Item | null)[]): Promise<boolean> {
    const begin = opened.index.startOf(line / Log.PAGE);
    const room = new PageRoom();
    const each = (bytes: Buffer | null) => {
      const isRead = bytes !== null && room.has(entries.length, bytes.length + 1);
      const parsed = isRead ? parseJson(bytes.toString(), this.#kind.schema) : undefined;
      const item = parsed?.kind === "good" ? parsed.value : null;
      entries.push(this.#numbered(item, line + entries.length));
    };
    return this.#withFile(opened, (file) => readLines(file, begin, end, each));
  }

  /** False when the file is no longer the one that is followed, or is written anew meanwhile. */
  async #withFile({ tail }: Opened, use: (file: FileHandle) => Promise<boolean>): Promise<boolean> {
    const there = await this.#file.open();
    if (there === undefined) return false;
    const { file, stats } = there;
    try {
      if (stats.ino !== tail.inode || !(await tail.isSameFile(file))) return false;
      return (await use(file)) && (await tail.isSameFile(file));
    } finally {
      await there.file.close();
    }
  }
}

interface Opened {
  readonly index: PageIndex;
  readonly tail: Tail;
  /** The first line that is given on. */
  readonly from: number;
}

const CLOSING_BRACE = 125;
/** So many bytes begin every line of a kind alike. */
const ALIKE_BYTES = 7;

/**
 * May a line be told by its beginning? One that ends with a brace is whole, and
 * one in which its first bytes come again may be half a line with another behind it.
 */
function looksWhole(bytes: Buffer): boolean {
  if (bytes[bytes.length - 1] !== CLOSING_BRACE) return false;
  return bytes.indexOf(bytes.subarray(0, ALIKE_BYTES), 1) === -1;
}

async function bytesAt(file: FileHandle, from: number, to: number): Promise<Buffer> {
  const bytes = Buffer.alloc(to - from);
  await file.read(bytes, 0, bytes.length, from);
  return bytes;
}

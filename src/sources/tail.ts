import type { FileHandle } from "node:fs/promises";
import { setImmediate as breathe } from "node:timers/promises";
import type { Clock } from "../clock.ts";
import type { BundleFile } from "./bundle-file.ts";
import { withoutMark } from "./byte-order-mark.ts";

/** Bytes a read takes at a time, and lines that are given out at a time: long catch-ups let other work in between. */
const CHUNK_BYTES = 256 * 1024;
export const LINES_AT_A_TIME = 1_000;
/** A line longer than this is passed over and reported; it never lies in memory whole. */
export const MAX_LINE_BYTES = 8 * 1024 * 1024;
/** How much of what was read is kept, at its start and at its end, to recognise the file again. */
export const FINGERPRINT_BYTES = 64;
/** A file that shrank may be in the middle of being written anew; so long it gets to grow back. */
export const SETTLE_MS = 500;
/** A last line without its newline is taken for whole once the file has been quiet for this long. */
const REST_QUIET_MS = 1_000;

export type TailItem =
  | (Line & { readonly kind: "line"; readonly text: string })
  /** A line without anything on it: it is no entry, but it counts where lines are counted. */
  | (Line & { readonly kind: "blank" })
  | (Line & { readonly kind: "too_long"; readonly bytes: number });

interface Line {
  /** Where it starts, in bytes. */
  readonly offset: number;
  /** Where the next one does. */
  readonly end: number;
}

/** Where a tail begins that does not begin at the file's first byte, and by what the file is known again. */
export interface TailStart {
  /** Where a line starts, in bytes. */
  readonly offset: number;
  /** The file's first bytes, and those right before the offset. */
  readonly head: Buffer;
  readonly latest: Buffer;
}

export type TailResult =
  /** The file is not there (yet). */
  | { readonly kind: "missing" }
  /** All there was has been read; `readAgainIn` ms it is worth another look. */
  | {
      readonly kind: "read";
      readonly modifiedAt: number;
      readonly readAgainIn?: number;
      /** There is more, which was not asked for. */
      readonly isCut?: true;
    }
  /** What was read before is no longer what the file holds: start over with a new Tail. */
  | { readonly kind: "rewritten" };

/** How much is read at a time. */
interface Reading {
  /** It stops soon after so many bytes. */
  readonly most?: number;
  /** Waited for after each chunk: who reads much holds itself back there. */
  readonly pace?: (() => Promise<void>) | undefined;
}

/**
 * Follows a file of lines: gives every complete line once, in order, however the
 * writes were cut, at the cost of the new bytes alone.
 *
 * What always holds:
 * - Half a line is kept as bytes, so a character cut in two is never damaged.
 * - Every byte belongs to exactly one line; `offset` is where the line starts.
 * - The file is known by its first bytes and the last ones read. One that was
 *   written anew with the same beginning is simply read on; any other is "rewritten".
 * - Memory is bounded by MAX_LINE_BYTES and a chunk, whatever the file holds.
 */
export class Tail {
  readonly #file: BundleFile;
  readonly #clock: Clock;
  /** Where the next read starts, in bytes. */
  #offset = 0;
  #lineStart = 0;
  #partial: Buffer[] = [];
  #partialBytes = 0;
  /** Within a line that is too long: its bytes are counted, not kept. */
  #skipping = false;
  #head: Buffer = Buffer.alloc(0);
  #latest: Buffer = Buffer.alloc(0);
  #inode = 0;
  #modifiedAt = 0;
  #shrunkSince: number | undefined;
  #quietSince: number | undefined;
  /** The line was given out before its newline came: that newline ends nothing more. */
  #givenEarly = false;

  constructor(file: BundleFile, clock: Clock, start?: TailStart) {
    this.#file = file;
    this.#clock = clock;
    if (start === undefined) return;
    this.#offset = start.offset;
    this.#lineStart = start.offset;
    this.#head = start.head;
    this.#latest = start.latest;
  }

  /** So many bytes have been read. */
  get offset(): number {
    return this.#offset;
  }

  /** Which file it was at the last read: one that another of the same content replaced is read on. */
  get inode(): number {
    return this.#inode;
  }

  /** Throws OutsideRunError when what is there is no file of the run. */
  async read(take: (item: TailItem) => void, reading: Reading = {}): Promise<TailResult> {
    const opened = await this.#file.open();
    if (opened === undefined) return { kind: "missing" };
    const { file, stats } = opened;
    const { size, ino, mtimeMs } = stats;
    try {
      if (size < this.#offset) return this.#shrunk(mtimeMs);
      const touched = size === this.#offset && mtimeMs !== this.#modifiedAt;
      const doubtful = ino !== this.#inode || this.#shrunkSince !== undefined || touched;
      if (doubtful && this.#offset > 0 && !(await this.isSameFile(file))) return { kind: "rewritten" };
      // What has been quiet when it is first seen need not be waited for.
      const isOld = this.#inode === 0 && this.#clock.now() - mtimeMs > REST_QUIET_MS;
      this.#inode = ino;
      this.#modifiedAt = mtimeMs;
      this.#shrunkSince = undefined;
      if (size === this.#offset) return this.#rest(mtimeMs, take);
      this.#quietSince = undefined;
      const read = await this.#readOn(file, take, reading);
      if (read === "other") return { kind: "rewritten" };
      if (read === "cut") return { kind: "read", modifiedAt: mtimeMs, isCut: true };
      if (isOld) {
        this.#quietSince = this.#clock.passed() - REST_QUIET_MS;
        return this.#rest(mtimeMs, take);
      }
      return this.#partialBytes > 0
        ? { kind: "read", modifiedAt: mtimeMs, readAgainIn: REST_QUIET_MS }
        : { kind: "read", modifiedAt: mtimeMs };
    } finally {
      await file.close();
    }
  }

  /** "other": the bytes just before the offset are not the ones read there before. */
  async #readOn(
    file: FileHandle,
    take: (item: TailItem) => void,
    { most = Number.POSITIVE_INFINITY, pace }: Reading,
  ): Promise<"end" | "cut" | "other"> {
    const until = this.#offset + most;
    const chunk = Buffer.allocUnsafe(FINGERPRINT_BYTES + CHUNK_BYTES);
    for (;;) {
      const back = this.#latest.length;
      const { bytesRead } = await file.read(chunk, 0, back + CHUNK_BYTES, this.#offset - back);
      if (bytesRead < back || !chunk.subarray(0, back).equals(this.#latest)) return "other";
      if (bytesRead === back) return "end";
      if (this.#offset >= until) return "cut";
      // The bytes outlive this buffer's next use, so they are copied out of it.
      const fresh = Buffer.from(chunk.subarray(back, bytesRead));
      if (this.#givenEarly && !/^\s/.test(fresh.toString("latin1", 0, 1))) return "other";
      await this.#split(fresh, take);
      // Together, and at last: by these two the file is recognised, meanwhile too.
      this.#offset += fresh.length;
      this.#remember(fresh);
      await pace?.();
    }
  }

  #remember(fresh: Buffer): void {
    if (this.#head.length < FINGERPRINT_BYTES) {
      this.#head = Buffer.concat([this.#head, fresh.subarray(0, FINGERPRINT_BYTES - this.#head.length)]);
    }
    this.#latest =
      fresh.length >= FINGERPRINT_BYTES
        ? Buffer.from(fresh.subarray(-FINGERPRINT_BYTES))
        : Buffer.from(Buffer.concat([this.#latest, fresh]).subarray(-FINGERPRINT_BYTES));
  }

  async #split(fresh: Buffer, take: (item: TailItem) => void): Promise<void> {
    let from = 0;
    let given = 0;
    for (let end = fresh.indexOf(10); end !== -1; end = fresh.indexOf(10, from)) {
      this.#endLine(fresh.subarray(from, end), this.#offset + end, take);
      from = end + 1;
      given += 1;
      if (given % LINES_AT_A_TIME === 0) await breathe();
    }
    this.#hold(fresh.subarray(from));
  }

  #hold(bytes: Buffer): void {
    if (bytes.length === 0) return;
    this.#partialBytes += bytes.length;
    if (this.#partialBytes > MAX_LINE_BYTES) {
      this.#skipping = true;
      this.#partial = [];
    }
    if (!this.#skipping) this.#partial.push(bytes);
  }

  #endLine(lastPart: Buffer, newlineAt: number, take: (item: TailItem) => void): void {
    this.#hold(lastPart);
    const offset = this.#lineStart;
    const bytes = this.#partialBytes;
    const text = this.#skipping ? undefined : this.#text();
    const end = newlineAt + 1;
    this.#startLine(end);
    const ended = this.#givenEarly;
    this.#givenEarly = false;
    if (text === undefined) take({ kind: "too_long", offset, end, bytes });
    else if (text.trim() !== "") take({ kind: "line", offset, end, text });
    else if (!ended) take({ kind: "blank", offset, end });
  }

  #text(): string {
    const bytes = Buffer.concat(this.#partial);
    return (this.#lineStart === 0 ? withoutMark(bytes) : bytes).toString("utf8");
  }

  #startLine(at: number): void {
    this.#lineStart = at;
    this.#partial = [];
    this.#partialBytes = 0;
    this.#skipping = false;
  }

  /**
   * Nothing new. A last line that never got its newline is given out once the
   * file is quiet and the line is a whole JSON object: nothing but a newline can
   * still follow one. A newline that comes later ends an empty line.
   */
  #rest(modifiedAt: number, take: (item: TailItem) => void): TailResult {
    if (this.#partialBytes === 0 || this.#skipping) return { kind: "read", modifiedAt };
    const now = this.#clock.passed();
    this.#quietSince ??= now;
    const quietFor = now - this.#quietSince;
    if (quietFor < REST_QUIET_MS) {
      return { kind: "read", modifiedAt, readAgainIn: REST_QUIET_MS - quietFor };
    }
    // Looked at once: half a line stays half until something is written.
    if (this.#quietSince !== Number.NEGATIVE_INFINITY) {
      this.#quietSince = Number.NEGATIVE_INFINITY;
      const text = this.#text();
      if (isWholeObject(text)) {
        const offset = this.#lineStart;
        this.#startLine(this.#offset);
        this.#givenEarly = true;
        take({ kind: "line", offset, end: this.#offset, text });
      }
    }
    return { kind: "read", modifiedAt };
  }

  #shrunk(modifiedAt: number): TailResult {
    const now = this.#clock.passed();
    this.#shrunkSince ??= now;
    const left = this.#shrunkSince + SETTLE_MS - now;
    return left > 0 ? { kind: "read", modifiedAt, readAgainIn: left } : { kind: "rewritten" };
  }

  /** Does the file hold what was read of it before, as far as its fingerprint tells? */
  async isSameFile(file: FileHandle): Promise<boolean> {
    const [knownHead, knownLatest, offset] = [this.#head, this.#latest, this.#offset];
    const head = Buffer.alloc(knownHead.length);
    await file.read(head, 0, head.length, 0);
    if (!head.equals(knownHead)) return false;
    const latest = Buffer.alloc(knownLatest.length);
    await file.read(latest, 0, latest.length, offset - latest.length);
    return latest.equals(knownLatest);
  }
}

function isWholeObject(text: string): boolean {
  if (!text.trimEnd().endsWith("}")) return false;
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === "object" && value !== null;
  } catch {
    return false;
  }
}

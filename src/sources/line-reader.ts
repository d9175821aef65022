import type { FileHandle } from "node:fs/promises";
import { setImmediate as breathe } from "node:timers/promises";
import { withoutMark } from "./byte-order-mark.ts";
import { LINES_AT_A_TIME, MAX_LINE_BYTES } from "./tail.ts";

/** Bytes a read takes at a time: between two of them other work has its turn. */
const CHUNK_BYTES = 256 * 1024;
const NEWLINE = 10;

/** `bytes` is the line without its newline, good only until `each` returns; null where it is too long to be read. */
export type EachLine = (bytes: Buffer | null, offset: number) => void;

/**
 * Gives every line from `from` up to `to` (both in bytes, where lines start); the
 * last one may lack its newline, if there is anything on it. Stops early when `isWanted`
 * says so; gives false then, and when the file is shorter than it was.
 */
export async function readLines(
  file: FileHandle,
  from: number,
  to: number,
  each: EachLine,
  isWanted: () => boolean = () => true,
): Promise<boolean> {
  const give: EachLine = (bytes, offset) =>
    each(bytes !== null && offset === 0 ? withoutMark(bytes) : bytes, offset);
  const chunk = Buffer.allocUnsafe(CHUNK_BYTES);
  const partial = new PartialLine();
  let lineStart = from;
  let given = 0;
  for (let at = from; at < to;) {
    const { bytesRead } = await file.read(chunk, 0, Math.min(CHUNK_BYTES, to - at), at);
    if (bytesRead === 0 || !isWanted()) return false;
    const fresh = chunk.subarray(0, bytesRead);
    let start = 0;
    for (let end = fresh.indexOf(NEWLINE); end !== -1; end = fresh.indexOf(NEWLINE, start)) {
      give(partial.endWith(fresh.subarray(start, end)), lineStart);
      start = end + 1;
      lineStart = at + start;
      given += 1;
      if (given % LINES_AT_A_TIME === 0) {
        await breathe();
        if (!isWanted()) return false;
      }
    }
    partial.hold(fresh.subarray(start));
    at += bytesRead;
  }
  const rest = partial.endWith(Buffer.alloc(0));
  if (rest === null || rest.length > 0) give(rest, lineStart);
  return true;
}

/** The part of a line that came with earlier chunks. One that is too long is not kept. */
class PartialLine {
  #parts: Buffer[] = [];
  #bytes = 0;

  hold(bytes: Buffer): void {
    if (bytes.length === 0) return;
    this.#bytes += bytes.length;
    // The chunk is used again, so what outlives it is copied.
    this.#parts = this.#bytes > MAX_LINE_BYTES ? [] : [...this.#parts, Buffer.from(bytes)];
  }

  endWith(last: Buffer): Buffer | null {
    const bytes = this.#bytes + last.length;
    const parts = this.#parts;
    this.#parts = [];
    this.#bytes = 0;
    if (bytes > MAX_LINE_BYTES) return null;
    return parts.length === 0 ? last : Buffer.concat([...parts, last]);
  }
}

/**
 * Counts the lines of a file and tells where every `every`th starts: at the speed
 * of memory, because nothing is looked at but newlines.
 */
export async function countLines(
  file: FileHandle,
  every: number,
): Promise<{ lines: number; starts: number[] }> {
  const chunk = Buffer.allocUnsafe(4 * CHUNK_BYTES);
  const starts = [0];
  let lines = 0;
  for (let at = 0; ;) {
    const { bytesRead } = await file.read(chunk, 0, chunk.length, at);
    if (bytesRead === 0) return { lines, starts };
    const fresh = chunk.subarray(0, bytesRead);
    for (let end = fresh.indexOf(NEWLINE); end !== -1; end = fresh.indexOf(NEWLINE, end + 1)) {
      lines += 1;
      if (lines % every === 0) starts.push(at + end + 1);
    }
    at += bytesRead;
  }
}

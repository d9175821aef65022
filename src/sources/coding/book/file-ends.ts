import type { FileHandle } from "node:fs/promises";
import type { Stats } from "node:fs";
import { BundleFile } from "../../bundle-file.ts";
import { withoutMark } from "../../byte-order-mark.ts";
import type { SessionFile } from "../format.ts";
import { parse } from "./file-reading.ts";

/** So much of a file's head, and of its end, is read to tell of it before it was read whole. */
export const ENDS_BYTES = 12 * 1024;
/** More where not even one record ends within that. */
const MOST_BYTES = 4 * 1024 * 1024;

export interface FileEnds {
  readonly stats: Stats;
  readonly head: string;
  /** Empty where the head is all there is. */
  readonly end: string;
}

/** The first lines of a file and its last ones. Undefined: it is not there. */
export async function readEnds({ dir, name }: SessionFile): Promise<FileEnds | undefined> {
  const opened = await new BundleFile(dir, name).open();
  if (opened === undefined) return undefined;
  const { file, stats } = opened;
  try {
    const head = await readHead(file, stats.size);
    return { stats, head, end: stats.size > ENDS_BYTES ? await readEnd(file, stats.size) : "" };
  } finally {
    await file.close();
  }
}

async function readHead(file: FileHandle, size: number): Promise<string> {
  for (let bytes = ENDS_BYTES; ; bytes *= 8) {
    const text = await readAt(file, 0, Math.min(bytes, size));
    if (bytes >= size) return text;
    const end = text.lastIndexOf("\n") + 1;
    if (end > 0 || bytes >= MOST_BYTES) return text.slice(0, end);
  }
}

async function readEnd(file: FileHandle, size: number): Promise<string> {
  for (let bytes = ENDS_BYTES; ; bytes *= 8) {
    const from = Math.max(0, size - bytes);
    const text = await readAt(file, from, size - from);
    if (from === 0) return text;
    const start = text.indexOf("\n") + 1;
    if ((start > 0 && start < text.length) || bytes >= MOST_BYTES) return text.slice(start);
  }
}

async function readAt(file: FileHandle, from: number, bytes: number): Promise<string> {
  const buffer = Buffer.allocUnsafe(bytes);
  const { bytesRead } = await file.read(buffer, 0, bytes, from);
  const read = buffer.subarray(0, bytesRead);
  return (from === 0 ? withoutMark(read) : read).toString();
}

/** What is no JSON is left out. */
export function recordsOf(text: string): readonly unknown[] {
  const records: unknown[] = [];
  for (const line of text.split("\n")) {
    const record = line.trim() === "" ? undefined : parse(line);
    if (record !== undefined) records.push(record);
  }
  return records;
}

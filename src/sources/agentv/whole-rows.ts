import type { FileHandle } from "node:fs/promises";
import type { BundleFile } from "../bundle-file.ts";
import { parseJson } from "../parse-json.ts";
import { isRefused } from "../refused.ts";
import { identityOf } from "./results.ts";
import { type IndexRow, isFinal, Row } from "./row.ts";

/** Rows that lie together in so much of the file are read at once. */
const SPAN_BYTES = 4 * 1024 * 1024;

/**
 * The rows of an index, each read again whole when it is told: what is said in all of
 * them may be far more than memory holds.
 */
export class WholeRows {
  readonly #file: BundleFile;

  constructor(file: BundleFile) {
    this.#file = file;
  }

  /** In their order; null where another row stands now, or none: the file was written anew meanwhile. */
  async read(rows: readonly IndexRow[]): Promise<(Row | null)[]> {
    const opened = rows.length === 0 ? undefined : await this.#open();
    if (opened === undefined) return rows.map(() => null);
    const { file } = opened;
    try {
      const text = await textsIn(file, rows);
      const found: (Row | null)[] = [];
      for (const row of rows) {
        const parsed = parseJson(await text(row), Row);
        found.push(parsed.kind === "good" && isSame(parsed.value, row) ? parsed.value : null);
      }
      return found;
    } finally {
      await file.close();
    }
  }

  async #open() {
    try {
      return await this.#file.open();
    } catch (error) {
      if (isRefused(error)) return undefined;
      throw error;
    }
  }
}

function isSame(row: Row, known: IndexRow): boolean {
  return (
    identityOf(row) === identityOf(known) && isFinal(row) === isFinal(known) && row.score === known.score
  );
}

async function textsIn(
  file: FileHandle,
  rows: readonly IndexRow[],
): Promise<(row: IndexRow) => Promise<string>> {
  const from = Math.min(...rows.map(({ offset }) => offset));
  const to = Math.max(...rows.map(({ bytes, offset }) => offset + bytes));
  if (to - from > SPAN_BYTES)
    return async ({ bytes, offset }) => (await span(file, offset, bytes)).toString();
  const all = await span(file, from, to - from);
  return async ({ bytes, offset }) => all.toString("utf8", offset - from, offset - from + bytes);
}

/** Less where the file has become shorter. */
async function span(file: FileHandle, offset: number, bytes: number): Promise<Buffer> {
  const buffer = Buffer.alloc(bytes);
  const { bytesRead } = await file.read(buffer, 0, bytes, offset);
  return buffer.subarray(0, bytesRead);
}

import { BundleFile } from "../bundle-file.ts";
import { withoutMark } from "../byte-order-mark.ts";
import { isMissing } from "../file-errors.ts";
import { isRefused } from "../refused.ts";
import { MAX_LINE_BYTES } from "../tail.ts";
import type { SessionFile } from "./format.ts";

/** Most sessions tell what they are by then; a first record may hold a picture. Then ever more is read. */
const HEAD_BYTES = 8 * 1024;
/** A file that has not told by then is none. */
const ENOUGH_BYTES = 64 * 1024;
const MOST_RECORDS = 20;

export interface FirstRecords {
  readonly records: readonly unknown[];
  /** There is no more that could be told by. */
  readonly isAll: boolean;
}

/** The first records of a file, as many as are enough to tell what it is; one at least if there is one. */
export async function firstRecords(
  { dir, name }: SessionFile,
  isEnough: (records: readonly unknown[]) => boolean = () => false,
): Promise<FirstRecords> {
  try {
    const opened = await new BundleFile(dir, name).open();
    if (opened === undefined) return NOTHING;
    const { file, stats } = opened;
    try {
      for (let most = HEAD_BYTES; ; most *= 8) {
        const bytes = Buffer.alloc(Math.min(most, stats.size, MAX_LINE_BYTES));
        const { bytesRead } = await file.read(bytes, 0, bytes.length, 0);
        const records = recordsIn(withoutMark(bytes.subarray(0, bytesRead)).toString());
        const isMuch = records.length > 0 && (records.length === MOST_RECORDS || most >= ENOUGH_BYTES);
        const isAll = isMuch && (records.length === MOST_RECORDS || bytesRead < stats.size);
        if (isEnough(records) || isMuch || bytesRead >= stats.size || most >= MAX_LINE_BYTES)
          return { records, isAll };
      }
    } finally {
      await file.close();
    }
  } catch (error) {
    if (isMissing(error) || isRefused(error)) return NOTHING;
    throw error;
  }
}

const NOTHING: FirstRecords = { records: [], isAll: false };

function recordsIn(text: string): unknown[] {
  const records: unknown[] = [];
  for (let from = 0; from < text.length && records.length < MOST_RECORDS;) {
    const newline = text.indexOf("\n", from);
    const end = newline === -1 ? text.length : newline;
    try {
      const record: unknown = JSON.parse(text.slice(from, end));
      records.push(record);
    } catch {
      // Half a line, or none of a session's: whatever else there is says what the file is.
    }
    from = end + 1;
  }
  return records;
}

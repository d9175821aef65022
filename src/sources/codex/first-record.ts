import { BundleFile } from "../bundle-file.ts";
import { withoutMark } from "../byte-order-mark.ts";
import type { SessionFile } from "../coding/format.ts";
import { isMissing } from "../file-errors.ts";
import { isRefused } from "../refused.ts";

/** The first record has the instructions of the model in it, and the tools. */
const HEAD_BYTES = 64 * 1024;
const MOST_BYTES = 8 * 1024 * 1024;

/** The first record of a file; undefined: it is not there whole, or no JSON. */
export async function firstRecord({ dir, name }: SessionFile): Promise<unknown> {
  try {
    const opened = await new BundleFile(dir, name).open();
    if (opened === undefined) return undefined;
    const { file, stats } = opened;
    try {
      for (let most = HEAD_BYTES; most <= MOST_BYTES; most *= 8) {
        const bytes = Buffer.alloc(Math.min(most, stats.size));
        const { bytesRead } = await file.read(bytes, 0, bytes.length, 0);
        const end = bytes.indexOf("\n");
        if (end >= 0) return parsed(bytes.subarray(0, end));
        if (bytesRead >= stats.size) return parsed(bytes.subarray(0, bytesRead));
      }
      return undefined;
    } finally {
      await file.close();
    }
  } catch (error) {
    if (isMissing(error) || isRefused(error)) return undefined;
    throw error;
  }
}

function parsed(bytes: Buffer): unknown {
  try {
    return JSON.parse(withoutMark(bytes).toString());
  } catch {
    return undefined;
  }
}

import { constants, type Stats } from "node:fs";
import { type FileHandle, open } from "node:fs/promises";
import type { ServerResponse } from "node:http";
import { extname } from "node:path";
import { pipeline } from "node:stream/promises";
import { OutsideRunError, resolveInRun } from "../sources/bundle-path.ts";
import { hasCode, isMissing } from "../sources/file-errors.ts";
import { sendError } from "./reply.ts";

/**
 * What a run's files may be shown as. Anything an agent could have written as a
 * page or a script is plain text.
 */
const MEDIA_TYPES: ReadonlyMap<string, string> = new Map([
  [".json", "application/json; charset=utf-8"],
  [".ndjson", "application/x-ndjson; charset=utf-8"],
  [".png", "image/png"],
  [".jpg", "image/jpeg"],
  [".jpeg", "image/jpeg"],
  [".gif", "image/gif"],
  [".webp", "image/webp"],
  [".pdf", "application/pdf"],
]);
const TEXT = "text/plain; charset=utf-8";

/** Sends a file of a run. Only regular files inside the run's folder, links followed, exist here. */
export async function sendRunFile(response: ServerResponse, runDir: string, name: string): Promise<void> {
  const opened = await openFile(runDir, name);
  if (opened === undefined) return sendError(response, 404, "The run has no such file.");
  const { file, stats } = opened;
  try {
    response.writeHead(200, {
      "content-type": MEDIA_TYPES.get(extname(name).toLowerCase()) ?? TEXT,
      "content-length": stats.size,
      "cache-control": "no-store",
      "content-security-policy": "default-src 'none'; sandbox; frame-ancestors 'none'",
    });
    if (stats.size === 0) response.end();
    // A file that grows meanwhile is sent as long as it was promised.
    else await pipeline(file.createReadStream({ autoClose: false, end: stats.size - 1 }), response);
  } catch (error) {
    // The reader left in the middle; there is nobody to tell.
    if (!hasCode(error, "ERR_STREAM_PREMATURE_CLOSE")) throw error;
  } finally {
    await file.close();
  }
}

async function openFile(
  runDir: string,
  name: string,
): Promise<{ file: FileHandle; stats: Stats } | undefined> {
  try {
    const path = await resolveInRun(runDir, name);
    const file = await open(path, constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK);
    const stats = await file.stat();
    if (stats.isFile()) return { file, stats };
    await file.close();
    return undefined;
  } catch (error) {
    const notThere = error instanceof OutsideRunError || isMissing(error) || hasCode(error, "ELOOP");
    if (notThere || hasCode(error, "EACCES") || hasCode(error, "ENXIO")) return undefined;
    throw error;
  }
}

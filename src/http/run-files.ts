import type { FileHandle } from "node:fs/promises";
import type { IncomingMessage, ServerResponse } from "node:http";
import { basename, extname, relative } from "node:path";
import { pipeline } from "node:stream/promises";
import { BundleFile, type OpenedFile, OutsideRunError } from "../sources/bundle-file.ts";
import { hasCode } from "../sources/file-errors.ts";
import type { RunFiles } from "../sources/source.ts";
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

/** Sends a file of a run, if it is one: see `RunFiles` and `BundleFile`. `?download`: to be kept, under its own name. */
export async function sendRunFile(
  request: IncomingMessage,
  response: ServerResponse,
  files: RunFiles,
  name: string,
): Promise<void> {
  const opened = await openFile(files, name);
  if (opened === undefined) return sendError(response, 404, "The run has no such file.");
  const { file, stats } = opened;
  try {
    response.writeHead(200, {
      "content-type": MEDIA_TYPES.get(extname(name).toLowerCase()) ?? TEXT,
      "content-length": stats.size,
      "cache-control": "no-store",
      "content-security-policy": "default-src 'none'; sandbox; frame-ancestors 'none'",
      ...(isDownload(request.url) ? { "content-disposition": dispositionOf(name) } : {}),
    });
    if (request.method === "HEAD") response.end();
    else await sendPromised(response, file, stats.size);
  } catch (error) {
    // The reader left in the middle; there is nobody to tell.
    if (!hasCode(error, "ERR_STREAM_PREMATURE_CLOSE")) throw error;
  } finally {
    await file.close();
  }
}

function isDownload(url: string | undefined): boolean {
  return new URLSearchParams(url?.split("?", 2)[1]).has("download");
}

/** A name may hold anything: what could end the header's value, or hide a file, is left out of it. */
function dispositionOf(name: string): string {
  const safe = basename(name)
    .replaceAll(/[^\w.-]+/g, "_")
    .replace(/^\.+/, "")
    .slice(-150);
  return `attachment; filename="${safe === "" ? "file" : safe}"`;
}

/** A file that grows meanwhile is sent as long as it was promised; one that shrank breaks the connection off. */
async function sendPromised(response: ServerResponse, file: FileHandle, size: number): Promise<void> {
  if (size === 0) {
    response.end();
    return;
  }
  const stream = file.createReadStream({ autoClose: false, end: size - 1 });
  await pipeline(stream, response, { end: false });
  if (stream.bytesRead < size) response.destroy();
  else response.end();
}

async function openFile(files: RunFiles, name: string): Promise<OpenedFile | undefined> {
  try {
    const file = new BundleFile(files.dir, name);
    if (!(await files.allows(name))) return undefined;
    const folder = files.within?.(name) ?? files.dir;
    return await new BundleFile(folder, relative(folder, file.path)).open();
  } catch (error) {
    if (error instanceof OutsideRunError || hasCode(error, "EACCES")) return undefined;
    throw error;
  }
}

import { realpath } from "node:fs/promises";
import { isAbsolute, join, normalize, sep } from "node:path";
import { isMissing } from "./file-errors.ts";

/** A path that would leave its run, through "..", an absolute name or a link. */
export class OutsideRunError extends Error {
  override readonly name = "OutsideRunError";
  constructor(path: string) {
    super(`${JSON.stringify(path)} is not inside the run's folder.`);
  }
}

/**
 * The only code that turns a name from outside (a manifest, a URL) into a path.
 * `runDir` is a real path. The file need not exist; whatever exists of the path
 * must, links followed, still lie inside the run. Throws OutsideRunError.
 */
export async function resolveInRun(runDir: string, name: string): Promise<string> {
  if (
    name === "" ||
    name.includes("\0") ||
    isAbsolute(name) ||
    /^[a-z]:/i.test(name) ||
    name.includes("\\")
  ) {
    throw new OutsideRunError(name);
  }
  const path = normalize(join(runDir, name));
  if (!isInside(runDir, path)) throw new OutsideRunError(name);
  if (!isInside(runDir, await realpathOfExisting(path))) throw new OutsideRunError(name);
  return path;
}

/** The real path of the longest part of `path` that exists. */
async function realpathOfExisting(path: string): Promise<string> {
  try {
    return await realpath(path);
  } catch (error) {
    if (!isMissing(error)) throw error;
    const parent = normalize(join(path, ".."));
    return parent === path ? path : realpathOfExisting(parent);
  }
}

function isInside(dir: string, path: string): boolean {
  return path === dir || path.startsWith(dir.endsWith(sep) ? dir : dir + sep);
}

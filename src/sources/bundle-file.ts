import { constants, type Stats } from "node:fs";
import { type FileHandle, lstat, open, readlink, realpath, stat } from "node:fs/promises";
import { isAbsolute, join, normalize, sep } from "node:path";
import { hasCode, isMissing } from "./file-errors.ts";

/** A name that would leave its run, through "..", an absolute name or a link. */
export class OutsideRunError extends Error {
  override readonly name = "OutsideRunError";
  constructor(name: string) {
    super(`${JSON.stringify(name)} is not a file inside the run's folder.`);
  }
}

export interface OpenedFile {
  readonly file: FileHandle;
  readonly stats: Stats;
}

/**
 * A file of a run, by the name that a manifest or a URL gave it. The only code
 * that turns such a name into a path.
 *
 * What always holds of a file that was opened: it is a regular file, and it was
 * opened inside the run's folder, all links followed. Checking the path before
 * opening would not do: a folder can become a link in between. So it is asked of
 * the opened file itself where it lies.
 */
export class BundleFile {
  /** As the manifest or the URL says it. */
  readonly name: string;
  readonly path: string;
  readonly #runDir: string;

  /** `runDir` is a real path. Throws OutsideRunError for a name that leads out by its letters alone. */
  constructor(runDir: string, name: string) {
    this.#runDir = runDir;
    this.name = name;
    this.path = normalize(join(runDir, name));
    const odd = name === "" || /[\0\\]/.test(name) || isAbsolute(name) || /^[a-z]:/i.test(name);
    if (odd || !isInside(runDir, this.path)) throw new OutsideRunError(name);
  }

  /** Undefined when there is none. Throws OutsideRunError for anything that is no file of the run. */
  async open(): Promise<OpenedFile | undefined> {
    for (let tries = 0; tries < MOST_TRIES; tries += 1) {
      const file = await this.#open();
      if (file === undefined) return undefined;
      try {
        const stats = await file.stat();
        if (!stats.isFile()) throw new OutsideRunError(this.name);
        const lies = await this.#whereLies(file, stats);
        if (lies === "outside") throw new OutsideRunError(this.name);
        if (lies === "inside") return { file, stats };
      } catch (error) {
        await file.close();
        throw error;
      }
      await file.close();
    }
    // Replaced at every try: whoever replaces it will be noticed again.
    return undefined;
  }

  /** Size and times without opening; of a link, the link's own. */
  async stat(): Promise<Stats | undefined> {
    return unlessMissing(lstat(this.path));
  }

  async #open(): Promise<FileHandle | undefined> {
    try {
      // Not blocking: a pipe that nobody writes to would hold one of the few file threads for ever.
      return await open(this.path, constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK);
    } catch (error) {
      if (isMissing(error)) return undefined;
      if (NO_FILE.some((code) => hasCode(error, code))) throw new OutsideRunError(this.name);
      throw error;
    }
  }

  async #whereLies(file: FileHandle, stats: Stats): Promise<"inside" | "outside" | "replaced"> {
    const opened = await placeOf(file);
    if (opened !== undefined) return isInside(this.#runDir, opened) ? "inside" : "outside";
    // Elsewhere than on Linux nobody tells. There it is the place of the path, if what was opened still
    // lies there: not proof against someone who swaps folders at that very moment, over and over.
    const real = await unlessMissing(realpath(this.path));
    if (real === undefined) return "replaced";
    if (!isInside(this.#runDir, real)) return "outside";
    const there = await unlessMissing(stat(real));
    return there?.ino === stats.ino && there.dev === stats.dev ? "inside" : "replaced";
  }
}

/** A producer replaces a file by renaming another over it; so often in a row it does not. */
const MOST_TRIES = 5;

/** Where the system says an opened file lies, or lay when it has been replaced since. Linux alone tells. */
async function placeOf(file: FileHandle): Promise<string | undefined> {
  if (process.platform !== "linux") return undefined;
  const place = await unlessMissing(readlink(`/proc/self/fd/${file.fd}`));
  return place !== undefined && isAbsolute(place) ? place : undefined;
}

/** What opening says of links, sockets, and names that no file could have. */
const NO_FILE = ["ELOOP", "EMLINK", "ENXIO", "ENAMETOOLONG", "EINVAL", "EISDIR"];

async function unlessMissing<Value>(asked: Promise<Value>): Promise<Value | undefined> {
  try {
    return await asked;
  } catch (error) {
    if (isMissing(error) || hasCode(error, "ELOOP") || hasCode(error, "ENAMETOOLONG")) return undefined;
    throw error;
  }
}

function isInside(dir: string, path: string): boolean {
  return path === dir || path.startsWith(dir.endsWith(sep) ? dir : dir + sep);
}

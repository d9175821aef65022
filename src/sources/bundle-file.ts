import { constants, type Stats } from "node:fs";
import { type FileHandle, lstat, open, realpath, stat } from "node:fs/promises";
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
 * What always holds of a file that was opened: it is a regular file, and at that
 * moment it lay inside the run's folder, all links followed. Checking the path
 * before opening would not do: a folder can become a link in between. So what was
 * opened is compared with what lies at the path's real place afterwards.
 */
export class BundleFile {
  /** As the manifest or the URL says it. */
  readonly name: string;
  readonly path: string;
  readonly #runDir: string;
  #known: { readonly dev: number; readonly ino: number } | undefined;

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
    const file = await this.#open();
    if (file === undefined) return undefined;
    try {
      const stats = await file.stat();
      if (!stats.isFile()) throw new OutsideRunError(this.name);
      // The very file that was found inside before is inside, whatever became of its path.
      const known = this.#known?.ino === stats.ino && this.#known.dev === stats.dev;
      if (!known && !(await this.#liesInside(stats))) throw new OutsideRunError(this.name);
      this.#known = { dev: stats.dev, ino: stats.ino };
      return { file, stats };
    } catch (error) {
      await file.close();
      throw error;
    }
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

  async #liesInside(opened: Stats): Promise<boolean> {
    const real = await unlessMissing(realpath(this.path));
    if (real === undefined || !isInside(this.#runDir, real)) return false;
    const there = await unlessMissing(stat(real));
    return there !== undefined && there.ino === opened.ino && there.dev === opened.dev;
  }
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

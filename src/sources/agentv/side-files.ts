import type { ReadProblem } from "../../protocol/bundle.ts";
import { BundleFile, OutsideRunError } from "../bundle-file.ts";
import { hasCode } from "../file-errors.ts";

/** A larger file is not read for what it says of one test. */
const MAX_BYTES = 8 * 1024 * 1024;

/**
 * The files that a final row names, read for one result. Nothing but those names leads to
 * them, and they are opened as every file of a run is. What cannot be read is a problem of
 * that file, and never of the run.
 */
export class SideFiles {
  /** Why what is known of the result is not whole. */
  readonly problems: ReadProblem[] = [];
  readonly #dir: string;
  #isOnItsWay = false;

  constructor(dir: string) {
    this.#dir = dir;
  }

  /** Something is missing or half there, as while a run's folder is being copied: another look may find it whole. */
  get isOnItsWay(): boolean {
    return this.#isOnItsWay;
  }

  /** Null where there is no such name, or nothing to be read by it. */
  async text(name: unknown): Promise<string | null> {
    if (typeof name !== "string") return null;
    try {
      const opened = await new BundleFile(this.#dir, name).open();
      if (opened === undefined) return this.unfinished(name, "The result names it, but it is not there.");
      const { file, stats } = opened;
      try {
        if (stats.size > MAX_BYTES) return this.#refuse(name, stats.size, "It is too large to be read.");
        return await file.readFile("utf8");
      } finally {
        await file.close();
      }
    } catch (error) {
      if (error instanceof OutsideRunError) return this.#refuse(name, 0, error.message);
      if (hasCode(error, "EACCES") || hasCode(error, "EPERM"))
        return this.#refuse(name, 0, "It may not be read.");
      throw error;
    }
  }

  /** What was read is not (yet) what it should be; `message` is for the case that it stays so. */
  unfinished(name: unknown, message: string): null {
    this.#isOnItsWay = true;
    this.reject(name, message);
    return null;
  }

  /** What was read is not what it should be, and will not be. */
  reject(name: unknown, message: string): void {
    this.problems.push({ file: String(name), offset: 0, bytes: 0, kind: "malformed", message });
  }

  #refuse(file: string, bytes: number, message: string): null {
    this.problems.push({ file, offset: 0, bytes, kind: "refused", message });
    return null;
  }
}

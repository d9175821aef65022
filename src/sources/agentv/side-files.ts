import type { ReadProblem } from "../../protocol/bundle.ts";
import { isRefused, refusalOf } from "../refused.ts";
import { isShown } from "./files.ts";
import type { SideTexts } from "./side-texts.ts";

/**
 * The files that a final row names, read for one result. Nothing but those names leads to
 * them, and they are opened as every file of a run is. What cannot be read is a problem of
 * that file, and never of the run.
 */
export class SideFiles {
  /** Why what is known of the result is not whole. */
  readonly problems: ReadProblem[] = [];
  readonly #texts: SideTexts;
  #isOnItsWay = false;
  #bytes = 0;

  constructor(texts: SideTexts) {
    this.#texts = texts;
  }

  /** Something is missing or half there, as while a run's folder is being copied: another look may find it whole. */
  get isOnItsWay(): boolean {
    return this.#isOnItsWay;
  }

  /** Null where there is no such name, or nothing to be read by it. */
  async text(name: unknown): Promise<string | null> {
    if (typeof name !== "string") return null;
    if (!isShown(name)) return this.#refuse(name, 0, "It is hidden.");
    try {
      const read = await this.#texts.read(name);
      switch (read.kind) {
        case "text":
          this.#bytes += read.text.length;
          return read.text;
        case "missing":
          return this.unfinished(name, "The result names it, but it is not there.");
        case "refused":
          return this.#refuse(name, read.bytes, read.message);
      }
    } catch (error) {
      if (isRefused(error)) return this.#refuse(name, 0, refusalOf(error));
      throw error;
    }
  }

  /** The result was told from what was read. */
  told(): void {
    this.#texts.tell(this.#bytes);
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

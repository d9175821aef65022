import { BundleFile } from "../bundle-file.ts";
import { stampOf } from "../json-file.ts";

/** A larger file is not read for what it says of one test. */
const MAX_BYTES = 8 * 1024 * 1024;
/** So much is kept of what was read last: several rows may name one file. */
const MOST_KEPT_BYTES = 16 * 1024 * 1024;
/** What was told from the files of a run may be so much; those that come after are not read. */
const MOST_TOLD_BYTES = 1024 * 1024 * 1024;

export type SideText =
  | { readonly kind: "text"; readonly text: string }
  | { readonly kind: "missing" }
  | { readonly kind: "refused"; readonly bytes: number; readonly message: string };

/** The texts of the files beside an index. A file that is named again is not read again while it is the same. */
export class SideTexts {
  readonly #dir: string;
  readonly #mostTold: number;
  /** In the order in which they were read. */
  readonly #kept = new Map<string, { readonly stamp: string; readonly text: string }>();
  #keptBytes = 0;
  #told = 0;
  #reads = 0;

  constructor(dir: string, mostTold = MOST_TOLD_BYTES) {
    this.#dir = dir;
    this.#mostTold = mostTold;
  }

  /** How many files were read, and not known from before. */
  get reads(): number {
    return this.#reads;
  }

  /** A result was told from so much; one that waits is read again and again. */
  tell(bytes: number): void {
    this.#told += bytes;
  }

  /** Throws OutsideRunError when what is there is no file of the run. */
  async read(name: string): Promise<SideText> {
    const opened = await new BundleFile(this.#dir, name).open();
    if (opened === undefined) return { kind: "missing" };
    const { file, stats } = opened;
    try {
      const { size: bytes } = stats;
      if (bytes > MAX_BYTES) return { kind: "refused", bytes, message: "It is too large to be read." };
      if (this.#told + bytes > this.#mostTold)
        return { kind: "refused", bytes, message: "The files of the run are too large to be read." };
      const stamp = stampOf(stats);
      const kept = this.#kept.get(name);
      if (kept?.stamp === stamp) return { kind: "text", text: kept.text };
      const text = await file.readFile("utf8");
      this.#reads += 1;
      this.#keep(name, stamp, text);
      return { kind: "text", text };
    } finally {
      await file.close();
    }
  }

  #keep(name: string, stamp: string, text: string): void {
    this.#drop(name);
    this.#kept.set(name, { stamp, text });
    this.#keptBytes += text.length;
    for (const oldest of this.#kept.keys()) {
      if (this.#keptBytes <= MOST_KEPT_BYTES) return;
      this.#drop(oldest);
    }
  }

  #drop(name: string): void {
    this.#keptBytes -= this.#kept.get(name)?.text.length ?? 0;
    this.#kept.delete(name);
  }
}

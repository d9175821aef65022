import type { Clock } from "../clock.ts";
import { isMissing } from "../sources/file-errors.ts";
import type { Shelf, Source } from "../sources/source.ts";
import { Pace } from "./pace.ts";
import { type LookParts, RunsByName } from "./runs-by-name.ts";

/** Events in the folder are answered together, at most this often. */
const ASK_AGAIN_MS = 100;

/** The runs that lie in the files of one folder. The shelf is asked once at a time. */
export class ShelfRuns {
  readonly #shelf: Shelf;
  readonly #runs: RunsByName;
  readonly #soon: Pace;
  readonly #clock: Clock;
  readonly #onError: (error: unknown) => void;
  #names: ReadonlySet<string> = new Set();
  /** Files of which something was heard since the shelf was asked last. */
  #due: Set<string> | "all" = "all";
  #asking: Promise<unknown> | undefined;
  #closed = false;

  /** `dir` is a real path. */
  constructor(dir: string, source: Source, shelf: Shelf, parts: LookParts) {
    this.#shelf = shelf;
    this.#runs = new RunsByName(dir, [source], "files", parts);
    this.#soon = new Pace(ASK_AGAIN_MS, parts.clock, () => void this.#askAgain());
    this.#clock = parts.clock;
    this.#onError = parts.onError;
  }

  /** Asks for all that lies there now. Gives back how to look into the rest, as `RunsByName.settle` does. */
  async ask(): Promise<(() => Promise<void>) | undefined> {
    this.#due = "all";
    return this.#askForDue();
  }

  /** Something happened to the file of this name. */
  wake(file: string): void {
    if (this.#closed) return;
    for (const name of this.#names) {
      if (name === file || name.startsWith(`${file}#`)) this.#runs.wake(name);
    }
    if (this.#due !== "all") this.#due.add(file);
    this.#soon.request();
  }

  async leave(): Promise<void> {
    this.close();
    await this.#runs.leave();
  }

  close(): void {
    this.#closed = true;
    this.#soon.stop();
    this.#runs.close();
  }

  async #askAgain(): Promise<void> {
    await (
      await this.#askForDue()
    )?.();
  }

  async #askForDue(): Promise<(() => Promise<void>) | undefined> {
    if (this.#closed) return undefined;
    if (this.#asking !== undefined) {
      this.#soon.request();
      await this.#asking;
      return undefined;
    }
    const asking = this.#ask();
    this.#asking = asking;
    try {
      return await asking;
    } finally {
      this.#asking = undefined;
    }
  }

  async #ask(): Promise<(() => Promise<void>) | undefined> {
    const askedAt = this.#clock.passed();
    const due = this.#due;
    this.#due = new Set();
    try {
      this.#names = new Set(await this.#shelf.names(due));
      return await this.#runs.settle(this.#names, askedAt);
    } catch (error) {
      this.#due = "all";
      // The folder has just gone, which its spot will find.
      if (!isMissing(error)) this.#onError(error);
      return undefined;
    }
  }
}

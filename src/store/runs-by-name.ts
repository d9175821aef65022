import { lstat } from "node:fs/promises";
import { join } from "node:path";
import type { Clock } from "../clock.ts";
import { isMissing } from "../sources/file-errors.ts";
import type { Place, Source } from "../sources/source.ts";
import { Candidates } from "./candidates.ts";
import { inParallel } from "./in-parallel.ts";

/** So many are looked into before the list is told. Of the newest a screenful comes first: it is soon there. */
const PORTION = 200;
const SCREENFUL = 64;
const CONCURRENCY = 16;
/** A folder in which nothing has changed for this long is not about to become a run. */
const RECENT_MS = 60_000;

export interface LookParts {
  readonly clock: Clock;
  /** Takes in the places that hold runs of these sources; gives back those that do not (yet). */
  readonly lookInto: (places: readonly Place[], sources: readonly Source[]) => Promise<readonly Place[]>;
  /** Once for each place that was taken in: the run is no longer there. */
  readonly gone: (places: readonly Place[]) => Promise<void>;
  /** Something happened to the run itself: perhaps another one stands in its place. */
  readonly touched: (place: Place) => void;
  readonly onError: (error: unknown) => void;
}

/** The folders in it, which no watch tells of until they are runs; what lies in its files; or the folder itself. */
type Kind = "folders" | "files" | "itself";

/**
 * What lies in one folder, name by name: the names that are runs, and those that
 * were looked into and are none, yet.
 */
export class RunsByName {
  readonly #dir: string;
  readonly #sources: readonly Source[];
  readonly #kind: Kind;
  readonly #parts: LookParts;
  readonly #runs = new Set<string>();
  readonly #candidates: Candidates;
  #closed = false;

  /** `dir` is a real path. */
  constructor(dir: string, sources: readonly Source[], kind: Kind, parts: LookParts) {
    this.#dir = dir;
    this.#sources = sources;
    this.#kind = kind;
    this.#parts = parts;
    this.#candidates = new Candidates(parts.clock, (name) => void this.#lookAgain(name));
  }

  isRun(name: string): boolean {
    return this.#runs.has(name);
  }

  /**
   * These names were there when they were listed, which began at `listedAt` (time passed). Looks into the
   * newest of those that are not known, and gives back how to look into the others; undefined: there are none.
   */
  async settle(names: ReadonlySet<string>, listedAt: number): Promise<(() => Promise<void>) | undefined> {
    if (this.#closed) return undefined;
    this.#candidates.keepOnly(names, listedAt);
    await this.#dropAllBut(names);
    // The newest first, as far as their names tell: most producers begin them with the time.
    const due: string[] = [];
    for (const name of names) if (!this.#runs.has(name) && this.#candidates.isDue(name)) due.push(name);
    due.sort().reverse();
    await this.#lookInto(due.slice(0, SCREENFUL));
    await this.#lookInto(due.slice(SCREENFUL, PORTION));
    if (due.length <= PORTION) return undefined;
    return async () => {
      for (let from = PORTION; from < due.length && !this.#closed; from += PORTION) {
        await this.#lookInto(due.slice(from, from + PORTION));
      }
    };
  }

  /** Something happened to what has this name. */
  wake(name: string): void {
    if (this.#closed) return;
    if (this.#runs.has(name)) this.#parts.touched(this.#placeOf(name));
    else this.#candidates.appeared(name);
  }

  /** The folder is gone, or leads elsewhere: so have all its runs. */
  async leave(): Promise<void> {
    this.close();
    const places = [...this.#runs].map((name) => this.#placeOf(name));
    this.#runs.clear();
    if (places.length > 0) await this.#parts.gone(places);
  }

  close(): void {
    this.#closed = true;
    this.#candidates.close();
  }

  async #dropAllBut(names: ReadonlySet<string>): Promise<void> {
    const missing = [...this.#runs].filter((name) => !names.has(name));
    const gone: string[] = [];
    await inParallel(missing, CONCURRENCY, async (name) => {
      // Asked anew: it may have come after the listing.
      if (this.#kind === "files" || !(await this.#isFolder(name))) gone.push(name);
    });
    const places = gone.filter((name) => this.#runs.delete(name)).map((name) => this.#placeOf(name));
    if (places.length > 0) await this.#parts.gone(places);
  }

  async #lookAgain(name: string): Promise<void> {
    try {
      if (this.#kind === "files" || (await this.#isFolder(name))) await this.#lookInto([name]);
    } catch (error) {
      this.#parts.onError(error);
    }
  }

  async #isFolder(name: string): Promise<boolean> {
    try {
      return (await lstat(this.#placeOf(name))).isDirectory();
    } catch (error) {
      if (isMissing(error)) return false;
      throw error;
    }
  }

  async #lookInto(names: readonly string[]): Promise<void> {
    if (names.length === 0 || this.#closed) return;
    const places = names.map((name) => this.#placeOf(name));
    const not = new Set(await this.#parts.lookInto(places, this.#sources));
    // Looked into twice at once; or the folder went meanwhile, and what was found in it went along.
    const surplus: Place[] = [];
    for (const name of names) {
      const place = this.#placeOf(name);
      if (not.has(place)) continue;
      this.#candidates.settled(name);
      if (this.#closed || this.#runs.has(name)) surplus.push(place);
      else this.#runs.add(name);
    }
    if (surplus.length > 0) await this.#parts.gone(surplus);
    for (const name of names) {
      if (!not.has(this.#placeOf(name)) || this.#runs.has(name)) continue;
      const isRecent = await this.#isRecent(name);
      if (this.#closed) return;
      if (isRecent) this.#candidates.notYet(name);
      else this.#candidates.passedOver(name);
    }
  }

  /** Is it worth looking into again before long? */
  async #isRecent(name: string): Promise<boolean> {
    if (this.#kind === "files") return true;
    if (this.#kind === "itself") return false;
    try {
      const { mtimeMs } = await lstat(this.#placeOf(name));
      return Math.abs(this.#parts.clock.now() - mtimeMs) < RECENT_MS;
    } catch {
      // Gone again, which the next listing tells.
      return false;
    }
  }

  #placeOf(name: string): Place {
    return join(this.#dir, name);
  }
}

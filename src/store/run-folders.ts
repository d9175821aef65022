import { lstat, readdir, realpath, stat } from "node:fs/promises";
import { basename, join, sep } from "node:path";
import type { Clock } from "../clock.ts";
import { isMissing } from "../sources/file-errors.ts";
import type { WatchedFolders, Watcher } from "../sources/watcher.ts";
import { Candidates } from "./candidates.ts";
import { Pace } from "./pace.ts";

/** How often a folder of runs is listed, for what no event told. */
const SWEEP_MS = 5_000;
/** The same while the system does not watch it (not there yet, or its limit is reached). */
const SWEEP_UNWATCHED_MS = 1_000;
/** So many folders are looked into before the list is told: with thousands, the newest are soon there. */
const PORTION = 250;
/** Events that ask for a sweep are answered together, at most this often. */
const SWEEP_AGAIN_MS = 100;

export interface RunFoldersParts {
  readonly roots: readonly string[];
  readonly clock: Clock;
  readonly watcher: Watcher;
  /** Takes in those that are runs; gives back those that are not (yet). */
  readonly lookInto: (dirs: readonly string[]) => Promise<readonly string[]>;
  readonly gone: (dirs: readonly string[]) => Promise<void>;
  /** Something happened to a run's folder itself: perhaps another one stands in its place. */
  readonly touched: (dir: string) => void;
  readonly onError: (error: unknown) => void;
}

/** A root while it is there. Another folder under the same name is another place. */
interface Place {
  readonly real: string;
  readonly identity: string;
  readonly watch: WatchedFolders;
}

/**
 * Finds the folders that may be runs: every folder right below a root, as it
 * appears and as it goes. A root that does not exist yet is waited for. A link
 * to a folder elsewhere is not a folder of runs.
 */
export class RunFolders {
  readonly #roots: readonly Root[];

  constructor(parts: RunFoldersParts) {
    this.#roots = parts.roots.map((path) => new Root(path, parts));
  }

  async start(): Promise<void> {
    for (const root of this.#roots) await root.start();
  }

  sweepMoreOften(): void {
    for (const root of this.#roots) root.troubled = true;
  }

  async close(): Promise<void> {
    await Promise.all(this.#roots.map((root) => root.close()));
  }
}

/** One root. Its sweeps never overlap; one that is asked for during another follows it. */
class Root {
  troubled = false;
  readonly #path: string;
  readonly #parts: RunFoldersParts;
  /** The folders in it that are runs. */
  readonly #runs = new Set<string>();
  /** The others that were looked into. */
  readonly #candidates: Candidates;
  readonly #soon: Pace;
  #place: Place | undefined;
  #sweeping: Promise<void> | undefined;
  #cancelNext: (() => void) | undefined;
  #closed = false;

  constructor(path: string, parts: RunFoldersParts) {
    this.#path = path;
    this.#parts = parts;
    this.#candidates = new Candidates(parts.clock, (dir) => void this.#lookAgain(dir));
    this.#soon = new Pace(SWEEP_AGAIN_MS, parts.clock, () => void this.#sweepSafely());
  }

  async start(): Promise<void> {
    await this.#sweepSafely();
    this.#sweepLater();
  }

  async close(): Promise<void> {
    this.#closed = true;
    this.#cancelNext?.();
    this.#soon.stop();
    this.#candidates.close();
    await this.#sweeping;
    await this.#leave();
  }

  #sweepLater(): void {
    const watched = this.#place !== undefined && !this.troubled;
    this.#cancelNext = this.#parts.clock.after(watched ? SWEEP_MS : SWEEP_UNWATCHED_MS, () => {
      void this.#sweepSafely().finally(() => {
        if (!this.#closed) this.#sweepLater();
      });
    });
  }

  async #sweepSafely(): Promise<void> {
    if (this.#sweeping !== undefined) {
      this.#soon.request();
      return this.#sweeping;
    }
    this.#sweeping = this.#sweep().catch((error: unknown) => this.#parts.onError(error));
    await this.#sweeping;
    this.#sweeping = undefined;
  }

  async #sweep(): Promise<void> {
    const dirs = await this.#list();
    if (dirs === undefined || this.#closed) return;
    this.#candidates.keepOnly(dirs);
    const gone = [...this.#runs].filter((dir) => !dirs.has(dir));
    for (const dir of gone) this.#runs.delete(dir);
    if (gone.length > 0) await this.#parts.gone(gone);
    // The newest first, as far as their names tell: acpx begins them with the time.
    const due = [...dirs]
      .filter((dir) => !this.#runs.has(dir) && this.#candidates.isDue(dir))
      .toSorted()
      .toReversed();
    for (let from = 0; from < due.length && !this.#closed; from += PORTION) {
      await this.#lookInto(due.slice(from, from + PORTION));
    }
  }

  /** Undefined when it cannot be told just now: then everything stays as it was. */
  async #list(): Promise<ReadonlySet<string> | undefined> {
    try {
      const real = await realpath(this.#path);
      // An inode's number is used again; its time of birth tells the two apart.
      const { dev, ino, birthtimeMs } = await stat(real);
      await this.#settle(real, `${dev}:${ino}:${birthtimeMs}`);
      const entries = await readdir(real, { withFileTypes: true });
      return new Set(entries.filter((entry) => entry.isDirectory()).map((entry) => join(real, entry.name)));
    } catch (error) {
      if (!isMissing(error)) {
        this.#parts.onError(error);
        return undefined;
      }
      await this.#leave();
      return new Set();
    }
  }

  async #settle(real: string, identity: string): Promise<void> {
    if (this.#place?.real === real && this.#place.identity === identity) return;
    await this.#leave();
    const watch = this.#parts.watcher.open((path) => this.#wake(real, path));
    watch.add(real);
    this.#place = { real, identity, watch };
  }

  async #leave(): Promise<void> {
    const place = this.#place;
    this.#place = undefined;
    await place?.watch.close();
  }

  #wake(real: string, path: string): void {
    if (this.#closed) return;
    const [name = ""] = path.startsWith(real + sep) ? path.slice(real.length + 1).split(sep) : [];
    const dir = join(real, name);
    // The root itself was moved or taken away; the system then tells its own name as if it lay inside.
    const self = name === "" || name === basename(real);
    if (self || this.#runs.has(dir)) this.#soon.request();
    if (name === "") return;
    if (this.#runs.has(dir)) this.#parts.touched(dir);
    else this.#candidates.appeared(dir);
  }

  async #lookAgain(dir: string): Promise<void> {
    try {
      if ((await lstat(dir)).isDirectory()) await this.#lookInto([dir]);
    } catch (error) {
      if (!isMissing(error)) this.#parts.onError(error);
    }
  }

  async #lookInto(dirs: readonly string[]): Promise<void> {
    if (dirs.length === 0) return;
    const not = new Set(await this.#parts.lookInto(dirs));
    if (this.#closed) return;
    for (const dir of dirs) {
      if (not.has(dir)) {
        this.#candidates.notYet(dir);
      } else {
        this.#candidates.settled(dir);
        this.#runs.add(dir);
      }
    }
  }
}

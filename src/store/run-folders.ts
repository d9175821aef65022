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
/** So many folders are looked into before the list is told. Of the newest a screenful comes first: it is soon there. */
const PORTION = 200;
const SCREENFUL = 64;
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

  /**
   * Resolves when the newest folders of every root were looked into. The others
   * follow, root by root: of two runs with one id the same is always met first.
   */
  async start(): Promise<void> {
    let goOn: () => void = () => undefined;
    let before = new Promise<void>((resolve) => {
      goOn = resolve;
    });
    for (const root of this.#roots) {
      const { newest, all } = root.start(before);
      before = Promise.all([before, all]).then(() => undefined);
      await newest;
    }
    goOn();
  }

  async close(): Promise<void> {
    await Promise.all(this.#roots.map((root) => root.close()));
  }
}

/** One root. Its sweeps never overlap; one that is asked for during another follows it. */
class Root {
  readonly #path: string;
  readonly #parts: RunFoldersParts;
  /** The names of the folders in it that are runs. */
  readonly #runs = new Set<string>();
  /** The others that were looked into. */
  readonly #candidates: Candidates;
  readonly #soon: Pace;
  #place: Place | undefined;
  #isWatched = false;
  #sweeping: Promise<void> | undefined;
  #cancelNext: (() => void) | undefined;
  #closed = false;

  constructor(path: string, parts: RunFoldersParts) {
    this.#path = path;
    this.#parts = parts;
    this.#candidates = new Candidates(parts.clock, (name) => void this.#lookAgain(name));
    this.#soon = new Pace(SWEEP_AGAIN_MS, parts.clock, () => void this.#sweepSafely());
  }

  /** The newest folders now, the others after `goOn`. */
  start(goOn: Promise<void>): { readonly newest: Promise<void>; readonly all: Promise<void> } {
    let tell: () => void = () => undefined;
    const newest = new Promise<void>((resolve) => {
      tell = resolve;
    });
    const all = this.#sweepSafely(() => {
      tell();
      return goOn;
    }).finally(() => {
      tell();
      if (!this.#closed) this.#sweepLater();
    });
    return { newest, all };
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
    this.#cancelNext = this.#parts.clock.after(this.#isWatched ? SWEEP_MS : SWEEP_UNWATCHED_MS, () => {
      void this.#sweepSafely().finally(() => {
        if (!this.#closed) this.#sweepLater();
      });
    });
  }

  async #sweepSafely(afterFirst?: () => Promise<void>): Promise<void> {
    if (this.#sweeping !== undefined) {
      this.#soon.request();
      return this.#sweeping;
    }
    this.#sweeping = this.#sweep(afterFirst).catch((error: unknown) => this.#parts.onError(error));
    await this.#sweeping;
    this.#sweeping = undefined;
  }

  /** `afterFirst` is called, and waited for, when there is more than one portion to look into. */
  async #sweep(afterFirst?: () => Promise<void>): Promise<void> {
    if (this.#closed) return;
    const names = await this.#list();
    if (names === undefined || this.#closed) return;
    this.#candidates.keepOnly(names);
    const gone = [...this.#runs].filter((name) => !names.has(name));
    for (const name of gone) this.#runs.delete(name);
    if (gone.length > 0) await this.#parts.gone(gone.map((name) => this.#dirOf(name)));
    // The newest first, as far as their names tell: acpx begins them with the time.
    const due: string[] = [];
    for (const name of names) if (!this.#runs.has(name) && this.#candidates.isDue(name)) due.push(name);
    due.sort().reverse();
    await this.#lookInto(due.slice(0, SCREENFUL));
    await this.#lookInto(due.slice(SCREENFUL, PORTION));
    if (due.length > PORTION) await afterFirst?.();
    for (let from = PORTION; from < due.length && !this.#closed; from += PORTION) {
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
      const names = new Set<string>();
      for (const entry of await readdir(real, { withFileTypes: true })) {
        if (entry.isDirectory()) names.add(entry.name);
      }
      return names;
    } catch (error) {
      if (!isMissing(error)) {
        this.#parts.onError(error);
        return undefined;
      }
      await this.#takeAll();
      return new Set();
    }
  }

  /** Before every listing, so that what comes after it is heard of. */
  async #settle(real: string, identity: string): Promise<void> {
    if (this.#place?.real !== real || this.#place.identity !== identity) {
      if (this.#place?.real !== real) await this.#takeAll();
      await this.#leave();
      this.#place = {
        real,
        identity,
        watch: this.#parts.watcher.openWide((path) => this.#wake(real, path)),
      };
    }
    this.#isWatched = this.#place.watch.add(real);
  }

  /** The root is gone, or leads elsewhere: so have all its runs. */
  async #takeAll(): Promise<void> {
    const dirs = [...this.#runs].map((name) => this.#dirOf(name));
    this.#runs.clear();
    await this.#leave();
    if (dirs.length > 0) await this.#parts.gone(dirs);
  }

  async #leave(): Promise<void> {
    const place = this.#place;
    this.#place = undefined;
    this.#isWatched = false;
    await place?.watch.close();
  }

  #wake(real: string, path: string): void {
    if (this.#closed) return;
    const [name = ""] = path.startsWith(real + sep) ? path.slice(real.length + 1).split(sep) : [];
    // The root itself was moved or taken away; the system then tells its own name as if it lay inside.
    const self = name === "" || name === basename(real);
    if (self || this.#runs.has(name)) this.#soon.request();
    if (name === "") return;
    if (this.#runs.has(name)) this.#parts.touched(this.#dirOf(name));
    else this.#candidates.appeared(name);
  }

  async #lookAgain(name: string): Promise<void> {
    try {
      if ((await lstat(this.#dirOf(name))).isDirectory()) await this.#lookInto([name]);
    } catch (error) {
      if (!isMissing(error)) this.#parts.onError(error);
    }
  }

  async #lookInto(names: readonly string[]): Promise<void> {
    if (names.length === 0) return;
    const real = this.#place?.real;
    const dirs = names.map((name) => this.#dirOf(name));
    const not = new Set(await this.#parts.lookInto(dirs));
    if (this.#closed) return;
    // The root went meanwhile: what was found in it went along.
    if (this.#place?.real !== real) return this.#parts.gone(dirs.filter((dir) => !not.has(dir)));
    for (const name of names) {
      if (not.has(this.#dirOf(name))) {
        this.#candidates.notYet(name);
      } else {
        this.#candidates.settled(name);
        this.#runs.add(name);
      }
    }
  }

  #dirOf(name: string): string {
    return join(this.#place?.real ?? this.#path, name);
  }
}

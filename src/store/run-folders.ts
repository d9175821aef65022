import { lstat, readdir, realpath } from "node:fs/promises";
import { basename, join, sep } from "node:path";
import type { Clock } from "../clock.ts";
import { isMissing } from "../sources/file-errors.ts";
import type { WatchedFolders, Watcher } from "../sources/watcher.ts";
import { Candidates } from "./candidates.ts";

/** How often a folder of runs is listed, for what no event told. */
const SWEEP_MS = 5_000;
/** The same while the system does not watch it (not there yet, or its limit is reached). */
const SWEEP_UNWATCHED_MS = 1_000;

export interface RunFoldersParts {
  readonly roots: readonly string[];
  readonly clock: Clock;
  readonly watcher: Watcher;
  /** Takes in those that are runs; gives back those that are not (yet). */
  readonly lookInto: (dirs: readonly string[]) => Promise<readonly string[]>;
  readonly gone: (dir: string) => Promise<void>;
  readonly onError: (error: unknown) => void;
}

interface Root {
  readonly path: string;
  /** Its real path and its watch, while it is there. */
  there: { readonly real: string; readonly watch: WatchedFolders } | undefined;
  /** The folders in it that are runs. */
  readonly runs: Set<string>;
  /** The others that were looked into. */
  readonly candidates: Candidates;
}

/**
 * Finds the folders that may be runs: every folder right below a root, as it
 * appears and as it goes. A root that does not exist yet is waited for. A link
 * to a folder elsewhere is not a folder of runs.
 */
export class RunFolders {
  readonly #parts: RunFoldersParts;
  readonly #roots: readonly Root[];
  readonly #timers = new Set<() => void>();
  #troubled = false;
  #closed = false;

  constructor(parts: RunFoldersParts) {
    this.#parts = parts;
    this.#roots = parts.roots.map((path) => {
      const candidates = new Candidates(parts.clock, (dir) => void this.#lookAgain(root, dir));
      const root: Root = { path, there: undefined, runs: new Set(), candidates };
      return root;
    });
  }

  async start(): Promise<void> {
    for (const root of this.#roots) await this.#sweep(root);
    for (const root of this.#roots) this.#sweepLater(root);
  }

  sweepMoreOften(): void {
    this.#troubled = true;
  }

  async close(): Promise<void> {
    this.#closed = true;
    for (const cancel of this.#timers) cancel();
    for (const root of this.#roots) root.candidates.close();
    await Promise.all(this.#roots.map((root) => this.#leave(root)));
  }

  async #sweep(root: Root): Promise<void> {
    const dirs = await this.#list(root);
    if (dirs === undefined || this.#closed) return;
    root.candidates.keepOnly(dirs);
    for (const dir of root.runs) {
      if (dirs.has(dir)) continue;
      root.runs.delete(dir);
      await this.#parts.gone(dir);
    }
    const due = [...dirs].filter((dir) => !root.runs.has(dir) && root.candidates.isDue(dir));
    await this.#lookInto(root, due);
  }

  /** Undefined when it cannot be told just now: then everything stays as it was. */
  async #list(root: Root): Promise<ReadonlySet<string> | undefined> {
    try {
      const real = await realpath(root.path);
      if (root.there?.real !== real) await this.#arrive(root, real);
      const entries = await readdir(real, { withFileTypes: true });
      return new Set(entries.filter((entry) => entry.isDirectory()).map((entry) => join(real, entry.name)));
    } catch (error) {
      if (isMissing(error)) {
        await this.#leave(root);
        return new Set();
      }
      this.#parts.onError(error);
      return undefined;
    }
  }

  async #arrive(root: Root, real: string): Promise<void> {
    await this.#leave(root);
    const watch = this.#parts.watcher.open((path) => this.#wake(root, real, path));
    watch.add(real);
    root.there = { real, watch };
  }

  async #leave(root: Root): Promise<void> {
    const { there } = root;
    root.there = undefined;
    await there?.watch.close();
  }

  #wake(root: Root, real: string, path: string): void {
    if (this.#closed) return;
    const [name = ""] = path.startsWith(real + sep) ? path.slice(real.length + 1).split(sep) : [];
    // The root itself was moved or taken away; the system then tells its own name as if it lay inside.
    if (name === "" || name === basename(real)) this.#later(0, () => this.#sweep(root));
    if (name === "") return;
    const dir = join(real, name);
    if (root.runs.has(dir)) this.#later(0, () => this.#sweep(root));
    else root.candidates.appeared(dir);
  }

  async #lookAgain(root: Root, dir: string): Promise<void> {
    try {
      if ((await lstat(dir)).isDirectory()) await this.#lookInto(root, [dir]);
    } catch (error) {
      if (!isMissing(error)) this.#parts.onError(error);
    }
  }

  async #lookInto(root: Root, dirs: readonly string[]): Promise<void> {
    if (dirs.length === 0) return;
    const not = new Set(await this.#parts.lookInto(dirs));
    if (this.#closed) return;
    for (const dir of dirs) {
      if (not.has(dir)) {
        root.candidates.notYet(dir);
      } else {
        root.candidates.settled(dir);
        root.runs.add(dir);
      }
    }
  }

  #sweepLater(root: Root): void {
    const watched = root.there !== undefined && !this.#troubled;
    this.#later(watched ? SWEEP_MS : SWEEP_UNWATCHED_MS, async () => {
      await this.#sweep(root).finally(() => this.#sweepLater(root));
    });
  }

  #later(ms: number, task: () => Promise<void>): void {
    if (this.#closed) return;
    const cancel = this.#parts.clock.after(ms, () => {
      this.#timers.delete(cancel);
      task().catch((error: unknown) => this.#parts.onError(error));
    });
    this.#timers.add(cancel);
  }
}

import { existsSync, watch } from "node:fs";
import { basename, resolve } from "node:path";
import { FSWatcher } from "chokidar";
import { type Clock, systemClock } from "../clock.ts";
import { isMissing } from "./file-errors.ts";
import { WatchTrouble } from "./watch-trouble.ts";
import { SET_UP_MS, type Wake, type WatchedFolders } from "./watched-folders.ts";
import { WideWatch } from "./wide-watch.ts";

export type { WatchedFolders } from "./watched-folders.ts";

/** What is asked to watch when nothing is. */
const NO_FOLDERS: WatchedFolders = { add: () => false, close: () => Promise.resolve() };

/** A folder that could not be watched is tried again so often at most. */
const TRY_AGAIN_MS = 5_000;

/**
 * A wake-up call for readers, never the truth: chokidar loses the second of two
 * writes a few milliseconds apart. So this passes on the operating system's own
 * events, unthrottled, and everyone woken re-checks the file itself.
 *
 * Only folders are watched, never files: a folder's watch tells of every file in
 * it, and a thousand artifacts cost nothing. The only importer of chokidar.
 */
export class Watcher {
  /** Nothing is watched, and who would look by itself from time to time does not. */
  readonly isOff: boolean;
  readonly #trouble: WatchTrouble;
  readonly #clock: Clock;

  /** `onTrouble` is told, in words, why changes may be noticed late: each time all there is, or nothing. */
  constructor(onTrouble: (sentences: readonly string[]) => void, clock: Clock = systemClock, isOff = false) {
    this.isOff = isOff;
    this.#clock = clock;
    this.#trouble = new WatchTrouble(onTrouble);
  }

  /** As `open`, for folders with thousands of others in them, which chokidar lists at every change. */
  openWide(listener: Wake): WatchedFolders {
    if (this.isOff) return NO_FOLDERS;
    return new WideWatch(listener, this.#trouble);
  }

  /** Watches folders for one interested party, until it closes them. */
  open(listener: Wake): WatchedFolders {
    if (this.isOff) return NO_FOLDERS;
    let closed = false;
    const wake: Wake = (path) => {
      if (!closed) listener(path);
    };
    const dirs = new Set<string>();
    const failedAt = new Map<string, number>();
    const watcher = new FSWatcher({
      depth: 0,
      ignoreInitial: true,
      followSymlinks: false,
      ignorePermissionErrors: true,
      ignored: (path) => !dirs.has(path),
    });
    const forget = (dir: string) => {
      dirs.delete(dir);
      watcher.unwatch(dir);
    };
    const recovered = (dir: string) => {
      failedAt.delete(dir);
      this.#trouble.clear([dir]);
    };
    const failed = (dir: string, error: unknown) => {
      forget(dir);
      if (isMissing(error)) return recovered(dir);
      failedAt.set(dir, this.#clock.passed());
      this.#trouble.note(dir, error);
    };
    watcher.on("raw", (event, name, details: unknown) => {
      const folder = watchedPath(details);
      if (folder === undefined) return wake("");
      // Moved or removed, the system tells a folder's own name as if it lay inside itself. The watch is
      // then of a folder that is no longer here; whoever needs the one that comes adds it again.
      if (event === "rename" && name === basename(folder)) forget(folder);
      wake(name ? resolve(folder, name) : folder);
    });
    watcher.on("all", (_event, path) => wake(path));
    watcher.on("error", (error) => {
      const dir = pathOf(error);
      if (!closed && dir !== "") failed(dir, error);
    });
    return {
      add: (dir) => {
        if (closed || dirs.has(dir)) return !closed;
        const since = failedAt.get(dir);
        if (since !== undefined) {
          if (this.#clock.passed() - since < TRY_AGAIN_MS) return false;
          const error = whyNot(dir);
          if (error !== undefined) {
            failed(dir, error);
            return false;
          }
          recovered(dir);
        }
        if (!existsSync(dir)) return false;
        dirs.add(dir);
        watcher.add(dir);
        // The watch takes a moment to be set up; what was written meanwhile is looked for.
        for (const ms of SET_UP_MS) setTimeout(() => wake(dir), ms).unref();
        return true;
      },
      close: () => {
        closed = true;
        this.#trouble.clear(failedAt.keys());
        return watcher.close();
      },
    };
  }
}

/** Why the system would not watch a folder just now; chokidar tells of failures and never of success. */
function whyNot(dir: string): unknown {
  try {
    watch(dir).close();
    return undefined;
  } catch (error) {
    return error;
  }
}

function pathOf(error: unknown): string {
  return error instanceof Error && "path" in error && typeof error.path === "string" ? error.path : "";
}

function watchedPath(details: unknown): string | undefined {
  if (typeof details !== "object" || details === null || !("watchedPath" in details)) return undefined;
  return typeof details.watchedPath === "string" ? details.watchedPath : undefined;
}

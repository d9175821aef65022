import { existsSync } from "node:fs";
import { basename, resolve } from "node:path";
import { FSWatcher } from "chokidar";
import { hasCode, messageOf } from "./file-errors.ts";

/** When a fresh watch is surely at work; the later one for a busy machine. */
const SET_UP_MS = [50, 500];

/** Told that something at `path` may have changed. Never what, and never reliably. */
export type Wake = (path: string) => void;

export interface WatchedFolders {
  /**
   * Watches one more folder, not what lies deeper. Watching it twice is once. One
   * that is not there is not watched: add it again when it may be.
   */
  add(dir: string): void;
  close(): Promise<void>;
}

/** Why changes may be noticed late: the operating system would not watch. */
export interface WatchTrouble {
  readonly path: string;
  readonly message: string;
}

/**
 * A wake-up call for readers, never the truth: chokidar loses the second of two
 * writes a few milliseconds apart. So this passes on the operating system's own
 * events, unthrottled, and everyone woken re-checks the file itself.
 *
 * Only folders are watched, never files: a folder's watch tells of every file in
 * it, and a thousand artifacts cost nothing. The only importer of chokidar.
 */
export class Watcher {
  readonly #onTrouble: (trouble: WatchTrouble) => void;

  constructor(onTrouble: (trouble: WatchTrouble) => void) {
    this.#onTrouble = onTrouble;
  }

  /** Watches folders for one interested party, until it closes them. */
  open(listener: Wake): WatchedFolders {
    let closed = false;
    const wake: Wake = (path) => {
      if (!closed) listener(path);
    };
    const dirs = new Set<string>();
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
    watcher.on("raw", (event, name, details: unknown) => {
      const folder = watchedPath(details);
      if (folder === undefined) return wake("");
      // Moved or removed, the system tells a folder's own name as if it lay inside itself. The watch is
      // then of a folder that is no longer here; whoever needs the one that comes adds it again.
      if (event === "rename" && name === basename(folder)) forget(folder);
      wake(name ? resolve(folder, name) : folder);
    });
    watcher.on("all", (_event, path) => wake(path));
    watcher.on("error", (error) => this.#tell(error));
    return {
      add: (dir) => {
        if (dirs.has(dir) || !existsSync(dir)) return;
        dirs.add(dir);
        watcher.add(dir);
        // The watch takes a moment to be set up; what was written meanwhile is looked for.
        for (const ms of SET_UP_MS) setTimeout(() => wake(dir), ms).unref();
      },
      close: () => {
        closed = true;
        return watcher.close();
      },
    };
  }

  #tell(error: unknown): void {
    const path =
      error instanceof Error && "path" in error && typeof error.path === "string" ? error.path : "";
    const full = hasCode(error, "ENOSPC") || hasCode(error, "EMFILE");
    const reason = full ? `the system's limit is reached: ${messageOf(error)}` : messageOf(error);
    const message = `A folder cannot be watched (${reason}); changes are found by looking every few seconds.`;
    this.#onTrouble({ path, message });
  }
}

function watchedPath(details: unknown): string | undefined {
  if (typeof details !== "object" || details === null || !("watchedPath" in details)) return undefined;
  return typeof details.watchedPath === "string" ? details.watchedPath : undefined;
}

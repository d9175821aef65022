import { type FSWatcher, watch } from "node:fs";
import { basename, join } from "node:path";
import { isMissing } from "./file-errors.ts";
import type { WatchTrouble } from "./watch-trouble.ts";
import { SET_UP_MS, type Wake, type WatchedFolders } from "./watched-folders.ts";

/**
 * Watches folders that hold thousands of others: one watch of the system a folder,
 * and its content is never listed here.
 */
export class WideWatch implements WatchedFolders {
  readonly #wake: Wake;
  readonly #trouble: WatchTrouble;
  readonly #watches = new Map<string, FSWatcher>();
  /** Also those that cannot be watched. */
  readonly #wanted = new Set<string>();
  #closed = false;

  constructor(wake: Wake, trouble: WatchTrouble) {
    this.#wake = wake;
    this.#trouble = trouble;
  }

  add(dir: string): boolean {
    if (this.#closed || this.#watches.has(dir)) return !this.#closed;
    this.#wanted.add(dir);
    try {
      this.#start(dir);
    } catch (error) {
      if (!isMissing(error)) this.#trouble.note(dir, error);
      return false;
    }
    this.#trouble.clear([dir]);
    for (const ms of SET_UP_MS) setTimeout(() => this.#tell(dir), ms).unref();
    return true;
  }

  async close(): Promise<void> {
    this.#closed = true;
    for (const folder of this.#watches.values()) folder.close();
    this.#watches.clear();
    this.#trouble.clear(this.#wanted);
  }

  #start(dir: string): void {
    const folder = watch(dir, (event, name) => {
      if (this.#watches.get(dir) !== folder) return;
      // Moved or removed, the system tells a folder's own name as if it lay inside itself. If it did
      // not go, and something in it has its name, it is added again at once by whoever is woken.
      if (event === "rename" && name === basename(dir)) this.#stop(dir);
      this.#tell(name === null ? dir : join(dir, name));
    });
    this.#watches.set(dir, folder);
    folder.on("error", (error) => {
      if (this.#watches.get(dir) !== folder) return;
      this.#stop(dir);
      if (!isMissing(error)) this.#trouble.note(dir, error);
      this.#tell(dir);
    });
  }

  #stop(dir: string): void {
    this.#watches.get(dir)?.close();
    this.#watches.delete(dir);
  }

  #tell(path: string): void {
    if (!this.#closed) this.#wake(path);
  }
}

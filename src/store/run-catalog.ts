import { createHash } from "node:crypto";
import { basename } from "node:path";
import type { Clock } from "../clock.ts";
import { isSafeId, type RunSummary } from "../protocol/bundle.ts";
import { hasCode, isMissing } from "../sources/file-errors.ts";
import type { Extent, Glance, Glancer, Source } from "../sources/source.ts";
import type { Watcher } from "../sources/watcher.ts";
import { inParallel } from "./in-parallel.ts";
import { RunFolders } from "./run-folders.ts";
import { type Entry as ListEntry, RunLines } from "./run-lines.ts";
import { RunList } from "./run-list.ts";
import { type OpenRun, RunStores } from "./run-stores.ts";

/** Runs looked into at a time. */
const CONCURRENCY = 16;

export interface CatalogParts {
  readonly roots: readonly string[];
  readonly sources: readonly Source[];
  readonly clock: Clock;
  readonly watcher: Watcher;
  readonly onError: (error: unknown) => void;
}

interface Seen {
  readonly source: Source;
  readonly glancer: Glancer;
  readonly glance: Glance;
}

interface Entry extends ListEntry {
  /** Made when someone reads the run for the first time. */
  stores: RunStores | undefined;
}

/**
 * All runs below the roots. It knows every run's line in the list, and opens a
 * run's store for as long as someone reads it.
 *
 * What always holds: an ended run that nobody reads has no watch, no timer and no
 * open file; a run keeps its id for as long as its folder stands.
 */
export class RunCatalog {
  readonly list: RunList;
  readonly #parts: CatalogParts;
  readonly #entries = new Map<string, Entry>();
  readonly #idByDir = new Map<string, string>();
  readonly #folders: RunFolders;
  readonly #lines: RunLines;
  #closed = false;

  constructor(parts: CatalogParts) {
    this.#parts = parts;
    this.list = new RunList(parts.clock, parts.onError);
    this.#lines = new RunLines({ ...parts, list: this.list });
    this.#folders = new RunFolders({
      ...parts,
      lookInto: (dirs) => this.#lookInto(dirs),
      gone: (dirs) => this.#drop(dirs),
      touched: (dir) => {
        const entry = this.#entryOf(dir);
        if (entry !== undefined) this.#lines.wake(entry);
      },
    });
  }

  /** Resolves when the newest runs of every root are listed; the older ones follow, and then what happens. */
  async start(): Promise<void> {
    await this.#folders.start();
    this.#lines.start();
  }

  find(id: string): RunSummary | undefined {
    return this.list.find(id);
  }

  /** Why changes may be noticed late, in words; then it is looked more often. */
  setTrouble(trouble: readonly string[]): void {
    this.#lines.troubled = trouble.length > 0;
    this.list.setTrouble(trouble);
  }

  /** Opens a run, or shares the one that is open, until it is released. Undefined: no such run. */
  async open(id: string, extent: Extent): Promise<OpenRun | undefined> {
    const entry = this.#entries.get(id);
    if (entry === undefined) return undefined;
    entry.stores ??= new RunStores(entry.id, entry.dir, {
      ...this.#parts,
      source: entry.source,
      // Who reads a run sees a change of its status first; the list follows.
      onStanding: () => this.#lines.wake(entry),
    });
    return entry.stores.open(extent);
  }

  async close(): Promise<void> {
    this.#closed = true;
    this.list.close();
    await this.#folders.close();
    await this.#lines.close();
    await Promise.all([...this.#entries.values()].map(async ({ stores }) => stores?.close()));
  }

  /** Takes in the folders that are runs by now, and tells which are not. */
  async #lookInto(dirs: readonly string[]): Promise<string[]> {
    const seen = new Map<string, Seen>();
    const not: string[] = [];
    await inParallel(dirs, CONCURRENCY, async (dir) => {
      const one = await this.#seeFirst(dir);
      if (one === undefined) not.push(dir);
      else seen.set(dir, one);
    });
    if (this.#closed) return not;
    // In the order of their paths, so that of two runs with one id the same gets it every time.
    const found: (Seen & { entry: Entry })[] = [];
    for (const dir of dirs.toSorted()) {
      const one = seen.get(dir);
      if (one !== undefined && !this.#idByDir.has(dir)) found.push({ ...one, entry: this.#admit(dir, one) });
    }
    this.#lines.admit(found);
    return not;
  }

  async #seeFirst(dir: string): Promise<Seen | undefined> {
    for (const source of this.#parts.sources) {
      try {
        const glancer = source.glancer(dir);
        const glance = await glancer.read();
        if (glance !== null) return { source, glancer, glance };
      } catch (error) {
        if (!isMissing(error) && !hasCode(error, "EACCES")) this.#parts.onError(error);
      }
    }
    return undefined;
  }

  #admit(dir: string, { source, glance }: Seen): Entry {
    const id = this.#freeId(dir, glance.summary.runId);
    const entry: Entry = { id, dir, source, stamp: glance.stamp, awake: undefined, stores: undefined };
    this.#entries.set(id, entry);
    this.#idByDir.set(dir, id);
    return entry;
  }

  /** A run's own id; a second folder that claims it gets a suffix made from its path. */
  #freeId(dir: string, runId: string): string {
    const wish = [runId, basename(dir)].find(isSafeId);
    if (wish !== undefined && !this.#entries.has(wish)) return wish;
    const hash = createHash("sha256").update(dir).digest("hex");
    const base = (wish ?? "run").slice(0, 100);
    // A longer piece of the hash, should some run have claimed the shorter one.
    const lengths = [8, 16, 64];
    const ids = lengths.map((length) => `${base}~${hash.slice(0, length)}`);
    return ids.find((id) => !this.#entries.has(id)) ?? `${base}~${hash}-${this.#entries.size}`;
  }

  async #drop(dirs: readonly string[]): Promise<void> {
    const entries = dirs.map((dir) => this.#entryOf(dir)).filter((entry) => entry !== undefined);
    for (const entry of entries) {
      this.#entries.delete(entry.id);
      this.#idByDir.delete(entry.dir);
    }
    await this.#lines.forget(entries);
    await inParallel(entries, CONCURRENCY, async (entry) => entry.stores?.close());
  }

  #entryOf(dir: string): Entry | undefined {
    const id = this.#idByDir.get(dir);
    return id === undefined ? undefined : this.#entries.get(id);
  }
}

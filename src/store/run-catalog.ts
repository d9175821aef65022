import { createHash } from "node:crypto";
import { basename } from "node:path";
import type { Clock } from "../clock.ts";
import { isSafeId, type RunState, type RunSummary } from "../protocol/bundle.ts";
import { hasCode, isMissing } from "../sources/file-errors.ts";
import type { Glance, Glancer, Source } from "../sources/source.ts";
import type { Watcher } from "../sources/watcher.ts";
import { inParallel } from "./in-parallel.ts";
import { RunFolders } from "./run-folders.ts";
import { type Entry as ListEntry, RunLines } from "./run-lines.ts";
import { RunList } from "./run-list.ts";
import { RunStore } from "./run-store.ts";
import type { Topic } from "./topic.ts";

/** A run stays open this long after its last reader left. */
const LINGER_MS = 10_000;
/** Runs looked into at a time. */
const CONCURRENCY = 16;

export interface CatalogParts {
  readonly roots: readonly string[];
  readonly sources: readonly Source[];
  readonly clock: Clock;
  readonly watcher: Watcher;
  readonly onError: (error: unknown) => void;
}

export interface OpenRun {
  readonly topic: Topic<RunState>;
  /** Says that this reader is done; again is nothing. */
  readonly release: () => void;
}

interface Seen {
  readonly source: Source;
  readonly glancer: Glancer;
  readonly glance: Glance;
}

interface Entry extends ListEntry {
  /** While someone reads it, and a little longer. */
  reading: Reading | undefined;
}

interface Reading {
  readers: number;
  store: Promise<RunStore> | undefined;
  cancelClose: (() => void) | undefined;
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
  async open(id: string): Promise<OpenRun | undefined> {
    const entry = this.#entries.get(id);
    if (entry === undefined) return undefined;
    const reading = (entry.reading ??= { readers: 0, store: undefined, cancelClose: undefined });
    reading.readers += 1;
    reading.cancelClose?.();
    try {
      const store = await this.#storeOf(entry, reading);
      return { topic: store.topic, release: once(() => this.#release(entry, reading)) };
    } catch (error) {
      this.#release(entry, reading);
      throw error;
    }
  }

  async close(): Promise<void> {
    this.#closed = true;
    this.list.close();
    await this.#folders.close();
    await this.#lines.close();
    await Promise.all([...this.#entries.values()].map((entry) => this.#closeStore(entry)));
  }

  /** The run's store; a new one where the last could not be opened, or could not go on. */
  async #storeOf(entry: Entry, reading: Reading): Promise<RunStore> {
    const before = reading.store;
    const store = await before?.catch(() => undefined);
    if (store !== undefined && !store.topic.hasEnded) return store;
    if (entry.reading !== reading) throw new Error("The run went while it was being opened.");
    if (reading.store === before) {
      reading.store = RunStore.open(entry.id, entry.dir, {
        ...this.#parts,
        source: entry.source,
        // Who reads a run sees a change of its status first; the list follows.
        onStanding: () => this.#lines.wake(entry),
      });
      await store?.close();
    }
    return reading.store ?? this.#storeOf(entry, reading);
  }

  #release(entry: Entry, reading: Reading): void {
    reading.readers -= 1;
    if (reading.readers > 0 || this.#closed || entry.reading !== reading) return;
    reading.cancelClose = this.#parts.clock.after(LINGER_MS, () => void this.#closeStore(entry));
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
    const entry: Entry = { id, dir, source, stamp: glance.stamp, awake: undefined, reading: undefined };
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
    await inParallel(entries, CONCURRENCY, (entry) => this.#closeStore(entry));
  }

  #entryOf(dir: string): Entry | undefined {
    const id = this.#idByDir.get(dir);
    return id === undefined ? undefined : this.#entries.get(id);
  }

  async #closeStore(entry: Entry): Promise<void> {
    const { reading } = entry;
    entry.reading = undefined;
    reading?.cancelClose?.();
    await (await reading?.store?.catch(() => undefined))?.close();
  }
}

function once(task: () => void): () => void {
  let done = false;
  return () => {
    if (done) return;
    done = true;
    task();
  };
}

import { createHash } from "node:crypto";
import { basename } from "node:path";
import type { Clock } from "../clock.ts";
import { isSafeId, type RunState, type RunSummary } from "../protocol/bundle.ts";
import { hasCode, isMissing } from "../sources/file-errors.ts";
import type { Glance, Source } from "../sources/source.ts";
import type { WatchedFolders, Watcher } from "../sources/watcher.ts";
import { Pace } from "./pace.ts";
import { RunFolders } from "./run-folders.ts";
import { RunList } from "./run-list.ts";
import { RunStore } from "./run-store.ts";
import { judge } from "./stall.ts";
import type { Topic } from "./topic.ts";

/** How often an active run's line is brought up to date while it writes. */
const GLANCE_MS = 250;
/** How often an active run is looked at without being woken, and one that has stalled for long. */
const CHECK_MS = 5_000;
const CHECK_DORMANT_MS = 30_000;
/** A run stalled for this long is no longer watched, only checked. */
const DORMANT_AFTER_MS = 10 * 60_000;
/** A run stays open this long after its last reader left. */
const LINGER_MS = 10_000;
/** Folders looked into at a time. */
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

interface Entry {
  readonly id: string;
  readonly dir: string;
  readonly source: Source;
  glance: Glance;
  glancedAt: number;
  glancing: boolean;
  folders: WatchedFolders | undefined;
  readonly pace: Pace;
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
  #cancelCheck: (() => void) | undefined;
  #closed = false;

  constructor(parts: CatalogParts) {
    this.#parts = parts;
    this.list = new RunList(parts.clock);
    this.#folders = new RunFolders({
      ...parts,
      lookInto: (dirs) => this.#lookInto(dirs),
      gone: (dir) => this.#drop(dir),
    });
  }

  /** Lists every root once, then keeps up with them. */
  async start(): Promise<void> {
    await this.#folders.start();
    this.#checkLater();
  }

  find(id: string): RunSummary | undefined {
    return this.#entries.has(id) ? this.list.topic.state.runsById[id] : undefined;
  }

  /** The system would not watch some folder: look more often from now on. */
  sweepMoreOften(): void {
    this.#folders.sweepMoreOften();
  }

  /** Opens a run, or shares the one that is open, until it is released. Undefined: no such run. */
  async open(id: string): Promise<OpenRun | undefined> {
    const entry = this.#entries.get(id);
    const summary = this.find(id);
    if (entry === undefined || summary === undefined) return undefined;
    entry.readers += 1;
    entry.cancelClose?.();
    entry.store ??= RunStore.open(summary, { ...this.#parts, source: entry.source });
    try {
      const store = await entry.store;
      return { topic: store.topic, release: once(() => this.#release(entry)) };
    } catch (error) {
      entry.readers -= 1;
      entry.store = undefined;
      throw error;
    }
  }

  #release(entry: Entry): void {
    entry.readers -= 1;
    if (entry.readers > 0 || this.#closed) return;
    entry.cancelClose = this.#parts.clock.after(LINGER_MS, () => void this.#closeStore(entry));
  }

  async close(): Promise<void> {
    this.#closed = true;
    this.#cancelCheck?.();
    this.list.topic.close();
    await this.#folders.close();
    await Promise.all([...this.#entries.values()].map((entry) => this.#forget(entry)));
  }

  /** Takes in the folders that are runs by now, and tells which are not. */
  async #lookInto(dirs: readonly string[]): Promise<string[]> {
    const found: Entry[] = [];
    const not: string[] = [];
    await inParallel(dirs, CONCURRENCY, async (dir) => {
      const seen = await this.#glanceAt(dir);
      if (this.#closed || this.#idByDir.has(dir)) return;
      if (seen === undefined) not.push(dir);
      else found.push(this.#admit(dir, seen.source, seen.glance));
    });
    if (found.length > 0) this.list.put(found.map((entry) => this.#line(entry)));
    for (const entry of found) this.#watchIfActive(entry);
    return not;
  }

  async #glanceAt(dir: string): Promise<{ source: Source; glance: Glance } | undefined> {
    for (const source of this.#parts.sources) {
      try {
        const glance = await source.glance(dir);
        if (glance !== null) return { source, glance };
      } catch (error) {
        if (!isMissing(error) && !hasCode(error, "EACCES")) this.#parts.onError(error);
      }
    }
    return undefined;
  }

  #admit(dir: string, source: Source, glance: Glance): Entry {
    const id = this.#freeId(dir, glance.summary.runId);
    const entry: Entry = {
      id,
      dir,
      source,
      glance,
      glancedAt: this.#parts.clock.now(),
      glancing: false,
      folders: undefined,
      pace: new Pace(GLANCE_MS, this.#parts.clock, () => void this.#refresh(entry)),
      readers: 0,
      store: undefined,
      cancelClose: undefined,
    };
    this.#entries.set(id, entry);
    this.#idByDir.set(dir, id);
    return entry;
  }

  /** A run's own id; a second folder that claims it gets a suffix made from its path. */
  #freeId(dir: string, runId: string): string {
    const wish = isSafeId(runId) ? runId : isSafeId(basename(dir)) ? basename(dir) : "run";
    if (wish !== "run" && !this.#entries.has(wish)) return wish;
    return `${wish.slice(0, 180)}~${createHash("sha256").update(dir).digest("hex").slice(0, 8)}`;
  }

  #line(entry: Entry): RunSummary {
    const { summary, pulse } = entry.glance;
    const standing = judge(pulse, this.#parts.clock.now());
    return { ...summary, ...standing, runId: entry.id };
  }

  async #refresh(entry: Entry): Promise<void> {
    if (entry.glancing || this.#closed) return;
    entry.glancing = true;
    try {
      const glance = await entry.source.glance(entry.dir);
      entry.glancedAt = this.#parts.clock.now();
      // A manifest that is torn, or gone with its folder: the last good line stands.
      if (glance === null || this.#closed || this.#entries.get(entry.id) !== entry) return;
      entry.glance = glance;
      this.list.put([this.#line(entry)]);
      this.#watchIfActive(entry);
    } catch (error) {
      if (!isMissing(error)) this.#parts.onError(error);
    } finally {
      entry.glancing = false;
    }
  }

  #watchIfActive(entry: Entry): void {
    const active = isActive(entry) && !this.#isDormant(entry);
    if (active && entry.folders === undefined) {
      entry.folders = this.#parts.watcher.open(() => entry.pace.request());
      for (const folder of entry.glance.folders) entry.folders.add(folder);
    } else if (!active && entry.folders !== undefined) {
      const { folders } = entry;
      entry.folders = undefined;
      void folders.close();
    }
  }

  #isDormant(entry: Entry): boolean {
    return this.#parts.clock.now() - entry.glance.pulse.lastWriteAt > DORMANT_AFTER_MS;
  }

  /** Looks after active runs that have gone quiet: to find them stalled, or to find what no event told. */
  #checkLater(): void {
    this.#cancelCheck = this.#parts.clock.after(1_000, () => {
      const now = this.#parts.clock.now();
      for (const entry of this.#entries.values()) {
        if (!isActive(entry)) continue;
        const every = this.#isDormant(entry) ? CHECK_DORMANT_MS : CHECK_MS;
        const line = this.list.topic.state.runsById[entry.id];
        const changes = judge(entry.glance.pulse, now).status !== line?.status;
        if (changes || now - entry.glancedAt >= every) void this.#refresh(entry);
      }
      this.#checkLater();
    });
  }

  async #drop(dir: string): Promise<void> {
    const id = this.#idByDir.get(dir);
    const entry = id === undefined ? undefined : this.#entries.get(id);
    if (entry === undefined) return;
    this.list.remove(entry.id);
    this.#entries.delete(entry.id);
    this.#idByDir.delete(dir);
    await this.#forget(entry);
  }

  async #forget(entry: Entry): Promise<void> {
    entry.pace.stop();
    entry.cancelClose?.();
    await entry.folders?.close();
    await this.#closeStore(entry);
  }

  async #closeStore(entry: Entry): Promise<void> {
    const { store } = entry;
    entry.store = undefined;
    entry.cancelClose = undefined;
    await (await store?.catch(() => undefined))?.close();
  }
}

/** May this run's line still change? */
function isActive(entry: Entry): boolean {
  const { status, silenceMs } = entry.glance.pulse;
  return silenceMs !== null || status === "waiting" || status === "unknown";
}

function once(task: () => void): () => void {
  let done = false;
  return () => {
    if (done) return;
    done = true;
    task();
  };
}

async function inParallel<Item>(
  items: readonly Item[],
  atOnce: number,
  work: (item: Item) => Promise<void>,
): Promise<void> {
  const queue = items.values();
  const workers = Array.from({ length: Math.min(atOnce, items.length) }, async () => {
    for (const item of queue) await work(item);
  });
  await Promise.all(workers);
}

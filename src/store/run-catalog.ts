import { createHash } from "node:crypto";
import { basename } from "node:path";
import type { Clock } from "../clock.ts";
import { isSafeId, type RunSummary } from "../protocol/bundle.ts";
import { hasCode, isMissing } from "../sources/file-errors.ts";
import type { Extent, Glance, Glancer, Source } from "../sources/source.ts";
import type { WatchedFolders, Watcher } from "../sources/watcher.ts";
import { inParallel } from "./in-parallel.ts";
import { Pace } from "./pace.ts";
import { RunFolders } from "./run-folders.ts";
import { RunList } from "./run-list.ts";
import { type OpenRun, RunStores } from "./run-stores.ts";
import { judge } from "./stall.ts";

/** How often an active run's line is brought up to date while it writes. */
const GLANCE_MS = 250;
/** How often an active run is looked at without being woken, and one that has stalled for long. */
const CHECK_MS = 5_000;
const CHECK_DORMANT_MS = 30_000;
/** A run stalled for this long is no longer watched, only checked. One that waits for a person stays watched. */
const DORMANT_AFTER_MS = 10 * 60_000;
/** Ended runs are not watched. A few at a time are looked at, in case one was written anew. */
const CHECK_ENDED_AT_A_TIME = 16;
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

interface Entry {
  readonly id: string;
  readonly dir: string;
  readonly source: Source;
  readonly glancer: Glancer;
  glance: Glance;
  glancedAt: number;
  glancing: boolean;
  folders: WatchedFolders | undefined;
  readonly pace: Pace;
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
  /** Where the round of ended runs goes on. */
  #endedFrom = 0;
  #cancelCheck: (() => void) | undefined;
  #closed = false;

  constructor(parts: CatalogParts) {
    this.#parts = parts;
    this.list = new RunList(parts.clock, parts.onError);
    this.#folders = new RunFolders({
      ...parts,
      lookInto: (dirs) => this.#lookInto(dirs),
      gone: (dirs) => this.#drop(dirs),
      touched: (dir) => this.#entryOf(dir)?.pace.request(),
    });
  }

  /** Lists every root once, then keeps up with them. */
  async start(): Promise<void> {
    await this.#folders.start();
    if (!this.#closed) this.#checkLater();
  }

  find(id: string): RunSummary | undefined {
    return this.#entries.has(id) ? this.list.topic.state.runsById[id] : undefined;
  }

  /** The system would not watch some folder: look more often from now on. */
  sweepMoreOften(): void {
    this.#folders.sweepMoreOften();
  }

  /** Opens a run, or shares the one that is open, until it is released. Undefined: no such run. */
  async open(id: string, extent: Extent): Promise<OpenRun | undefined> {
    const entry = this.#entries.get(id);
    if (entry === undefined) return undefined;
    entry.stores ??= new RunStores(entry.id, entry.dir, {
      ...this.#parts,
      source: entry.source,
      // Who reads a run sees a change of its status first; the list follows.
      onStanding: () => entry.pace.request(),
    });
    return entry.stores.open(extent);
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
    const seen = new Map<string, Seen>();
    const not: string[] = [];
    await inParallel(dirs, CONCURRENCY, async (dir) => {
      const one = await this.#seeFirst(dir);
      if (one === undefined) not.push(dir);
      else seen.set(dir, one);
    });
    if (this.#closed) return not;
    // In the order of their paths, so that of two runs with one id the same gets it every time.
    const found: Entry[] = [];
    for (const dir of dirs.toSorted()) {
      const one = seen.get(dir);
      if (one !== undefined && !this.#idByDir.has(dir)) found.push(this.#admit(dir, one));
    }
    if (found.length > 0) this.list.put(found.map((entry) => this.#line(entry)));
    for (const entry of found) this.#watchIfActive(entry);
    return not;
  }

  async #seeFirst(dir: string): Promise<Seen | undefined> {
    for (const source of this.#parts.sources) {
      try {
        const glancer = source.glancer(dir);
        const glance = await glancer.read();
        if (glance !== null) return { source, glancer, glance };
      } catch (error) {
        this.#tell(error);
      }
    }
    return undefined;
  }

  #admit(dir: string, { source, glancer, glance }: Seen): Entry {
    const entry: Entry = {
      id: this.#freeId(dir, glance.summary.runId),
      dir,
      source,
      glancer,
      glance,
      glancedAt: this.#parts.clock.passed(),
      glancing: false,
      folders: undefined,
      pace: new Pace(GLANCE_MS, this.#parts.clock, () => void this.#refresh(entry)),
      stores: undefined,
    };
    this.#entries.set(entry.id, entry);
    this.#idByDir.set(dir, entry.id);
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

  #line(entry: Entry): RunSummary {
    const { summary, pulse } = entry.glance;
    return { ...summary, ...judge(pulse, this.#parts.clock.now()), runId: entry.id };
  }

  async #refresh(entry: Entry): Promise<void> {
    if (this.#closed) return;
    // What happened since this glance began is for the next one.
    if (entry.glancing) return entry.pace.request();
    entry.glancing = true;
    try {
      const glance = await entry.glancer.read();
      entry.glancedAt = this.#parts.clock.passed();
      if (glance !== null) entry.glance = glance;
    } catch (error) {
      this.#tell(error);
    } finally {
      entry.glancing = false;
    }
    if (this.#closed || this.#entries.get(entry.id) !== entry) return;
    // Also without news of its files: silence is news.
    this.list.put([this.#line(entry)]);
    this.#watchIfActive(entry);
  }

  #watchIfActive(entry: Entry): void {
    const active = isActive(entry) && !this.#isDormant(entry);
    if (active) {
      entry.folders ??= this.#parts.watcher.open(() => entry.pace.request());
      for (const folder of entry.glance.folders) entry.folders.add(folder);
    } else if (entry.folders !== undefined) {
      const { folders } = entry;
      entry.folders = undefined;
      void folders.close();
    }
  }

  #isDormant(entry: Entry): boolean {
    const { silenceMs, lastWriteAt } = entry.glance.pulse;
    return silenceMs !== null && this.#parts.clock.now() - lastWriteAt > DORMANT_AFTER_MS;
  }

  #checkLater(): void {
    this.#cancelCheck = this.#parts.clock.after(1_000, () => {
      const due = [...this.#activeDue(), ...this.#nextEnded()];
      inParallel(due, CONCURRENCY, (entry) => this.#refresh(entry))
        .catch((error: unknown) => this.#tell(error))
        .finally(() => {
          if (!this.#closed) this.#checkLater();
        });
    });
  }

  /** Active runs that have gone quiet: to find them stalled, or to find what no event told. */
  *#activeDue(): Iterable<Entry> {
    const now = this.#parts.clock.now();
    const passed = this.#parts.clock.passed();
    for (const entry of this.#entries.values()) {
      if (!isActive(entry)) continue;
      const every = this.#isDormant(entry) ? CHECK_DORMANT_MS : CHECK_MS;
      const line = this.list.topic.state.runsById[entry.id];
      const changes = judge(entry.glance.pulse, now).status !== line?.status;
      if (changes || passed - entry.glancedAt >= every) yield entry;
    }
  }

  /** The next few ended runs of an endless round. */
  #nextEnded(): Entry[] {
    const ended = [...this.#entries.values()].filter((entry) => !isActive(entry));
    if (this.#endedFrom >= ended.length) this.#endedFrom = 0;
    const some = ended.slice(this.#endedFrom, this.#endedFrom + CHECK_ENDED_AT_A_TIME);
    this.#endedFrom += CHECK_ENDED_AT_A_TIME;
    return some;
  }

  async #drop(dirs: readonly string[]): Promise<void> {
    const entries = dirs.map((dir) => this.#entryOf(dir)).filter((entry) => entry !== undefined);
    this.list.remove(entries.map((entry) => entry.id));
    for (const entry of entries) {
      this.#entries.delete(entry.id);
      this.#idByDir.delete(entry.dir);
    }
    await inParallel(entries, CONCURRENCY, (entry) => this.#forget(entry));
  }

  #entryOf(dir: string): Entry | undefined {
    const id = this.#idByDir.get(dir);
    return id === undefined ? undefined : this.#entries.get(id);
  }

  async #forget(entry: Entry): Promise<void> {
    entry.pace.stop();
    await entry.folders?.close();
    await entry.stores?.close();
  }

  #tell(error: unknown): void {
    if (!isMissing(error) && !hasCode(error, "EACCES")) this.#parts.onError(error);
  }
}

/** May this run's line still change? */
function isActive(entry: Entry): boolean {
  const { status, silenceMs } = entry.glance.pulse;
  return silenceMs !== null || status === "waiting" || status === "unknown";
}

import { createHash } from "node:crypto";
import { basename } from "node:path";
import type { Clock } from "../clock.ts";
import { isSafeId, type RunSummary } from "../protocol/bundle.ts";
import { hasCode, isMissing } from "../sources/file-errors.ts";
import type { Extent, Glance, Glancer, Place, RunFiles, Source } from "../sources/source.ts";
import type { Watcher } from "../sources/watcher.ts";
import { Slots } from "../slots.ts";
import { FirstListing } from "./first-listing.ts";
import { inParallel } from "./in-parallel.ts";
import { RunFinder } from "./run-finder.ts";
import { type Entry as ListEntry, RunLines } from "./run-lines.ts";
import { RunList } from "./run-list.ts";
import type { Root } from "./roots.ts";
import { type OpenRun, RunStores } from "./run-stores.ts";

/** Runs looked into at a time. */
const CONCURRENCY = 16;

/** See `RunCatalog.watching`. */
export type WatchMode = "watching" | "sweeping" | "off";

const NOT_WATCHING =
  "Watching is off: the list is as it was when the viewer was started, and a run as it was when it was opened.";

export interface CatalogParts {
  readonly roots: readonly Root[];
  /** The folder that the viewer was started in, where nobody named one. */
  readonly workingDir?: string | undefined;
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
 * All runs that the roots lead to. It knows every run's line in the list, and opens a
 * run's store for as long as someone reads it.
 *
 * What always holds: an ended run that nobody reads has no watch, no timer and no
 * open file; a run keeps its id for as long as its place stands.
 */
export class RunCatalog {
  readonly list: RunList;
  readonly #parts: CatalogParts;
  readonly #entries = new Map<string, Entry>();
  readonly #idByPlace = new Map<Place, string>();
  readonly #finder: RunFinder;
  readonly #lines: RunLines;
  /** In turn over all folders: so the runs of the first are listed while others wait to be looked into. */
  readonly #looks = new Slots(CONCURRENCY);
  readonly #firstListing = new FirstListing();
  #watchTrouble: readonly string[] = [];
  #rootTrouble: readonly string[] = [];
  #closed = false;

  constructor(parts: CatalogParts) {
    this.#parts = parts;
    this.list = new RunList(parts.clock, parts.onError);
    this.#lines = new RunLines({ ...parts, list: this.list });
    this.#finder = new RunFinder({
      ...parts,
      sweeps: !parts.watcher.isOff,
      onTrouble: (trouble) => {
        this.#rootTrouble = trouble;
        this.#tellTrouble();
      },
      lookInto: (places, sources) => this.#lookInto(places, sources),
      gone: (places) => this.#drop(places),
      touched: (place) => this.wake(place),
    });
    this.#tellTrouble();
  }

  /** Resolves when the newest runs of every root are listed; the older ones follow, and then what happens. */
  async start(): Promise<void> {
    try {
      await this.#finder.start();
    } finally {
      this.#firstListing.end();
    }
    if (!this.#parts.watcher.isOff) this.#lines.start();
  }

  find(id: string): RunSummary | undefined {
    return this.list.find(id);
  }

  /** Undefined: no run that is listed lies there. */
  idOf(place: Place): string | undefined {
    return this.#idByPlace.get(place);
  }

  /** Something of the run there may have changed. */
  wake(place: Place): void {
    const entry = this.#entryOf(place);
    if (entry !== undefined) this.#lines.wake(entry);
  }

  /** Which files may be shown as the run's. Undefined: no such run. */
  async filesOf(id: string): Promise<RunFiles | undefined> {
    const entry = await this.#entryNamed(id);
    if (entry === undefined) return undefined;
    const { place, source } = entry;
    return source.files?.(place) ?? { dir: place, allows: () => Promise.resolve(true) };
  }

  /** Why the system tells of changes late, in words; then it is looked more often. */
  setTrouble(trouble: readonly string[]): void {
    this.#lines.troubled = trouble.length > 0;
    this.#watchTrouble = trouble;
    this.#tellTrouble();
  }

  /** How changes are found: the system tells of them, it is looked for some of them, or not at all. */
  watching(): WatchMode {
    if (this.#parts.watcher.isOff) return "off";
    return this.#watchTrouble.length > 0 ? "sweeping" : "watching";
  }

  /** Opens a run, or shares the one that is open, until it is released. Undefined: no such run. */
  async open(id: string, extent: Extent): Promise<OpenRun | undefined> {
    const entry = await this.#entryNamed(id);
    if (entry === undefined || this.#closed) return undefined;
    entry.stores ??= new RunStores(entry.id, entry.place, {
      ...this.#parts,
      source: entry.source,
      // Who reads a run sees a change of its status first; the list follows.
      onStanding: () => this.#lines.wake(entry),
    });
    return entry.stores.open(extent);
  }

  async close(): Promise<void> {
    this.#closed = true;
    this.#firstListing.end();
    this.list.close();
    await this.#finder.close();
    await this.#lines.close();
    await Promise.all([...this.#entries.values()].map(async ({ stores }) => stores?.close()));
  }

  /** Takes in the places that hold runs of these sources by now, and tells which do not. */
  async #lookInto(places: readonly Place[], sources: readonly Source[]): Promise<Place[]> {
    const seen = new Map<Place, Seen>();
    const not: Place[] = [];
    // Found from another spot before.
    const unknown = places.filter((place) => !this.#idByPlace.has(place));
    const look = async (place: Place) => {
      const one = await this.#seeFirst(place, sources);
      if (one === undefined) not.push(place);
      else seen.set(place, one);
    };
    await Promise.all(unknown.map((place) => this.#looks.take(() => look(place))));
    if (this.#closed) return not;
    // In the order of their paths, so that of two runs with one id the same gets it every time.
    const found: (Seen & { entry: Entry })[] = [];
    for (const place of unknown.toSorted()) {
      const one = seen.get(place);
      if (one !== undefined && !this.#idByPlace.has(place))
        found.push({ ...one, entry: this.#admit(place, one) });
    }
    this.#lines.admit(found);
    return not;
  }

  async #seeFirst(place: Place, sources: readonly Source[]): Promise<Seen | undefined> {
    for (const source of sources) {
      try {
        const glancer = source.glancer(place);
        const glance = await glancer.read();
        if (glance !== null) return { source, glancer, glance };
      } catch (error) {
        if (!isMissing(error) && !hasCode(error, "EACCES")) this.#parts.onError(error);
      }
    }
    return undefined;
  }

  #admit(place: Place, { source, glance }: Seen): Entry {
    const id = this.#freeId(place, glance.summary.runId);
    const entry: Entry = { id, place, source, stamp: glance.stamp, awake: undefined, stores: undefined };
    this.#entries.set(id, entry);
    this.#idByPlace.set(place, id);
    this.#firstListing.meet(id);
    return entry;
  }

  /** A run's own id; a second place that claims it gets a suffix made from its path. */
  #freeId(place: Place, runId: string): string {
    const wish = [runId, basename(place)].find(isSafeId);
    if (wish !== undefined && !this.#entries.has(wish)) return wish;
    const hash = createHash("sha256").update(place).digest("hex");
    const base = (wish ?? "run").slice(0, 100);
    // A longer piece of the hash, should some run have claimed the shorter one.
    const lengths = [8, 16, 64];
    const ids = lengths.map((length) => `${base}~${hash.slice(0, length)}`);
    return ids.find((id) => !this.#entries.has(id)) ?? `${base}~${hash}-${this.#entries.size}`;
  }

  async #drop(places: readonly Place[]): Promise<void> {
    const entries = places.map((place) => this.#entryOf(place)).filter((entry) => entry !== undefined);
    if (entries.length === 0) return;
    for (const entry of entries) {
      this.#entries.delete(entry.id);
      this.#idByPlace.delete(entry.place);
    }
    await this.#lines.forget(entries);
    await inParallel(entries, CONCURRENCY, async (entry) => entry.stores?.close());
  }

  #tellTrouble(): void {
    if (this.#closed) return;
    const off = this.#parts.watcher.isOff ? [NOT_WATCHING] : [];
    this.list.setTrouble([...off, ...this.#rootTrouble, ...this.#watchTrouble]);
  }

  /** While runs are listed for the first time, one that is not met yet is waited for. */
  async #entryNamed(id: string): Promise<Entry | undefined> {
    if (!this.#entries.has(id)) await this.#firstListing.met(id);
    return this.#entries.get(id);
  }

  #entryOf(place: Place): Entry | undefined {
    const id = this.#idByPlace.get(place);
    return id === undefined ? undefined : this.#entries.get(id);
  }
}

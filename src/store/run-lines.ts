import type { Clock } from "../clock.ts";
import type { RunSummary } from "../protocol/bundle.ts";
import { hasCode, isMissing } from "../sources/file-errors.ts";
import type { Glance, Glancer, Place, Source } from "../sources/source.ts";
import type { WatchedFolders, Watcher } from "../sources/watcher.ts";
import { inParallel } from "./in-parallel.ts";
import { Pace } from "./pace.ts";
import type { ListedRun, RunList } from "./run-list.ts";
import { judge } from "./stall.ts";

/** How often an active run's line is brought up to date while it writes. */
const GLANCE_MS = 250;
/** How often runs are looked at without being woken. */
const CHECK_EVERY_MS = 1_000;
/** An active run that has gone quiet is; one that may not be watched; one that has stalled for long. */
const CHECK_MS = 5_000;
const CHECK_UNWATCHED_MS = 1_000;
const CHECK_DORMANT_MS = 30_000;
/** Thousands of runs that died without a word are looked at more seldom: so many a second, on the whole. */
const DORMANT_A_SECOND = 16;
/** A run stalled for this long is no longer watched, only checked. One that waits for a person stays watched. */
const DORMANT_AFTER_MS = 10 * 60_000;
/** So many resting runs a second are asked for their stamps, in an endless round. */
const RESTING_A_SECOND = 64;
/** What ended just now may still get its last files, so it is asked every time. */
const JUST_ENDED_MS = 10_000;
/** Runs looked at at a time. */
const CONCURRENCY = 16;

/** A run of the list. While it rests, this and its line are all that is held of it. */
export interface Entry {
  readonly id: string;
  readonly place: Place;
  readonly source: Source;
  /** As of the last glance. */
  stamp: string;
  /** While it rests: when its line changes though nothing is written; undefined: never. */
  changesAt?: number | undefined;
  awake: Awake | undefined;
}

/** What keeps the line of a run up to date that is active, or may be again. */
interface Awake {
  readonly glancer: Glancer;
  readonly pace: Pace;
  glance: Glance | undefined;
  glancedAt: number;
  glancing: boolean;
  /** Something happened since the last glance began. */
  due: boolean;
  folders: WatchedFolders | undefined;
}

export interface RunLinesParts {
  readonly list: RunList;
  readonly clock: Clock;
  readonly watcher: Watcher;
  readonly onError: (error: unknown) => void;
}

/**
 * Keeps the line of every run up to date.
 *
 * What always holds: a run that has ended rests, which costs its line and a stamp;
 * it has no watch, no timer, no open file and no glancer. When its stamp has moved
 * it is glanced at anew.
 */
export class RunLines {
  /** The system would not watch some folder: look more often. */
  troubled = false;
  readonly #parts: RunLinesParts;
  readonly #entries = new Map<string, Entry>();
  readonly #awake = new Set<Entry>();
  /** Until when (time passed) what ended just now is asked every time. */
  readonly #justEnded = new Map<Entry, number>();
  #round: Iterator<Entry> = this.#entries.values();
  #dormant = 0;
  #cancelCheck: (() => void) | undefined;
  #closed = false;

  constructor(parts: RunLinesParts) {
    this.#parts = parts;
  }

  start(): void {
    if (!this.#closed) this.#checkLater();
  }

  /** Runs that were seen for the first time. */
  admit(found: readonly { entry: Entry; glancer: Glancer; glance: Glance }[]): void {
    const lines = found.map(({ entry, glance }) => this.#line(entry, glance));
    if (lines.length > 0) this.#parts.list.put(lines);
    for (const { entry, glancer, glance } of found) {
      this.#entries.set(entry.id, entry);
      entry.changesAt = glance.pulse.changesAt;
      if (isActive(glance)) this.#watch(entry, this.#awaken(entry, glancer, glance));
    }
  }

  /** Something of the run may have changed. */
  wake(entry: Entry): void {
    if (this.#closed || this.#entries.get(entry.id) !== entry) return;
    const awake = entry.awake ?? this.#awaken(entry, entry.source.glancer(entry.place), undefined);
    awake.due = true;
    awake.pace.request();
  }

  async forget(entries: readonly Entry[]): Promise<void> {
    this.#parts.list.remove(entries.map(({ id }) => id));
    for (const entry of entries) {
      this.#entries.delete(entry.id);
      this.#justEnded.delete(entry);
    }
    await inParallel(entries, CONCURRENCY, (entry) => this.#rest(entry));
  }

  async close(): Promise<void> {
    this.#closed = true;
    this.#cancelCheck?.();
    await Promise.all([...this.#awake].map((entry) => this.#rest(entry)));
  }

  #awaken(entry: Entry, glancer: Glancer, glance: Glance | undefined): Awake {
    const awake: Awake = {
      glancer,
      pace: new Pace(GLANCE_MS, this.#parts.clock, () => void this.#refresh(entry, awake)),
      glance,
      glancedAt: this.#parts.clock.passed(),
      glancing: false,
      due: false,
      folders: undefined,
    };
    entry.awake = awake;
    this.#awake.add(entry);
    return awake;
  }

  async #rest(entry: Entry): Promise<void> {
    const { awake } = entry;
    entry.awake = undefined;
    this.#awake.delete(entry);
    awake?.pace.stop();
    await awake?.folders?.close();
  }

  async #refresh(entry: Entry, awake: Awake): Promise<void> {
    // What happened since this glance began is for the next one.
    if (awake.glancing) return awake.pace.request();
    awake.glancing = true;
    awake.due = false;
    try {
      awake.glance = (await awake.glancer.read()) ?? awake.glance;
      awake.glancedAt = this.#parts.clock.passed();
    } catch (error) {
      this.#tell(error);
    } finally {
      awake.glancing = false;
    }
    const isListed = this.#entries.get(entry.id) === entry;
    if (!this.#closed && isListed && entry.awake === awake) this.#settle(entry, awake);
  }

  /** What there is to do once a run was glanced at. */
  #settle(entry: Entry, awake: Awake): void {
    const { glance } = awake;
    if (glance !== undefined) {
      entry.stamp = glance.stamp;
      entry.changesAt = glance.pulse.changesAt;
      // Also without news of its files: silence is news.
      this.#parts.list.put([this.#line(entry, glance)]);
      if (isActive(glance)) return this.#watch(entry, awake);
      this.#justEnded.set(entry, this.#parts.clock.passed() + JUST_ENDED_MS);
    }
    // Torn or gone: its line stands, and its stamp will be found to have moved again.
    if (!awake.due) void this.#rest(entry);
  }

  #line(entry: Entry, glance: Glance): ListedRun {
    const { summary, pulse } = glance;
    const line: RunSummary = { ...summary, ...judge(pulse, this.#parts.clock.now()), runId: entry.id };
    const goesOn = isActive(glance) && pulse.status !== "unknown" && !this.#isDormant(glance);
    return { summary: line, goesOn };
  }

  #watch(entry: Entry, awake: Awake): void {
    const { folders, glance } = awake;
    if (glance === undefined) return;
    if (this.#isDormant(glance)) {
      awake.folders = undefined;
      void folders?.close();
      return;
    }
    awake.folders ??= this.#parts.watcher.open(() => this.wake(entry));
    for (const folder of glance.folders) awake.folders.add(folder);
  }

  #isDormant({ pulse: { lastWriteAt, silenceMs } }: Glance): boolean {
    return silenceMs !== null && this.#parts.clock.now() - lastWriteAt > silenceMs + DORMANT_AFTER_MS;
  }

  #checkLater(): void {
    this.#cancelCheck = this.#parts.clock.after(CHECK_EVERY_MS, () => {
      this.#check()
        .catch((error: unknown) => this.#tell(error))
        .finally(() => {
          if (!this.#closed) this.#checkLater();
        });
    });
  }

  async #check(): Promise<void> {
    await inParallel([...this.#activeDue()], CONCURRENCY, ([entry, awake]) => this.#refresh(entry, awake));
    await inParallel([...this.#restingDue()], CONCURRENCY, (entry) => this.#askStamp(entry));
  }

  /** Active runs that have gone quiet: to find them stalled, or to find what no event told. */
  *#activeDue(): Iterable<[Entry, Awake]> {
    const now = this.#parts.clock.now();
    const passed = this.#parts.clock.passed();
    const dormantEvery = Math.max(CHECK_DORMANT_MS, (this.#dormant / DORMANT_A_SECOND) * 1_000);
    // Twice the share of this second, so that those which fell due together are all reached in time.
    let room = 2 * DORMANT_A_SECOND;
    let dormant = 0;
    for (const entry of this.#awake) {
      const { awake } = entry;
      if (awake?.glance === undefined) continue;
      const line = this.#parts.list.find(entry.id);
      const { pulse } = awake.glance;
      const changes = judge(pulse, now).status !== line?.status || now >= (pulse.changesAt ?? now + 1);
      const silentFor = passed - awake.glancedAt;
      if (this.#isDormant(awake.glance)) {
        dormant += 1;
        if ((!changes && silentFor < dormantEvery) || room === 0) continue;
        room -= 1;
        yield [entry, awake];
      } else if (changes || silentFor >= (this.troubled ? CHECK_UNWATCHED_MS : CHECK_MS)) {
        yield [entry, awake];
      }
    }
    this.#dormant = dormant;
  }

  /** What ended just now, and the next few of an endless round. */
  *#restingDue(): Iterable<Entry> {
    const passed = this.#parts.clock.passed();
    for (const [entry, until] of this.#justEnded) {
      if (passed >= until) this.#justEnded.delete(entry);
      else if (entry.awake === undefined) yield entry;
    }
    for (let count = 0; count < RESTING_A_SECOND; count += 1) {
      const next = this.#round.next();
      if (next.done === true) {
        this.#round = this.#entries.values();
        return;
      }
      if (next.value.awake === undefined && !this.#justEnded.has(next.value)) yield next.value;
    }
  }

  async #askStamp(entry: Entry): Promise<void> {
    try {
      if (this.#parts.clock.now() >= (entry.changesAt ?? Number.POSITIVE_INFINITY)) return this.wake(entry);
      const stamp = await entry.source.stampOf(entry.place);
      if (stamp !== null && stamp !== entry.stamp) this.wake(entry);
    } catch (error) {
      this.#tell(error);
    }
  }

  #tell(error: unknown): void {
    if (!isMissing(error) && !hasCode(error, "EACCES")) this.#parts.onError(error);
  }
}

/** May this run's line still change? */
function isActive({ pulse: { silenceMs, status } }: Glance): boolean {
  return silenceMs !== null || status === "waiting" || status === "unknown";
}

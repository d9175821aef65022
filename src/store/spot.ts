import { lstat, readdir, realpath, stat } from "node:fs/promises";
import { basename, join, sep } from "node:path";
import { hasCode, isMissing, messageOf } from "../sources/file-errors.ts";
import type { WatchedFolders, Watcher } from "../sources/watcher.ts";
import { Pace } from "./pace.ts";
import type { RootTrouble } from "./root-trouble.ts";
import { type LookParts, RunsByName } from "./runs-by-name.ts";
import { ShelfRuns } from "./shelf-runs.ts";
import { isHidden, namesAhead, sourcesHere, type Way, waysFrom } from "./ways.ts";

/** How often a spot is listed, for what no event told. */
const SWEEP_MS = 5_000;
/** The same while the system does not watch it (not there yet, or its limit is reached). */
const SWEEP_UNWATCHED_MS = 1_000;
/** Where there are very many spots, so much time passes between their sweeps. */
const SWEEP_PER_SPOT_MS = 100;
/** More are not watched, only swept. */
const MOST_WATCHED = 500;
/** So many spots below are opened before the list is told. */
const SCREENFUL = 64;
/** Events that ask for a sweep are answered together, at most this often. */
const SWEEP_AGAIN_MS = 100;

export interface SpotParts extends LookParts {
  readonly watcher: Pick<Watcher, "openWide">;
  /** All that there are. */
  readonly spots: Set<Spot>;
  /** Long work, one after the other, which begins once the newest runs of all roots are known. */
  readonly inTurn: (work: () => Promise<void>) => Promise<void>;
  /** Are spots listed again, for what no event told? */
  readonly sweeps: boolean;
  readonly trouble: RootTrouble;
}

export interface SpotRole {
  /** A folder that somebody named may be a run itself. */
  readonly mayBeRun: boolean;
  /** That it is not there is worth telling. */
  readonly mustBeThere: boolean;
}

export const NO_ROOT: SpotRole = { mayBeRun: false, mustBeThere: false };

/** A spot's folder while it is there. */
interface Ground {
  readonly real: string;
  /** Another folder under the same name is another one. */
  identity: string;
  watch: WatchedFolders;
  readonly itself: RunsByName | undefined;
  /** Its time of change when it was last looked into as a run itself. */
  changedAt: number;
  readonly folders: RunsByName | undefined;
  readonly shelves: readonly ShelfRuns[];
  /** The spots right below, by name. */
  readonly below: Map<string, Spot>;
}

/** The name of a folder in itself. */
const SELF = ".";

/**
 * A folder in which runs of some sources are looked for: in the folders right
 * below it, and in its files. And on its ways lie further spots, which come and
 * go with their folders. One that does not exist yet is waited for.
 *
 * What always holds: its watch is there before it is listed, so that what comes
 * after the listing is heard of; what appears on a way is looked into at once;
 * its sweeps never overlap. A link to a folder elsewhere is no run.
 */
export class Spot {
  readonly #path: string;
  readonly #ways: readonly Way[];
  readonly #ahead: ReturnType<typeof namesAhead>;
  readonly #role: SpotRole;
  readonly #parts: SpotParts;
  readonly #soon: Pace;
  #ground: Ground | undefined;
  #isWatched = false;
  #sweeping: Promise<void> | undefined;
  #cancelNext: (() => void) | undefined;
  #lastTrouble = "";
  #closed = false;

  constructor(path: string, ways: readonly Way[], parts: SpotParts, role: SpotRole) {
    this.#path = path;
    this.#ways = ways;
    this.#ahead = namesAhead(ways);
    this.#parts = parts;
    this.#role = role;
    this.#soon = new Pace(SWEEP_AGAIN_MS, parts.clock, () => void this.#sweepSafely());
    parts.spots.add(this);
  }

  /** Resolves when the newest runs here and below are known; the others follow in their turn. */
  start(): Promise<void> {
    return new Promise((resolve) => {
      void this.#sweepSafely(resolve).finally(() => {
        resolve();
        if (!this.#closed) this.#sweepLater();
      });
    });
  }

  sweepSoon(): void {
    if (!this.#closed) this.#soon.request();
  }

  /** Its folder is gone: so are the runs here and below. */
  async leave(): Promise<void> {
    this.#stop();
    await this.#leaveGround();
  }

  async close(): Promise<void> {
    this.#stop();
    const ground = this.#ground;
    ground?.itself?.close();
    ground?.folders?.close();
    for (const shelf of ground?.shelves ?? []) shelf.close();
    await Promise.all([...(ground?.below.values() ?? [])].map((spot) => spot.close()));
    await this.#sweeping;
    await this.#ground?.watch.close();
  }

  #stop(): void {
    this.#closed = true;
    this.#parts.spots.delete(this);
    this.#parts.trouble.clear(this.#path);
    this.#cancelNext?.();
    this.#soon.stop();
  }

  #sweepLater(): void {
    if (!this.#parts.sweeps) return;
    const period = Math.max(
      this.#isWatched ? SWEEP_MS : SWEEP_UNWATCHED_MS,
      this.#parts.spots.size * SWEEP_PER_SPOT_MS,
    );
    this.#cancelNext = this.#parts.clock.after(period, () => {
      void this.#sweepSafely().finally(() => {
        if (!this.#closed) this.#sweepLater();
      });
    });
  }

  async #sweepSafely(newestKnown?: () => void): Promise<void> {
    if (this.#sweeping !== undefined) {
      this.sweepSoon();
      return this.#sweeping;
    }
    this.#sweeping = this.#sweep(newestKnown).catch((error: unknown) => this.#tell(error));
    await this.#sweeping;
    this.#sweeping = undefined;
  }

  async #sweep(newestKnown?: () => void): Promise<void> {
    if (this.#closed) return;
    const listedAt = this.#parts.clock.passed();
    const ground = await this.#settle();
    if (ground === undefined) return;
    const folders = await this.#list(ground);
    if (!this.#isOn(ground)) return;
    await this.#settleItself(ground, listedAt);
    const rests = [await ground.folders?.settle(folders, listedAt)];
    for (const shelf of ground.shelves) rests.push(await shelf.ask());
    rests.push(await this.#settleBelow(ground, folders));
    this.#lastTrouble = "";
    this.#parts.trouble.clear(this.#path);
    newestKnown?.();
    for (const rest of rests) if (rest !== undefined) await this.#parts.inTurn(rest);
  }

  /** The folder as it is now, watched. Undefined: it is not there, or cannot be told just now. */
  async #settle(): Promise<Ground | undefined> {
    const found = await this.#find();
    if (found === undefined || this.#ground?.real !== found.real) await this.#leaveGround();
    if (this.#closed) return undefined;
    if (found === undefined) {
      if (this.#role.mustBeThere) this.#parts.trouble.note(this.#path, "missing");
      else this.#parts.trouble.clear(this.#path);
      return undefined;
    }
    const { identity, real } = found;
    const ground = this.#ground ?? this.#enter(real, identity);
    if (ground.identity !== identity) {
      const old = ground.watch;
      ground.identity = identity;
      ground.watch = this.#watch(real);
      // Those below stand in the new one, and no event of theirs has told.
      for (const spot of ground.below.values()) spot.sweepSoon();
      await old.close();
    }
    this.#isWatched = this.#parts.spots.size <= MOST_WATCHED && ground.watch.add(real);
    return ground;
  }

  async #find(): Promise<{ readonly real: string; readonly identity: string } | undefined> {
    try {
      const real = await realpath(this.#path);
      // An inode's number is used again; its time of birth tells the two apart.
      const stats = await stat(real);
      const { birthtimeMs, dev, ino } = stats;
      return stats.isDirectory() ? { real, identity: `${dev}:${ino}:${birthtimeMs}` } : undefined;
    } catch (error) {
      if (isMissing(error)) return undefined;
      throw error;
    }
  }

  #enter(real: string, identity: string): Ground {
    const here = sourcesHere(this.#ways);
    const inFolders = here.filter(({ shelf }) => shelf === undefined);
    const ground: Ground = {
      real,
      identity,
      watch: this.#watch(real),
      changedAt: Number.NaN,
      itself: this.#role.mayBeRun ? new RunsByName(real, inFolders, "itself", this.#parts) : undefined,
      folders: inFolders.length === 0 ? undefined : new RunsByName(real, inFolders, "folders", this.#parts),
      shelves: here.flatMap((source) => {
        const shelf = source.shelf?.(real);
        return shelf === undefined ? [] : [new ShelfRuns(real, source, shelf, this.#parts)];
      }),
      below: new Map(),
    };
    this.#ground = ground;
    return ground;
  }

  async #leaveGround(): Promise<void> {
    const ground = this.#ground;
    if (ground === undefined) return;
    this.#ground = undefined;
    this.#isWatched = false;
    await ground.itself?.leave();
    await ground.folders?.leave();
    for (const shelf of ground.shelves) await shelf.leave();
    for (const spot of ground.below.values()) await spot.leave();
    await ground.watch.close();
  }

  #watch(real: string): WatchedFolders {
    return this.#parts.watcher.openWide((path) => this.#wake(real, path));
  }

  /** The folders in it, where each of them counts. A link is none, and hidden ones only count where they are named. */
  async #list({ real, folders }: Ground): Promise<ReadonlySet<string>> {
    const names = new Set<string>();
    if (folders === undefined && !this.#ahead.any) return names;
    for (const entry of await readdir(real, { withFileTypes: true })) {
      if (entry.isDirectory() && !isHidden(entry.name)) names.add(entry.name);
    }
    return names;
  }

  /** Events tell of every file in it. A sweep only finds what they did not: then the folder has another time. */
  async #settleItself(ground: Ground, listedAt: number): Promise<void> {
    if (ground.itself === undefined) return;
    const { mtimeMs } = await stat(ground.real);
    if (mtimeMs === ground.changedAt && this.#isWatched) return;
    ground.changedAt = mtimeMs;
    await ground.itself.settle(new Set([SELF]), listedAt);
  }

  #wake(real: string, path: string): void {
    const ground = this.#ground;
    if (this.#closed || ground?.real !== real) return;
    const [name = ""] = path.startsWith(real + sep) ? path.slice(real.length + 1).split(sep) : [];
    // The folder itself was moved or taken away; the system then tells its own name as if it lay inside.
    const isItself = name === "" || name === basename(real);
    if (isItself || ground.folders?.isRun(name) === true) this.#soon.request();
    if (name === "") return;
    if (!isHidden(name)) ground.folders?.wake(name);
    if (ground.folders?.isRun(name) !== true) ground.itself?.wake(SELF);
    for (const shelf of ground.shelves) shelf.wake(name);
    if (waysFrom(this.#ways, name).length > 0) {
      this.#lookBelow(ground, name).catch((error: unknown) => this.#tell(error));
    }
  }

  /** Something happened to a folder on a way. */
  async #lookBelow(ground: Ground, name: string): Promise<void> {
    const isThere = await this.#leadsOn(ground, name);
    if (!this.#isOn(ground)) return;
    const spot = ground.below.get(name);
    if (!isThere) {
      ground.below.delete(name);
      await spot?.leave();
    } else if (spot === undefined) {
      await this.#open(ground, name);
    } else {
      spot.sweepSoon();
    }
  }

  /** Makes the spots below those that are there. Gives back how to look into those that are not so new. */
  async #settleBelow(
    ground: Ground,
    folders: ReadonlySet<string>,
  ): Promise<(() => Promise<void>) | undefined> {
    const { named, any } = this.#ahead;
    const wanted = new Set(named);
    if (any) for (const name of folders) wanted.add(name);
    for (const [name, spot] of ground.below) {
      // Asked anew: it may have come after the listing.
      if (await this.#leadsOn(ground, name)) continue;
      ground.below.delete(name);
      await spot.leave();
    }
    const fresh = [...wanted]
      .filter((name) => !ground.below.has(name))
      .toSorted()
      .toReversed();
    const open = async (names: readonly string[]) => {
      for (const name of names) {
        const isThere = await this.#leadsOn(ground, name);
        if (!this.#isOn(ground)) return;
        if (isThere && !ground.below.has(name)) await this.#open(ground, name);
      }
    };
    await open(fresh.slice(0, SCREENFUL));
    return fresh.length <= SCREENFUL ? undefined : () => open(fresh.slice(SCREENFUL));
  }

  #open(ground: Ground, name: string): Promise<void> {
    const spot = new Spot(join(ground.real, name), waysFrom(this.#ways, name), this.#parts, NO_ROOT);
    ground.below.set(name, spot);
    return spot.start();
  }

  /** A folder that is named on a way may be a link to one; of the others nothing but a run lies in a run. */
  async #leadsOn({ real, folders }: Ground, name: string): Promise<boolean> {
    const isNamed = this.#ahead.named.includes(name);
    if (!isNamed && (isHidden(name) || folders?.isRun(name) === true)) return false;
    try {
      const path = join(real, name);
      return (await (isNamed ? stat(path) : lstat(path))).isDirectory();
    } catch (error) {
      if (isMissing(error)) return false;
      throw error;
    }
  }

  #isOn(ground: Ground): boolean {
    return !this.#closed && this.#ground === ground;
  }

  /**
   * Once for as long as it is the same: a folder that may not be read is not complained of at every sweep.
   * One that goes while it is read is no trouble; the next sweep finds it gone.
   */
  #tell(error: unknown): void {
    if (isMissing(error)) return;
    if (!this.#closed && (hasCode(error, "EACCES") || hasCode(error, "EPERM")))
      this.#parts.trouble.note(this.#path, "unreadable");
    const trouble = messageOf(error);
    if (trouble !== this.#lastTrouble) this.#parts.onError(error);
    this.#lastTrouble = trouble;
  }
}

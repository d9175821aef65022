import { fieldsOf, type SessionMeta, textOf, timeOf } from "./record.ts";

/**
 * A fork's file, and a subagent's, begins with what its parent's file says, mostly stamped anew. Each
 * answer is one thread's own, and its key has that thread's id. Which records are only told again shows by
 * when they began: ids of threads and turns have the time they were made in them, and what is told again
 * is written in one go.
 */

export interface Thread {
  readonly id: string;
  /** When it began, ms since the epoch; -Infinity: nobody knows. */
  readonly bornAt: number;
}

/** What is written within so much of the file's first record was there before: no model answers as fast. */
const IN_ONE_GO_MS = 1_000;
/** A long history takes longer to write, but without pauses. */
const PAUSE_MS = 100;

export class Lineage {
  /** The oldest first, the file's own last. */
  #threads: readonly Thread[] = [];
  #own: Thread | null = null;
  #turnBornAt: number | null = null;
  #firstAt: number | null = null;
  #lastAt = -Infinity;
  #isInOneGo = true;
  #isAgent = false;
  #hasTimedIds = false;

  get ownId(): string | null {
    return this.#own?.id ?? null;
  }

  /** Was it started by another thread's call? */
  get isAgent(): boolean {
    return this.#isAgent;
  }

  /** The first of a file is its own; what follows are those it was made from. True: it was the first. */
  meet(meta: SessionMeta): boolean {
    const thread = threadOf(meta.id, meta.timestamp);
    const isFirst = this.#own === null;
    if (isFirst) {
      this.#own = thread ?? { id: "", bornAt: -Infinity };
      this.#isAgent = spawnerOf(meta) !== null;
      this.#hasTimedIds = isNear(timeInId(meta.id), meta.timestamp);
    }
    const known = new Map(this.#threads.map((each) => [each.id, each]));
    for (const id of ancestorsIn(meta))
      if (!known.has(id)) known.set(id, threadOf(id, null) ?? { id, bornAt: -Infinity });
    if (thread !== null) known.set(thread.id, thread);
    const own = this.#own;
    const older = [...known.values()].filter(({ id }) => id !== own?.id);
    older.sort((left, right) => left.bornAt - right.bornAt || 0);
    this.#threads = own === null ? older : [...older, own];
    return isFirst;
  }

  /** Each record's time, in the order of the file. */
  pass(at: number | null): void {
    if (at === null) return;
    this.#firstAt ??= at;
    if (at - this.#firstAt >= IN_ONE_GO_MS && at - this.#lastAt >= PAUSE_MS) this.#isInOneGo = false;
    this.#lastAt = at;
  }

  /** A turn begins, or goes on: when it was first begun, by its id or by what is said of it. */
  turn(id: string | null, startedAt: number | string | null): void {
    const [oldest] = this.#threads;
    const times = [this.#hasTimedIds ? timeInId(id) : null, startOf(startedAt)];
    // No turn began before the first thread did: such a number is no time.
    const isTime = (time: number | null) => time !== null && time >= floorSecond(oldest?.bornAt ?? -Infinity);
    this.#turnBornAt = times.find(isTime) ?? null;
  }

  /** Whose the record at this time is; null: the file's own. */
  ownerAt(at: number | null): Thread | null {
    const own = this.#own;
    const [oldest] = this.#threads;
    if (own === null || oldest === undefined || oldest === own) return null;
    if (at !== null && at < own.bornAt) return this.#bornBefore(at);
    if (this.#turnBornAt !== null && this.#turnBornAt < floorSecond(own.bornAt))
      return this.#bornBefore(this.#turnBornAt);
    return this.#isInOneGo ? oldest : null;
  }

  /** The thread that what continues without a beginning of its own comes from. */
  get oldest(): Thread | null {
    const [oldest] = this.#threads;
    return oldest === undefined || oldest === this.#own ? null : oldest;
  }

  /** The youngest that was there already. */
  #bornBefore(time: number): Thread | null {
    const own = this.#own;
    const older = this.#threads.filter((each) => each !== own);
    return older.findLast(({ bornAt }) => floorSecond(bornAt) <= time) ?? older[0] ?? null;
  }
}

/** Starts of turns are told in whole seconds. */
function floorSecond(time: number): number {
  return Number.isFinite(time) ? Math.floor(time / 1_000) * 1_000 : time;
}

function startOf(startedAt: number | string | null): number | null {
  if (startedAt === null) return null;
  return typeof startedAt === "string" ? timeOf(startedAt) : startedAt > 0 ? startedAt * 1_000 : null;
}

function threadOf(id: string | null, timestamp: string | null): Thread | null {
  if (id === null || id === "") return null;
  const told = timestamp === null ? null : timeOf(timestamp);
  return { id, bornAt: told ?? timeInId(id) ?? -Infinity };
}

const DAY_MS = 24 * 3_600_000;

/** Ids of other makers may look alike, and have no time in them. */
function isNear(time: number | null, timestamp: string | null): boolean {
  const told = timestamp === null ? null : timeOf(timestamp);
  return time !== null && told !== null && Math.abs(time - told) < DAY_MS;
}

function ancestorsIn(meta: SessionMeta): string[] {
  const told = [meta.session_id, meta.forked_from_id, meta.parent_thread_id, spawnerOf(meta)];
  return told.filter((id) => id !== null && id !== "" && id !== meta.id).flatMap((id) => id ?? []);
}

/** The thread whose call started this one, as a subagent of it; null: none did. */
export function spawnerOf({ source }: SessionMeta): string | null {
  const spawn = fieldsOf(fieldsOf(source)["subagent"])["thread_spawn"];
  return textOf(fieldsOf(spawn)["parent_thread_id"]);
}

/** Ids of version 7 begin with the ms they were made at. */
function timeInId(id: string | null): number | null {
  const [, high, low] = /^([0-9a-f]{8})-([0-9a-f]{4})-7[0-9a-f]{3}-/i.exec(id ?? "") ?? [];
  return high === undefined || low === undefined ? null : Number.parseInt(high + low, 16);
}

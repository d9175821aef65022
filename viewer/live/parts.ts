import { Log } from "../../src/protocol/log.ts";
import type { LogName } from "../../src/protocol/log-ranges.ts";
import { pagesOf, type Part } from "./part.ts";

/** How a request for a part went: the lines came, they did not, or nobody asks any more. */
export type Fetched = "filled" | "failed" | "over";

interface World {
  /** How long a log is, and how much of its end is held without a gap. */
  readonly logs: () => ReadonlyMap<LogName, { readonly length: number; readonly heldFrom: number }>;
  readonly isHeld: (log: LogName, page: number) => boolean;
  /** Asks for a part and puts what comes into the state. */
  readonly fetch: (part: Part) => Promise<Fetched>;
  /** Lets go of the pages of a log that are not kept. */
  readonly release: (log: LogName, isKept: (page: number) => boolean) => void;
  /** Something was filled in, or could not be. */
  readonly changed: () => void;
}

/** Lines one request asks for: what comes is read in one go, which must not be felt. */
const REQUEST_LINES = 1024;
/** Requests under way at a time: who scrubs wants the newest moment, not all before it. */
const AT_ONCE = 4;
/** Pages held outside the ends of the logs; let go when there are this many and some more. */
const MOST_PAGES = 300;
const SLACK_PAGES = 64;
/** Lines of the ends of all logs together, of which each keeps its share. */
const TAIL_LINES = 16_384;
const LEAST_TAIL_LINES = 512;
const SLACK_LINES = 1024;

/**
 * Which pages of an open run's logs are held: what somebody looks at is fetched,
 * and what nobody has looked at for the longest time is let go.
 *
 * What always holds: of each asker only the latest wish counts; a page that is
 * wished for stays; no page is asked for twice at a time.
 */
export class Parts {
  readonly #world: World;
  readonly #wishes = new Map<string, readonly Part[]>();
  readonly #waiting = new Map<string, () => void>();
  readonly #underway = new Set<string>();
  readonly #failed = new Set<string>();
  /** The pages held outside the tails, the one looked at longest ago first. */
  readonly #older = new Map<string, { readonly log: LogName; readonly page: number }>();
  /** Where each log's tail begins, as far as it has been cut. */
  readonly #tails = new Map<LogName, number>();
  #requests = 0;
  #isOver = false;

  constructor(world: World) {
    this.#world = world;
  }

  /** What `asker` looks at now, in place of what it looked at before. */
  want(asker: string, parts: readonly Part[]): void {
    this.#wishes.set(asker, parts);
    for (const part of parts) {
      for (const page of pagesOf(part)) {
        const key = keyOf(part.log, page);
        const older = this.#older.get(key);
        if (older === undefined) continue;
        this.#older.delete(key);
        this.#older.set(key, older);
      }
    }
    this.#pump();
  }

  /** The same, until all of it is there or will not come. */
  async bring(asker: string, parts: readonly Part[]): Promise<void> {
    if (this.#isOver) return;
    this.#waiting.get(asker)?.();
    const done = new Promise<void>((resolve) => this.#waiting.set(asker, resolve));
    this.want(asker, parts);
    this.#settle();
    await done;
  }

  get hasFailed(): boolean {
    return this.#failed.size > 0;
  }

  retry(): void {
    if (this.#failed.size === 0) return;
    this.#failed.clear();
    this.#pump();
    this.#world.changed();
  }

  /** To be called when the logs have grown: their tails are cut seldom, and by a lot. */
  trim(): void {
    const logs = this.#world.logs();
    const most = Math.max(LEAST_TAIL_LINES, Math.floor(TAIL_LINES / Math.max(1, logs.size)));
    for (const [log, held] of logs) {
      const { length } = held;
      const from = this.#tails.get(log) ?? held.heldFrom;
      if (!this.#tails.has(log)) this.#tails.set(log, from);
      if (length - from <= most + SLACK_LINES) continue;
      const to = Math.floor((length - most) / Log.PAGE) * Log.PAGE;
      this.#tails.set(log, to);
      for (const page of pagesOf({ log, from, to })) this.#older.set(keyOf(log, page), { log, page });
    }
    this.#letGo();
  }

  /** Nothing of this life of the run is asked for any more. */
  end(): void {
    this.#isOver = true;
    for (const resolve of this.#waiting.values()) resolve();
    this.#waiting.clear();
  }

  #pump(): void {
    for (const part of this.#missing()) {
      if (this.#isOver || this.#requests >= AT_ONCE) return;
      void this.#request(part);
    }
  }

  /** What is wished for, neither held nor under way, in parts that one request may ask for. */
  *#missing(): Generator<Part> {
    for (const wish of this.#wishes.values()) {
      for (const part of wish) {
        let from: number | null = null;
        let to = 0;
        for (const page of pagesOf(part)) {
          const isMissing = this.#isMissing(part.log, page);
          if (from !== null && (!isMissing || to - from >= REQUEST_LINES)) {
            yield { log: part.log, from, to };
            from = null;
          }
          if (!isMissing) continue;
          from ??= page * Log.PAGE;
          to = (page + 1) * Log.PAGE;
        }
        if (from !== null) yield { log: part.log, from, to };
      }
    }
  }

  #isMissing(log: LogName, page: number): boolean {
    const key = keyOf(log, page);
    return !this.#underway.has(key) && !this.#failed.has(key) && !this.#world.isHeld(log, page);
  }

  async #request(part: Part): Promise<void> {
    const keys = Array.from(pagesOf(part), (page) => keyOf(part.log, page));
    for (const key of keys) this.#underway.add(key);
    this.#requests += 1;
    const fetched = await this.#world.fetch(part);
    this.#requests -= 1;
    for (const key of keys) this.#underway.delete(key);
    if (this.#isOver) return;
    if (fetched === "over") return this.end();
    let isFirst = true;
    for (const page of pagesOf(part)) {
      const key = keyOf(part.log, page);
      if (this.#world.isHeld(part.log, page)) this.#older.set(key, { log: part.log, page });
      // An answer may be shorter than was asked for; one that is empty would be asked for for ever.
      else if (fetched === "failed" || isFirst) this.#failed.add(key);
      isFirst = false;
    }
    this.#letGo();
    this.#settle();
    this.#world.changed();
    this.#pump();
  }

  #settle(): void {
    for (const [asker, resolve] of this.#waiting) {
      const wish = this.#wishes.get(asker) ?? [];
      const isUnderway = wish.some((part) =>
        Array.from(pagesOf(part)).some(
          (page) => !this.#world.isHeld(part.log, page) && !this.#failed.has(keyOf(part.log, page)),
        ),
      );
      if (isUnderway) continue;
      this.#waiting.delete(asker);
      resolve();
    }
  }

  #letGo(): void {
    if (this.#older.size <= MOST_PAGES + SLACK_PAGES) return;
    const wished = new Set<string>();
    for (const wish of this.#wishes.values())
      for (const part of wish) for (const page of pagesOf(part)) wished.add(keyOf(part.log, page));
    const touched = new Set<LogName>();
    for (const [key, { log }] of this.#older) {
      if (this.#older.size <= MOST_PAGES) break;
      if (wished.has(key)) continue;
      this.#older.delete(key);
      touched.add(log);
    }
    for (const log of touched) {
      const tail = this.#tails.get(log) ?? 0;
      this.#world.release(log, (page) => page * Log.PAGE >= tail || this.#older.has(keyOf(log, page)));
    }
  }
}

function keyOf(log: LogName, page: number): string {
  return `${log}/${page}`;
}

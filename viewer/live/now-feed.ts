import * as v from "valibot";
import { Burn, LiveStats, NOW_FRAMES, type NowRecord, Ready } from "../../src/protocol/now.ts";
import type { Reply } from "./ask-server.ts";
import { readJson, readRecent, readRecord } from "./now-records.ts";
import type { NowStream, NowStreamEvents } from "./now-stream.ts";

/** By which way news comes; `away`: by none, until it does again. */
export type NowWay = "connecting" | "stream" | "polling" | "away";

export interface NowWorld {
  readonly ask: (address: string) => Promise<Reply>;
  readonly open: (address: string, events: NowStreamEvents) => NowStream;
  /** Runs `task` after a while; the result cancels it. */
  readonly after: (ms: number, task: () => void) => () => void;
  /** The zone that days are to be cut in. */
  readonly zone: string;
}

export interface NowListener {
  readonly way: (way: NowWay) => void;
  /** The server knows no such zone as was asked for: days are cut in this one. */
  readonly otherZone: (zone: string) => void;
  /** In the order they happened; some may have been told before. */
  readonly records: (records: readonly NowRecord[]) => void;
  /** The last ones, where something before them may have been missed. */
  readonly anew: (records: readonly NowRecord[]) => void;
  readonly burn: (burn: Burn) => void;
  readonly stats: (stats: LiveStats) => void;
}

/** Without its first frame within this, something on the way keeps streams back. */
const READY_WITHIN_MS = 4_000;
/** It ticks every 5 s: one that is silent for so long is dead, whatever the browser thinks. */
const SILENT_MS = 20_000;
const STREAM_AGAIN_MS = 30_000;
const STATS_EVERY_MS = 15_000;
const POLL_EVERY_MS = 2_000;
/** Records that come in a burst are told together. */
const TOGETHER_MS = 50;
/** More of them than are shown need not be kept. */
const MOST_SINCE_GAP = 100;

/** Every server knows it. */
const SURE_ZONE = "UTC";

const Frame = v.object({ payload: v.unknown() });

/**
 * What the server tells of what happens now, for as long as it is followed. By its stream; what went
 * before it began, and what one has missed, is asked for. Where streams do not come through everything
 * is asked for, again and again.
 */
export class NowFeed {
  readonly #world: NowWorld;
  readonly #listener: NowListener;
  #stream: NowStream | null = null;
  #way: NowWay = "connecting";
  #ended = false;
  #isPolling = false;
  #burst: NowRecord[] = [];
  /** Told since the stream stands; null once nothing before that can have been missed any more. */
  #sinceGap: NowRecord[] | null = [];
  /** What was told last, by whatever way; null before anything was. */
  #last: ReadonlySet<string> | null = null;
  #zone: string;
  readonly #timers = new Map<string, () => void>();

  constructor(world: NowWorld, listener: NowListener) {
    this.#world = world;
    this.#zone = world.zone;
    this.#listener = listener;
    listener.way("connecting");
    this.#open();
    void this.#ask();
  }

  end(): void {
    this.#ended = true;
    this.#stream?.close();
    for (const cancel of this.#timers.values()) cancel();
    this.#timers.clear();
  }

  #open(): void {
    this.#stream?.close();
    this.#cancel("again");
    this.#timer("ready", READY_WITHIN_MS, () => this.#poll());
    const isOwn = () => !this.#ended && this.#stream === own;
    const own: NowStream = this.#world.open(`/api/live/stream?tz=${encodeURIComponent(this.#zone)}`, {
      frame: (name, data) => {
        if (isOwn()) this.#hear(name, data);
      },
      broken: () => {
        // It may break off again and again, sooner than one would give up on it.
        if (!isOwn() || this.#isPolling || this.#timers.has("ready")) return;
        this.#become("away");
        this.#timer("ready", READY_WITHIN_MS, () => this.#poll());
      },
      refused: () => {
        if (!isOwn()) return;
        this.#timer("again", STREAM_AGAIN_MS, () => this.#open());
        this.#poll();
      },
    });
    this.#stream = own;
  }

  #hear(name: string, data: string): void {
    this.#timer("silent", SILENT_MS, () => {
      this.#become("away");
      this.#open();
    });
    const frame = readJson(Frame, data);
    if (frame === null) return;
    if (name === "ready") {
      const ready = v.safeParse(Ready, frame.payload);
      return this.#begin(ready.success && ready.output.resumed === true);
    }
    if (name === "burn_tick") {
      const burn = v.safeParse(Burn, frame.payload);
      if (burn.success) this.#listener.burn(burn.output);
      return;
    }
    if (!Object.hasOwn(NOW_FRAMES, name)) return;
    const record = readRecord({ type: name, payload: frame.payload });
    if (record !== null) this.#tell(record);
  }

  /** The stream stands. What was asked for before may have been answered before something else happened. */
  #begin(isResumed: boolean): void {
    if (!isResumed) this.#sinceGap = [];
    this.#cancel("ready");
    this.#cancel("poll");
    this.#isPolling = false;
    this.#become("stream");
    void this.#ask();
    this.#timer("stats", STATS_EVERY_MS, () => void this.#askStats());
  }

  #tell(record: NowRecord): void {
    this.#burst.push(record);
    if (this.#burst.length > 1) return;
    this.#timer("burst", TOGETHER_MS, () => {
      const told = this.#burst;
      this.#burst = [];
      this.#sinceGap?.push(...told);
      this.#sinceGap?.splice(0, this.#sinceGap.length - MOST_SINCE_GAP);
      this.#last = keysOf(told);
      this.#listener.records(told);
    });
  }

  #poll(): void {
    this.#cancel("stats");
    if (this.#isPolling) return;
    this.#isPolling = true;
    void this.#pollOnce();
  }

  async #pollOnce(): Promise<void> {
    const isHeard = await this.#ask();
    if (this.#ended || !this.#isPolling) return;
    this.#become(isHeard ? "polling" : "away");
    this.#timer("poll", POLL_EVERY_MS, () => void this.#pollOnce());
  }

  /** Does the server answer? */
  async #ask(): Promise<boolean> {
    const [isHeard] = await Promise.all([this.#askStats(), this.#askRecent()]);
    return isHeard;
  }

  async #askStats(): Promise<boolean> {
    const zone = this.#zone;
    const reply = await this.#world.ask(`/api/live/stats?tz=${encodeURIComponent(zone)}`);
    if (this.#ended) return false;
    if (reply.kind === "refused" && zone !== SURE_ZONE) {
      if (zone === this.#zone) this.#changeZone();
      return this.#askStats();
    }
    if (this.#way === "stream") this.#timer("stats", STATS_EVERY_MS, () => void this.#askStats());
    const stats = reply.kind === "message" ? readJson(LiveStats, reply.text) : null;
    if (stats !== null) this.#listener.stats(stats);
    return stats !== null;
  }

  /** A browser may know zones that the server does not, or by other names. Its stream was refused, too. */
  #changeZone(): void {
    this.#zone = SURE_ZONE;
    this.#listener.otherZone(SURE_ZONE);
    this.#open();
  }

  async #askRecent(): Promise<void> {
    const sinceGap = this.#sinceGap;
    const reply = await this.#world.ask("/api/live/recent");
    if (this.#ended) return;
    const records = reply.kind === "message" ? readRecent(reply.text) : null;
    if (records === null) return;
    if (sinceGap !== this.#sinceGap) return this.#listener.records(records);
    const hasGap = sinceGap !== null || (this.#isPolling && this.#isApart(records));
    this.#last = keysOf(records);
    if (!hasGap) return this.#listener.records(records);
    this.#sinceGap = null;
    this.#listener.anew([...records, ...(sinceGap ?? [])]);
  }

  /** The last records go on from what was told before where they have some of it. */
  #isApart(records: readonly NowRecord[]): boolean {
    const last = this.#last;
    return last !== null && last.size > 0 && !records.some((record) => last.has(keyOf(record)));
  }

  #become(way: NowWay): void {
    if (way === this.#way) return;
    this.#way = way;
    this.#listener.way(way);
  }

  /** One of each name at a time. */
  #timer(name: string, ms: number, task: () => void): void {
    this.#timers.get(name)?.();
    this.#timers.set(
      name,
      this.#world.after(ms, () => {
        this.#timers.delete(name);
        task();
      }),
    );
  }

  #cancel(name: string): void {
    this.#timers.get(name)?.();
    this.#timers.delete(name);
  }
}

function keyOf({ payload: { id, run_id }, type }: NowRecord): string {
  return `${type} ${run_id} ${id}`;
}

function keysOf(records: readonly NowRecord[]): ReadonlySet<string> {
  return new Set(records.map(keyOf));
}

import type { ServerResponse } from "node:http";
import type { Clock } from "../clock.ts";
import type { LiveStats, RecentRecords, UsageHistory, WatcherState } from "../protocol/now.ts";
import { type CalendarDay, Zone } from "../sums/zone.ts";
import { EventOutlet } from "./event-outlet.ts";
import { sendEventHeaders } from "./event-pipe.ts";
import { FollowedRuns, type Runs } from "./followed-runs.ts";
import type { NowFeed } from "./now-feed.ts";
import type { NowSums } from "./now-sums.ts";

export const BURN_EVERY_MS = 5_000;
/** What flows and evaluations do is followed for so long after the last listener left, who may be back in a moment. */
const LINGER_MS = 60_000;
/** Small frames leave together. */
const BATCH_CHARS = 16 * 1024;
const LATENCY_HOURS = 24;

export interface NowStreamsParts {
  readonly feed: NowFeed;
  readonly sums: NowSums;
  readonly catalog: Runs;
  /** `sourceType`s of the runs that the feed's book tells of. */
  readonly bookSources: readonly string[];
  readonly watcher: () => WatcherState;
  readonly clock: Clock;
  readonly onError: (error: unknown) => void;
}

/** What happens now and what it costs, for readers that come by plain HTTP (docs/now.md). */
export class NowStreams {
  readonly #parts: NowStreamsParts;
  readonly #listeners = new Set<Listener>();
  readonly #stopListening: () => void;
  #followed: FollowedRuns | undefined;
  #cancelUnfollow: () => void = () => undefined;
  #isClosed = false;

  constructor(parts: NowStreamsParts) {
    this.#parts = parts;
    this.#stopListening = parts.feed.onRecord(() => {
      for (const listener of this.#listeners) listener.pump();
    });
  }

  /** How many listen. */
  get listening(): number {
    return this.#listeners.size;
  }

  stream(
    response: ServerResponse,
    { lastId, zone }: { readonly zone: string; readonly lastId: string },
  ): void {
    if (response.destroyed || this.#isClosed) {
      response.destroy();
      return;
    }
    const { bookSources, catalog, clock, feed, onError, sums, watcher } = this.#parts;
    this.#cancelUnfollow();
    this.#followed ??= new FollowedRuns({
      catalog,
      passOver: new Set(bookSources),
      clock,
      tell: (records) => feed.tell(records),
      onError,
    });
    const listener = new Listener(response, {
      feed,
      clock,
      lastId,
      ready: (resumed) => ({
        resumed,
        watermarks: feed.watermarks,
        watcher: watcher(),
        burn_interval_seconds: BURN_EVERY_MS / 1_000,
      }),
      burn: () => sums.burn(clock.now(), zone),
      left: () => this.#left(listener),
    });
    this.#listeners.add(listener);
    listener.start();
  }

  head(response: ServerResponse): void {
    sendEventHeaders(response);
    response.end();
  }

  recent(): RecentRecords {
    const { feed } = this.#parts;
    return { records: feed.recent, lastId: feed.ring.idOf(feed.ring.newest) };
  }

  stats(zone: string): LiveStats {
    const { clock, feed, sums, watcher } = this.#parts;
    const now = clock.now();
    const { models, projects } = sums.shares(now, zone);
    return {
      burn: sums.burn(now, zone),
      tool_latency: sums.latency(now),
      latency_hours: LATENCY_HOURS,
      watermarks: feed.watermarks,
      watcher: watcher(),
      by_project: projects,
      by_model: models,
      plan_limits: sums.planLimits(),
      reading: sums.progress,
    };
  }

  today(zone: string): CalendarDay {
    return new Zone(zone).dayOf(this.#parts.clock.now());
  }

  async history(zone: string, from: string, to: string): Promise<UsageHistory> {
    const { sums } = this.#parts;
    return { days: await sums.history(zone, from, to), reading: sums.progress };
  }

  close(): void {
    this.#isClosed = true;
    this.#stopListening();
    this.#cancelUnfollow();
    for (const listener of this.#listeners) listener.end();
    this.#followed?.close();
  }

  #left(listener: Listener): void {
    this.#listeners.delete(listener);
    if (this.#listeners.size > 0 || this.#isClosed) return;
    this.#cancelUnfollow();
    this.#cancelUnfollow = this.#parts.clock.after(LINGER_MS, () => {
      this.#followed?.close();
      this.#followed = undefined;
    });
  }
}

interface ListenerParts {
  readonly feed: NowFeed;
  readonly clock: Clock;
  readonly lastId: string;
  readonly ready: (resumed: boolean | null) => unknown;
  readonly burn: () => unknown;
  readonly left: () => void;
}

/** One reader: a place in the ring, and a tick every few seconds. */
class Listener {
  readonly #parts: ListenerParts;
  readonly #outlet: EventOutlet;
  #place: number;
  #cancelTick: () => void = () => undefined;

  constructor(response: ServerResponse, parts: ListenerParts) {
    this.#parts = parts;
    this.#place = parts.feed.ring.newest;
    this.#outlet = new EventOutlet(response, parts.clock, {
      goOn: () => this.pump(),
      left: () => this.#left(),
    });
  }

  start(): void {
    const { feed, lastId, ready } = this.#parts;
    const place = feed.ring.placeOf(lastId);
    if (place !== undefined) this.#place = place;
    this.#send("ready", ready(lastId === "" ? null : place !== undefined));
    // A block without data is no event: it only says where to resume, before anything has come.
    this.#outlet.send(`id: ${feed.ring.idOf(this.#place)}\n\n`);
    this.#tick();
    this.pump();
  }

  pump(): void {
    const { ring } = this.#parts.feed;
    while (this.#outlet.hasRoom && this.#place !== ring.newest) {
      // It was too slow. When it comes again it is told that something is missing.
      if (!ring.has(this.#place)) return this.end();
      const { number, text } = ring.after(this.#place, BATCH_CHARS);
      this.#place = number;
      this.#outlet.send(text);
    }
  }

  end(): void {
    this.#outlet.end();
    this.#left();
  }

  #left(): void {
    this.#cancelTick();
    this.#parts.left();
  }

  #tick(): void {
    // Who has no room yet misses a tick: the next one says all that it said.
    if (this.#outlet.hasRoom) this.#send("burn_tick", this.#parts.burn());
    this.#cancelTick = this.#parts.clock.after(BURN_EVERY_MS, () => this.#tick());
  }

  #send(type: string, payload: unknown): void {
    const ts = new Date(this.#parts.clock.now()).toISOString();
    this.#outlet.send(`event: ${type}\ndata: ${JSON.stringify({ type, ts, payload })}\n\n`);
  }
}

import type { Clock } from "../clock.ts";
import type { RunSummary } from "../protocol/bundle.ts";
import type { LiveStats, NowRecord } from "../protocol/now.ts";
import type { SessionNews } from "../sources/coding/digests.ts";
import type { RunCatalog } from "../store/run-catalog.ts";
import { NowRecords } from "../sums/now-records.ts";
import { EventRing } from "./event-ring.ts";
import { RecentRecords } from "./recent-records.ts";

/** What was written so long before this server began is no recent record. */
const RECENT_MS = 6 * 60 * 60_000;
/** News of sessions that the list does not know (yet) wait so long, and so many. */
const UNLISTED_MS = 60_000;
const MOST_UNLISTED = 500;

/** What is asked of the catalog. */
export type ListedRuns = Pick<RunCatalog, "find" | "idOf" | "list">;

/** Who tells what is new in sessions; the function given back stops it. */
export interface NewsTeller {
  onNews(listener: (news: SessionNews) => void): () => void;
}

interface Unlisted {
  readonly news: SessionNews;
  readonly since: number;
}

export interface NowFeedParts {
  readonly book: NewsTeller;
  readonly catalog: ListedRuns;
  readonly clock: Clock;
}

/**
 * The records of what happens now over all runs, each once: in the ring what came since the server
 * began, for who listens, and the most recent ones besides, for who comes.
 */
export class NowFeed {
  readonly ring = new EventRing();
  readonly #recent = new RecentRecords();
  readonly #records = new NowRecords();
  readonly #catalog: ListedRuns;
  readonly #clock: Clock;
  readonly #startedAt: number;
  readonly #listeners = new Set<() => void>();
  readonly #stops: (() => void)[];
  readonly #watermarks = { event: 0, tool_call: 0 };
  #unlisted: Unlisted[] = [];
  #cancelSettle: () => void = () => undefined;
  #isClosed = false;

  constructor({ book, catalog, clock }: NowFeedParts) {
    this.#catalog = catalog;
    this.#clock = clock;
    this.#startedAt = clock.now();
    this.#stops = [
      book.onNews((news) => this.#came(news)),
      catalog.list.head.onChange(() => this.#takeListed()),
    ];
  }

  /** The most recent records, the oldest first. */
  get recent(): readonly NowRecord[] {
    return this.#recent.all;
  }

  /** The ids of the last answer and the last tool call that were told. */
  get watermarks(): LiveStats["watermarks"] {
    const { event, tool_call } = this.#watermarks;
    return { event: this.ring.idOf(event), tool_call: this.ring.idOf(tool_call) };
  }

  /** Calls `listener` after something was put into the ring; gives back the way to stop it. */
  onRecord(listener: () => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  tell(records: readonly NowRecord[]): void {
    if (records.length === 0 || this.#isClosed) return;
    for (const record of records) {
      const { payload, type } = record;
      this.#recent.put(record);
      this.ring.push(`event: ${type}\ndata: ${JSON.stringify({ type, ts: payload.ts, payload })}\n\n`);
      if (type === "event" || type === "tool_call") this.#watermarks[type] = this.ring.newest;
    }
    for (const listener of this.#listeners) listener();
  }

  close(): void {
    this.#isClosed = true;
    this.#cancelSettle();
    for (const stop of this.#stops) stop();
    this.#listeners.clear();
    this.#unlisted = [];
  }

  #came(news: SessionNews): void {
    if (this.#isClosed || this.#isOld(news)) return;
    // A session is often read before it is listed.
    this.#unlisted.push({ news, since: this.#clock.passed() });
    this.#takeListed();
    if (this.#unlisted.length > MOST_UNLISTED) this.#unlisted.shift();
  }

  #isOld({ digest, isLive }: SessionNews): boolean {
    return !isLive && (digest.newestAt ?? 0) < this.#foundSince;
  }

  #takeListed(): void {
    if (this.#unlisted.length === 0) return;
    const waiting = this.#unlisted;
    const oldest = this.#clock.passed() - UNLISTED_MS;
    this.#unlisted = [];
    for (const one of waiting) {
      const id = this.#catalog.idOf(one.news.place);
      const line = id === undefined ? undefined : this.#catalog.find(id);
      if (line !== undefined) this.#take(one.news, line);
      else if (one.since >= oldest) this.#unlisted.push(one);
    }
  }

  #take(news: SessionNews, { flowName, runId, runTitle }: RunSummary): void {
    const run = { id: runId, title: runTitle ?? flowName };
    const records = this.#records.take(news, run, this.#clock.passed(), this.#foundSince);
    const isNews = ({ payload }: NowRecord) => news.isLive || Date.parse(payload.ts) >= this.#startedAt;
    for (const record of records) if (!isNews(record)) this.#recent.put(record);
    this.tell(records.filter(isNews));
    this.#settleLater();
  }

  get #foundSince(): number {
    return this.#startedAt - RECENT_MS;
  }

  #settleLater(): void {
    this.#cancelSettle();
    const { dueAt } = this.#records;
    if (dueAt === undefined) return;
    this.#cancelSettle = this.#clock.after(Math.max(1, dueAt - this.#clock.passed()), () => {
      this.tell(this.#records.settle(this.#clock.passed()));
      this.#settleLater();
    });
  }
}

import type { Clock } from "../clock.ts";
import type { NowRecord } from "../protocol/now.ts";
import type { SessionNews } from "../sources/coding/digests.ts";
import { NowRecords, type RunName } from "./now-records.ts";

/** What was written so long before this server began is no recent record. */
const RECENT_MS = 60 * 60_000;
/** News of sessions that the list does not know (yet) wait so long, and so many. */
const UNLISTED_MS = 60_000;
const MOST_UNLISTED = 500;

/** Who tells what is new in sessions; the function given back stops it. */
interface NewsTeller {
  onNews(listener: (news: SessionNews) => void): () => void;
}

/** Who says what the list calls the run that lies at a place. */
interface ListedRuns {
  /** Undefined: it is not listed (yet). */
  nameOf(place: SessionNews["place"]): RunName | undefined;
  onChange(listener: () => void): () => void;
}

/** Where the records go. */
interface RecordTaker {
  /** They were written just now. */
  tell(records: readonly NowRecord[]): void;
  /** They were written before this server began. */
  remember(records: readonly NowRecord[]): void;
}

interface SessionRecordsParts {
  readonly book: NewsTeller;
  readonly runs: ListedRuns;
  readonly taker: RecordTaker;
  readonly clock: Clock;
}

/** Takes what the book tells of sessions on, as records of the runs that they are. */
export class SessionRecords {
  readonly #parts: SessionRecordsParts;
  readonly #records = new NowRecords();
  readonly #startedAt: number;
  readonly #stops: (() => void)[];
  #unlisted: { readonly news: SessionNews; readonly since: number }[] = [];
  #cancelSettle: () => void = () => undefined;
  #isClosed = false;

  constructor(parts: SessionRecordsParts) {
    this.#parts = parts;
    this.#startedAt = parts.clock.now();
    this.#stops = [
      parts.book.onNews((news) => this.#came(news)),
      parts.runs.onChange(() => this.#takeListed()),
    ];
  }

  close(): void {
    this.#isClosed = true;
    this.#cancelSettle();
    for (const stop of this.#stops) stop();
    this.#unlisted = [];
  }

  #came(news: SessionNews): void {
    if (this.#isClosed || this.#isOld(news)) return;
    // A session is often read before it is listed.
    this.#unlisted.push({ news, since: this.#parts.clock.passed() });
    this.#takeListed();
    if (this.#unlisted.length > MOST_UNLISTED) this.#unlisted.shift();
  }

  #isOld({ digest, isLive }: SessionNews): boolean {
    // Of a call that goes on its end will be told.
    return !isLive && digest.state.is !== "working" && (digest.newestAt ?? 0) < this.#foundSince;
  }

  #takeListed(): void {
    if (this.#unlisted.length === 0) return;
    const waiting = this.#unlisted;
    const oldest = this.#parts.clock.passed() - UNLISTED_MS;
    this.#unlisted = [];
    for (const one of waiting) {
      const run = this.#parts.runs.nameOf(one.news.place);
      if (run !== undefined) this.#take(one.news, run);
      else if (one.since >= oldest) this.#unlisted.push(one);
    }
  }

  #take(news: SessionNews, run: RunName): void {
    const { clock, taker } = this.#parts;
    const records = this.#records.take(news, run, clock.passed(), this.#foundSince);
    const isNews = ({ payload }: NowRecord) => news.isLive || Date.parse(payload.ts) >= this.#startedAt;
    taker.remember(records.filter((record) => !isNews(record)));
    taker.tell(records.filter(isNews));
    this.#settleLater();
  }

  get #foundSince(): number {
    return this.#startedAt - RECENT_MS;
  }

  #settleLater(): void {
    this.#cancelSettle();
    const { clock, taker } = this.#parts;
    const { dueAt } = this.#records;
    if (dueAt === undefined || this.#isClosed) return;
    this.#cancelSettle = clock.after(Math.max(1, dueAt - clock.passed()), () => {
      taker.tell(this.#records.settle(clock.passed()));
      this.#settleLater();
    });
  }
}

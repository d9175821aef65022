import { setImmediate as breathe } from "node:timers/promises";
import type { Clock } from "../../../clock.ts";
import type { Usage } from "../../../protocol/usage.ts";
import { isRefused } from "../../refused.ts";
import type { Place } from "../../source.ts";
import type { Digests, Look, SessionNews, ToldFact } from "../digests.ts";
import type { Fact } from "../fact.ts";
import type { CodingFormat } from "../format.ts";
import { type BookFile, fileAt } from "./book-file.ts";
import { BookCache } from "./book-cache.ts";
import { BookSession, type FactSink, type SessionStats } from "./book-session.ts";
import { ENDS_BYTES, readEnds, recordsOf } from "./file-ends.ts";
import { Ledger } from "./ledger.ts";
import { isFresh, NewsBatches } from "./news-batches.ts";
import { Pace } from "./pace.ts";
import { priceOf } from "./pricing.ts";
import { ReadingQueue } from "./reading-queue.ts";
import type { UsageMoved } from "./usage-moved.ts";

const HOUR_MS = 60 * 60_000;
const DAY_MS = 24 * HOUR_MS;
/** How often files that nobody writes any more are let go. */
const SWEEP_MS = 10 * 60_000;
/** A session that is no longer than its ends is read whole at once. */
const SHORT_BYTES = 2 * ENDS_BYTES;
/** What of a session that is known came since is read while somebody waits, up to so much. */
const AT_ONCE_BYTES = 1024 * 1024;
/** A file that began since this program did tells of what happens now; one that came with more was copied. */
const BEGUN_BYTES = 256 * 1024;
/** File systems tell the time by a clock of their own, which stands still for some milliseconds at a time. */
const BIRTH_TOLERANCE_MS = 20;

export interface BookOptions {
  readonly formats: readonly CodingFormat[];
  readonly clock: Clock;
  /** Its name says for which roots it is: what it holds is counted. Null: nothing is kept. */
  readonly cacheFile: string | null;
  /** A session's digest has changed by itself. */
  readonly onChange: (place: Place) => void;
  readonly onError: (error: unknown) => void;
}

export interface Progress {
  readonly done: number;
  readonly of: number;
}

/**
 * All coding sessions, each read once, in the background, and on as it grows. It tells what is new in
 * them, and every change of what is counted.
 */
export class SessionBook implements Digests {
  readonly #options: BookOptions;
  readonly #ledger: Ledger;
  readonly #sessions = new Map<Place, BookSession>();
  readonly #queue = new ReadingQueue();
  readonly #pace: Pace;
  readonly #newsListeners = new Set<(news: SessionNews) => void>();
  readonly #movedListeners = new Set<(moved: UsageMoved) => void>();
  readonly #news = new NewsBatches((news) => this.#newsListeners.forEach((listener) => listener(news)));
  readonly #startedAt: number;
  /** Of files that are not there any more: what they told stays counted. */
  #gone: BookSession[] = [];
  readonly #cache: BookCache | null;
  readonly #loaded: Promise<void>;
  #turns: Promise<void> = Promise.resolve();
  #cancelSweep: () => void = () => undefined;
  #looking = 0;
  #isWorking = false;
  #isClosed = false;
  #done = 0;
  #of = 0;

  constructor(options: BookOptions) {
    this.#options = options;
    this.#startedAt = Date.now();
    this.#pace = new Pace(() => this.#looking > 0);
    this.#ledger = new Ledger({
      moved: (moved) => this.#movedListeners.forEach((listener) => listener(moved)),
      changed: (account) => this.#accountChanged(account.files),
    });
    const { cacheFile, clock, formats, onError } = options;
    this.#cache =
      cacheFile === null
        ? null
        : new BookCache({ path: cacheFile, ledger: this.#ledger, formats, clock, onError }, () =>
            this.#toKeep(),
          );
    this.#loaded = this.#load();
    this.#sweepLater();
  }

  onNews(listener: (news: SessionNews) => void): () => void {
    return listen(this.#newsListeners, listener);
  }

  /** Every change of what is counted, from the first on: what is told before somebody listens is not told again. */
  onMoved(listener: (moved: UsageMoved) => void): () => void {
    return listen(this.#movedListeners, listener);
  }

  /** Sessions of which nothing was counted yet; null where all are read. */
  get progress(): Progress | null {
    return this.#done < this.#of ? { done: this.#done, of: this.#of } : null;
  }

  /** What was read is kept; nothing more is read. */
  async close(): Promise<void> {
    this.#isClosed = true;
    this.#cancelSweep();
    await this.#loaded;
    await this.#cache?.close();
  }

  async look(place: Place): Promise<Look | null> {
    this.#looking += 1;
    try {
      return await this.#look(place);
    } catch (error) {
      if (isRefused(error)) return null;
      throw error;
    } finally {
      this.#looking -= 1;
    }
  }

  isOwn(place: Place, key: string): boolean {
    const session = this.#sessions.get(place);
    return session === undefined || this.#ledger.isOwn(session.account, key);
  }

  sharedUsage(place: Place, key: string): Usage | null {
    const session = this.#sessions.get(place);
    return session === undefined ? null : this.#ledger.sharedUsage(session.account, key);
  }

  get shifts(): number {
    return this.#ledger.shifts;
  }

  priceOf: Digests["priceOf"] = priceOf;

  async #look(place: Place): Promise<Look | null> {
    await this.#loaded;
    const session = this.#sessions.get(place) ?? (await this.#find(place));
    if (session === null) return null;
    const stats = await session.stat();
    if (stats === null) {
      this.#leave(session);
      return null;
    }
    this.#takeIn(session);
    await this.#bringUp(session, stats);
    const { folders, modifiedAt, stamp } = stats;
    return { digest: session.digest, modifiedAt, stamp, folders };
  }

  async #find(place: Place): Promise<BookSession | null> {
    const file = fileAt(place);
    const formats = this.#options.formats.filter((format) => format.isSessionName(file.name));
    if (formats.length === 0) return null;
    const ends = await readEnds(file);
    if (ends === undefined) return null;
    await this.#turn();
    const head = recordsOf(ends.head);
    const format = formats.find((each) => each.isSession(head));
    // It is read with the session that it is an agent's of.
    if ((await format?.isAgent?.(head, file)) === true) return null;
    // Somebody else may have found it in between.
    const known = this.#sessions.get(place);
    if (known !== undefined) return known;
    if (format === undefined) return null;
    const session = new BookSession(place, format, this.#ledger, ends.stats.birthtimeMs);
    session.peek(ends, head);
    if (this.#hasBegun(ends.stats.birthtimeMs, ends.stats.size)) session.main.liveFrom = 0;
    this.#sessions.set(place, session);
    return session;
  }

  /** What was met before its session, and read as one of its own, is that session's from now on. */
  #takeIn({ agents }: BookSession): void {
    for (const path of agents.keys()) {
      const alone = this.#sessions.get(path);
      if (alone === undefined) continue;
      this.#takeOut(alone);
      const isHeld = alone.files.map(({ teller }) => this.#ledger.takeBack(teller)).includes(true);
      if (isHeld) this.#readAnew(alone);
    }
  }

  /** Many may be found at once: others have their turn between each two of them. */
  #turn(): Promise<void> {
    this.#turns = this.#turns.then(() => breathe());
    return this.#turns;
  }

  #hasBegun(born: number, bytes: number): boolean {
    return born >= this.#startedAt - BIRTH_TOLERANCE_MS && bytes <= BEGUN_BYTES;
  }

  async #bringUp(session: BookSession, stats: SessionStats): Promise<void> {
    if (stats.unread === null) {
      // Latencies, and how to read on, are not in the cache.
      const isOfToday = this.#options.clock.now() - stats.modifiedAt < DAY_MS;
      if (isOfToday && !session.isReadHere && !session.wasReadHere) this.#enqueue(session, false);
      return;
    }
    const atOnce = session.isWhole ? AT_ONCE_BYTES : session.main.liveFrom === 0 ? BEGUN_BYTES : SHORT_BYTES;
    // What the cache knew is read from its start.
    const bytes = session.isWhole && !session.wasReadHere ? stats.bytes : stats.unread;
    if (!session.isBusy && bytes <= atOnce) return this.#readOn(session);
    if (session.isWhole || session.isBusy) await session.peekAgain();
    this.#enqueue(session, !session.isWhole);
  }

  async #readOn(session: BookSession, pace?: () => Promise<void>): Promise<void> {
    await session.readOn(this.#sink, pace);
    session.wasReadHere = true;
    this.#cache?.soon();
    this.#ledger.move(session.account, session.digest.project);
    if (this.#isOld(session)) session.letGo();
  }

  #isOld({ modifiedAt }: BookSession): boolean {
    return this.#options.clock.now() - modifiedAt > HOUR_MS;
  }

  #sweepLater(): void {
    this.#cancelSweep = this.#options.clock.after(SWEEP_MS, () => {
      for (const session of this.#sessions.values()) {
        if (session.isReadHere && !session.isBusy && this.#isOld(session)) session.letGo();
      }
      this.#sweepLater();
    });
  }

  async #load(): Promise<void> {
    // Whoever listens does so by then.
    await Promise.resolve();
    for (const session of (await this.#cache?.load()) ?? []) {
      if (session.isGone) this.#gone.push(session);
      else this.#sessions.set(session.place, session);
      this.#tellLimits(session);
    }
    void this.#checkAll([...this.#sessions.values()]);
  }

  /** Which of those that were kept are still there? Their answers may be another's by now. */
  async #checkAll(sessions: readonly BookSession[]): Promise<void> {
    try {
      for (const session of sessions) {
        await this.#pace.breathe();
        if (this.#isClosed) return;
        if (!(await session.isThere())) this.#leave(session);
      }
    } catch (error) {
      if (!isRefused(error)) this.#options.onError(error);
    }
  }

  #tellLimits(session: BookSession): void {
    const { limits } = session.digest;
    if (limits.length === 0) return;
    const at = Math.max(...limits.map((limit) => limit.at));
    this.#news.add(session, session.main, { is: "limits", at, limits }, false);
    this.#news.flush(session, session.main);
  }

  *#toKeep(): Generator<BookSession> {
    for (const session of this.#sessions.values()) if (session.isWhole) yield session;
    // Another may have what one of them told by now.
    this.#gone = this.#gone.filter(isCounted);
    yield* this.#gone;
  }

  #leave(session: BookSession): void {
    if (session.isGone) return;
    if (session.isWhole && isCounted(session)) this.#gone.push(session);
    this.#takeOut(session);
    // Who told the same and is still there has it from now on.
    if (this.#circlesOf(session).size > 0 && this.#ledger.isContested(session.account))
      this.#readAnew(session);
  }

  #takeOut(session: BookSession): void {
    this.#sessions.delete(session.place);
    session.letGo();
    this.#cache?.soon();
    if (this.#queue.delete(session)?.isUncounted === true) this.#oneDone();
    session.isGone = true;
    for (const file of session.files) file.teller.isGone = true;
  }

  #accountChanged(files: ReadonlySet<number>): void {
    for (const session of this.#sessions.values()) {
      if (session.account.files === files && session.isWhole) this.#options.onChange(session.place);
    }
  }

  #enqueue(session: BookSession, isUncounted: boolean): void {
    if (this.#isClosed || session.isBusy || !this.#queue.add(session, isUncounted)) return;
    if (isUncounted) this.#of += 1;
    void this.#work();
  }

  async #work(): Promise<void> {
    if (this.#isWorking) return;
    this.#isWorking = true;
    try {
      for (let next = this.#queue.next(); next !== undefined; next = this.#queue.next()) {
        next.session.isBusy = true;
        await this.#pace.breathe();
        if (this.#isClosed) return;
        await this.#readInBackground(next.session);
        if (next.isUncounted) this.#oneDone();
      }
    } finally {
      this.#isWorking = false;
    }
  }

  async #readInBackground(session: BookSession): Promise<void> {
    try {
      await this.#readOn(session, async () => {
        await this.#pace.breathe();
        if (this.#isClosed) throw new ClosedError();
      });
    } catch (error) {
      if (!isRefused(error) && !(error instanceof ClosedError)) this.#options.onError(error);
    } finally {
      session.isBusy = false;
    }
    if (this.#isClosed) return;
    if (session.isForgotten) this.#enqueue(session, false);
    this.#options.onChange(session.place);
  }

  #oneDone(): void {
    this.#done += 1;
    if (this.#done >= this.#of) {
      this.#done = 0;
      this.#of = 0;
    }
  }

  readonly #sink: FactSink = {
    take: (session, file, facts, end) => this.#take(session, file, facts, end),
    flush: (session, file) => this.#news.flush(session, file),
    freed: (session) => this.#readAnew(session),
  };

  #take(session: BookSession, file: BookFile, facts: readonly Fact[], end: number): void {
    // A last line that got its newline since it was taken ends one byte later.
    const isTold = end <= file.toldTo + 1;
    const isLive = end > file.liveFrom + 1;
    const since = this.#options.clock.now();
    for (const fact of facts) {
      if (file === session.main) session.digestFact(fact);
      else if (fact.is !== "about") file.newestAt = Math.max(file.newestAt ?? 0, fact.at);
      const told = this.#count(session, file, fact);
      if (told === null || (isTold && told.is !== "usage")) continue;
      if (isLive || isFresh(told, since)) this.#news.add(session, file, told, isLive);
    }
  }

  /** The fact as it is told, if it is. */
  #count(session: BookSession, file: BookFile, fact: Fact): ToldFact | null {
    if (fact.is === "about" && fact.about.project !== undefined && file === session.main) {
      // It costs nothing before the first answer; after that all is moved at once, at the end.
      this.#ledger.settle(session.account, fact.about.project);
    }
    if (fact.is !== "usage") return fact;
    const usage = this.#ledger.tell(file.teller, fact);
    if (usage === null) return null;
    const { at, key, model } = fact;
    return { is: "usage", at, key, model, usage };
  }

  #circlesOf({ files }: BookSession): ReadonlySet<number> {
    return new Set(files.flatMap(({ teller }) => this.#ledger.circleOf(teller) ?? []));
  }

  /** Those that tell the same may hold what was just taken back. */
  #readAnew(freed: BookSession): void {
    const circles = this.#circlesOf(freed);
    for (const session of this.#sessions.values()) {
      if ([...this.#circlesOf(session)].every((circle) => !circles.has(circle))) continue;
      session.forget();
      this.#enqueue(session, false);
    }
  }
}

/** Does anything count for it? */
function isCounted({ files }: BookSession): boolean {
  return files.some(({ teller }) => teller.claims > 0);
}

/** Nobody wants what is being read any more. */
class ClosedError extends Error {
  override readonly name = "ClosedError";
}

function listen<Listener>(listeners: Set<Listener>, listener: Listener): () => void {
  listeners.add(listener);
  return () => void listeners.delete(listener);
}

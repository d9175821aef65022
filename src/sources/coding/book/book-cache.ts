import type { Clock } from "../../../clock.ts";
import { messageOf } from "../../file-errors.ts";
import type { CodingFormat } from "../format.ts";
import type { BookSession } from "./book-session.ts";
import { type CachedSession, readCache, writeCache } from "./cache-file.ts";
import { cacheSession, restoreSession } from "./cached-session.ts";
import type { Ledger } from "./ledger.ts";

/** It is written so often at most, and less often the larger it is: a disk is not worn for it. */
const SAVE_MS = 30_000;
const CHARS_PER_MS = 50;
/** What a file that is gone told so long ago is not remembered. */
const REMEMBERED_MS = 400 * 24 * 60 * 60_000;

export interface CacheOptions {
  readonly path: string;
  readonly ledger: Ledger;
  readonly formats: readonly CodingFormat[];
  readonly clock: Clock;
  readonly onError: (error: unknown) => void;
}

/** The book as it was when it was last closed, or half a minute before. It is only ever a shortcut. */
export class BookCache {
  readonly #options: CacheOptions;
  readonly #toKeep: () => Iterable<BookSession>;
  #cancel: (() => void) | null = null;
  #isDirty = false;
  #chars = 0;
  /** What went wrong at the last write; it is told once, however often it goes on to. */
  #trouble: string | null = null;
  /** Writes never overlap. */
  #turn: Promise<void> = Promise.resolve();

  constructor(options: CacheOptions, toKeep: () => Iterable<BookSession>) {
    this.#options = options;
    this.#toKeep = toKeep;
  }

  async load(): Promise<readonly BookSession[]> {
    const { formats, ledger, path } = this.#options;
    const sessions: BookSession[] = [];
    const circles = new Map<number, number>();
    await readCache(path, (cached) => {
      const format = formats.find(({ type }) => type === cached.type);
      const session = format === undefined ? null : restoreSession(cached, format, ledger, circles);
      if (session !== null) sessions.push(session);
    });
    return sessions;
  }

  /** Something is worth keeping. */
  soon(): void {
    this.#isDirty = true;
    const wait = Math.max(SAVE_MS, this.#chars / CHARS_PER_MS);
    this.#cancel ??= this.#options.clock.after(wait, () => {
      this.#cancel = null;
      void this.#save();
    });
  }

  /** What was begun to be written is. */
  get saved(): Promise<void> {
    return this.#turn;
  }

  close(): Promise<void> {
    this.#cancel?.();
    // Nothing is kept any more after this.
    this.#cancel = () => undefined;
    return this.#save();
  }

  #save(): Promise<void> {
    this.#turn = this.#turn.then(() => this.#saveNow());
    return this.#turn;
  }

  async #saveNow(): Promise<void> {
    if (!this.#isDirty) return;
    this.#isDirty = false;
    try {
      this.#chars = await writeCache(this.#options.path, this.#lines());
      this.#trouble = null;
    } catch (error) {
      // It is tried again: an answer that has moved meanwhile could be in it twice, or not at all.
      if (error instanceof MovedError) return this.soon();
      const trouble = messageOf(error);
      if (trouble !== this.#trouble) this.#options.onError(error);
      this.#trouble = trouble;
    }
  }

  *#lines(): Generator<CachedSession> {
    const { clock, ledger } = this.#options;
    const claims = ledger.claims();
    const { given } = ledger;
    const since = clock.now() - REMEMBERED_MS;
    for (const session of this.#toKeep()) {
      if (ledger.given !== given) throw new MovedError();
      const line = cacheSession(session, ledger, (file) => claims.get(file) ?? []);
      if (session.isGone && (session.base?.newestAt ?? session.modifiedAt) < since) continue;
      yield line;
    }
  }
}

class MovedError extends Error {
  override readonly name = "MovedError";
}

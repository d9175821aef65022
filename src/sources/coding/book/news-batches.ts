import type { SessionNews, ToldFact } from "../digests.ts";
import type { BookFile } from "./book-file.ts";
import type { BookSession } from "./book-session.ts";

const HOUR_MS = 60 * 60_000;
const DAY_MS = 24 * HOUR_MS;
/** What was found and is older is not told. */
const RECENT_MS = 6 * HOUR_MS;

interface Batch {
  readonly isLive: boolean;
  readonly news: ToldFact[];
}

/** What is new in files, gathered as they are read: what belongs together is told together, in its order. */
export class NewsBatches {
  readonly #batches = new Map<BookFile, Batch>();
  readonly #tell: (news: SessionNews) => void;

  constructor(tell: (news: SessionNews) => void) {
    this.#tell = tell;
  }

  add(session: BookSession, file: BookFile, told: ToldFact, isLive: boolean): void {
    const batch = this.#batches.get(file);
    if (batch !== undefined && batch.isLive === isLive) {
      batch.news.push(told);
      return;
    }
    this.flush(session, file);
    this.#batches.set(file, { isLive, news: [told] });
  }

  /** With the digest as it is by now. */
  flush(session: BookSession, file: BookFile): void {
    const batch = this.#batches.get(file);
    if (batch === undefined) return;
    this.#batches.delete(file);
    const { digest, place } = session;
    const { isLive, news } = batch;
    this.#tell({ place, source: session.format.type, digest, session: file.session, news, isLive });
  }
}

/** Of what was only found so much is told: calls and results of a day for their latencies, the rest of some hours. */
export function isFresh(told: ToldFact, now: number): boolean {
  switch (told.is) {
    case "limits":
      return true;
    case "about":
      return false;
    case "call":
    case "result":
      return told.at >= now - DAY_MS;
    case "answer":
    case "agent":
    case "mark":
    case "prompt":
    case "turn-over":
    case "usage":
      return told.at >= now - RECENT_MS;
    default:
      return told satisfies never;
  }
}

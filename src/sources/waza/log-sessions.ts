import type { LogLine, SessionStartLine } from "./log-line.ts";
import { type News, WazaSession } from "./session.ts";

/** A file has the sessions of one second. More than this are none. */
const MOST_SESSIONS = 1_000;
/** So many of the newest may be going on at once; one before them was killed. */
const MOST_OPEN = 64;

/** What a line came to, and in which session of the file, from 1. */
export interface Taken {
  readonly number: number;
  readonly news: readonly News[];
}

interface Numbered {
  readonly number: number;
  readonly session: WazaSession;
}

/**
 * The sessions of one log file. Mostly there is one. A file's name is its start to
 * the second, so sessions that start in the same second share it: one after the other
 * where one program runs several models, mixed where several run at once.
 *
 * Lines do not say whose they are. Mixed ones go to the newest session that they fit,
 * by the names and numbers of its tests; where both have such a test it is a guess.
 */
export class LogSessions {
  readonly #sessions: WazaSession[] = [];
  /** Those without their sums, the newest last. */
  #open: Numbered[] = [];

  get all(): readonly WazaSession[] {
    return this.#sessions;
  }

  /** Null for a line of no session. */
  take(line: LogLine): Taken | null {
    if (line.type === "session_start") return this.#start(line);
    const found = this.#of(line);
    if (found === undefined) return null;
    const news = found.session.take(line);
    if (line.type === "session_complete") this.#open = this.#open.filter((each) => each !== found);
    return { number: found.number, news };
  }

  #start(line: SessionStartLine): Taken | null {
    const goingOn = this.#open.findLast(({ session }) => session.isGoneOnBy(line));
    if (goingOn !== undefined) return { number: goingOn.number, news: goingOn.session.take(line) };
    if (this.#sessions.length >= MOST_SESSIONS) {
      // What follows is of sessions that are not read.
      this.#open = [];
      return null;
    }
    const session = new WazaSession(line);
    const number = this.#sessions.push(session);
    this.#open = [...this.#open.slice(1 - MOST_OPEN), { number, session }];
    return { number, news: session.beginning };
  }

  #of(line: LogLine): Numbered | undefined {
    const newest = this.#open.at(-1);
    if (this.#open.length < 2) return newest;
    if (line.type !== "session_complete")
      return this.#open.findLast(({ session }) => session.fits(line)) ?? newest;
    const { data, timestamp } = line;
    // The one that has taken as long as the line says.
    const off = ({ session }: Numbered) => Math.abs(timestamp - session.startedAt - (data.duration_ms ?? 0));
    const fitting = this.#open.filter(({ session }) => session.fits(line));
    const [nearest] = fitting.toReversed().toSorted((left, right) => off(left) - off(right));
    return nearest ?? newest;
  }
}

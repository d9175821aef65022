import type { LogLine, SessionStartLine } from "./log-line.ts";
import { type News, WazaSession } from "./session.ts";

/** What a line came to, and in which session of the file, from 1. */
export interface Taken {
  readonly number: number;
  readonly news: readonly News[];
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

  get all(): readonly WazaSession[] {
    return this.#sessions;
  }

  /** Null for a line of no session. */
  take(line: LogLine): Taken | null {
    const index = line.type === "session_start" ? this.#indexOfStart(line) : this.#indexOf(line);
    if (index === -1 && line.type === "session_start") {
      const session = new WazaSession(line);
      this.#sessions.push(session);
      return { number: this.#sessions.length, news: session.beginning };
    }
    const session = this.#sessions[index];
    return session === undefined ? null : { number: index + 1, news: session.take(line) };
  }

  #indexOfStart(line: SessionStartLine): number {
    return this.#sessions.findLastIndex((session) => session.isGoneOnBy(line));
  }

  #indexOf(line: LogLine): number {
    const open = [...this.#sessions.keys()].filter((index) => this.#sessions[index]?.sums === null);
    if (open.length < 2) return open[0] ?? -1;
    const fitting = open.filter((index) => this.#sessions[index]?.fits(line) === true);
    if (line.type !== "session_complete") return fitting.at(-1) ?? open.at(-1) ?? -1;
    const { data, timestamp } = line;
    // The one that has taken as long as the line says.
    const off = (index: number) => {
      const startedAt = this.#sessions[index]?.startedAt ?? 0;
      return Math.abs(timestamp - startedAt - (data.duration_ms ?? 0));
    };
    const [nearest] = fitting.toReversed().toSorted((left, right) => off(left) - off(right));
    return nearest ?? open.at(-1) ?? -1;
  }
}

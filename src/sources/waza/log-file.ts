import type { Clock } from "../../clock.ts";
import type { RunFile } from "../../protocol/bundle.ts";
import type { RunStatus } from "../../protocol/status.ts";
import type { Tally } from "../../protocol/tally.ts";
import { BundleFile, OutsideRunError } from "../bundle-file.ts";
import { stampOf } from "../json-file.ts";
import { Impatience } from "../impatience.ts";
import { JsonLines } from "../json-lines.ts";
import type { SessionHead } from "./joined-results.ts";
import { LogLine } from "./log-line.ts";
import { LogSessions } from "./log-sessions.ts";
import { sessionId } from "./place.ts";
import { isRefused } from "../refused.ts";
import type { WazaSession } from "./session.ts";
import { standingOf } from "./standing.ts";

/** A log that has been silent for this long is read from its start should it go on. */
const KEEP_MS = 30 * 60_000;

/** One that is written anew at every look is taken as it is then. */
const MOST_REWRITTEN = 3;

/** What is kept of a session: what its line in the list needs, and what its results are known by. */
export interface SessionLine extends SessionHead {
  readonly standing: RunFile & { readonly status: RunStatus; readonly startedAt: string };
  readonly tally: Tally;
}

export interface LogRead {
  /** Empty where there is no such file. */
  readonly stamp: string;
  readonly modifiedAt: number;
  readonly sessions: readonly SessionLine[];
}

const NOTHING: LogRead = { stamp: "", modifiedAt: 0, sessions: [] };

/**
 * The sessions of a log, for all who ask for one of them: it is read once, and read on for as long as
 * it is the same file. Their tests are held only while a session goes on, or while somebody
 * has asked for them.
 */
export class LogFile {
  readonly #name: string;
  readonly #file: BundleFile | null;
  readonly #clock: Clock;
  #reading: { readonly lines: JsonLines<LogLine>; readonly sessions: LogSessions } | null = null;
  #read = NOTHING;
  #isWanted = false;
  /** Reads never overlap. */
  #turn: Promise<unknown> = Promise.resolve();

  constructor(dir: string, name: string, clock: Clock) {
    this.#name = name;
    this.#file = fileIn(dir, name);
    this.#clock = clock;
  }

  /** As of the last read. */
  get sessions(): readonly SessionLine[] {
    return this.#read.sessions;
  }

  read(): Promise<LogRead> {
    return this.#inTurn(async () => {
      await this.#update();
      return this.#read;
    });
  }

  /** The sessions with their tests, which are held until `rest`. */
  whole(): Promise<readonly WazaSession[]> {
    return this.#inTurn(async () => {
      this.#isWanted = true;
      // Read without being held: so once more.
      await this.#update(this.#reading === null);
      return this.#reading?.sessions.all ?? [];
    });
  }

  rest(): void {
    void this.#inTurn(async () => {
      this.#isWanted = false;
      this.#letGo();
    });
  }

  #inTurn<Value>(work: () => Promise<Value>): Promise<Value> {
    const done = this.#turn.then(work);
    this.#turn = done.catch(() => undefined);
    return done;
  }

  async #update(isAnew = false): Promise<void> {
    try {
      // Before the lines: what is written in between has another stamp, and is read again.
      const stats = await this.#file?.stat();
      if (this.#file === null || stats?.isFile() !== true) {
        this.#reading = null;
        this.#read = NOTHING;
        return;
      }
      const stamp = stampOf(stats);
      if (stamp === this.#read.stamp && !isAnew) return;
      const sessions = await this.#readLines(this.#file);
      if (sessions !== null) this.#read = { stamp, modifiedAt: stats.mtimeMs, sessions };
      this.#letGo();
    } catch (error) {
      if (!isRefused(error)) throw error;
    }
  }

  /** Null where the file has just gone. */
  async #readLines(file: BundleFile): Promise<readonly SessionLine[] | null> {
    let reading = this.#reading ?? begin(file);
    // The first read comes to the end, the second finds nothing new, and the third takes a last
    // line without its newline for whole: who asks cannot be asked to come again.
    for (let count = 0, rewritten = 0; count < 3; count += 1) {
      const read = await reading.lines.read();
      if (read.kind === "missing") return null;
      if (read.kind !== "rewritten" || rewritten === MOST_REWRITTEN) continue;
      reading = begin(file);
      rewritten += 1;
      count = -1;
    }
    const { all } = reading.sessions;
    const before = reading === this.#reading ? this.#read.sessions : [];
    this.#reading = reading;
    return all.map((session, index) => {
      const known = before[index];
      return known !== undefined && known.sums !== null ? known : this.#lineOf(session, index + 1);
    });
  }

  #lineOf(session: WazaSession, number: number): SessionLine {
    const { engine, model, startedAt, sums, tally } = session;
    const standing = standingOf(session, sessionId(this.#name, number));
    return { engine, model, startedAt, sums, tally, standing };
  }

  #letGo(): void {
    const isSilent = this.#clock.now() - this.#read.modifiedAt > KEEP_MS;
    const goesOn = !isSilent && this.#read.sessions.some(({ sums }) => sums === null);
    if (!goesOn && !this.#isWanted) this.#reading = null;
  }
}

function begin(file: BundleFile) {
  const sessions = new LogSessions();
  const take = (line: LogLine) => void sessions.take(line);
  return { lines: new JsonLines(file, LogLine, new Impatience(), take, () => undefined), sessions };
}

function fileIn(dir: string, name: string): BundleFile | null {
  try {
    return new BundleFile(dir, name);
  } catch (error) {
    if (error instanceof OutsideRunError) return null;
    throw error;
  }
}

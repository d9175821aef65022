import { join } from "node:path";
import type { Clock } from "../../clock.ts";
import { BundleFile } from "../bundle-file.ts";
import { stampOf } from "../json-file.ts";
import { JsonLines } from "../json-lines.ts";
import { SignsOfLife } from "../signs-of-life.ts";
import type { Glance, Glancer } from "../source.ts";
import { LogLine } from "./log-line.ts";
import { LogSessions } from "./log-sessions.ts";
import { sessionId, type WazaPlace } from "./place.ts";
import { isRefused } from "../refused.ts";
import { pulseOf, standingOf } from "./standing.ts";

/**
 * A session's line in the list. It needs the log alone, a few hundred bytes a test; what is written
 * beside it says more of the tests and nothing more of the run.
 */
export class GlanceSession implements Glancer {
  readonly #place: WazaPlace & { readonly kind: "session" };
  readonly #clock: Clock;
  readonly #signs: SignsOfLife;
  #sessions = new LogSessions();
  #lines: JsonLines<LogLine>;
  #modifiedAt = 0;
  #stamp = "";

  constructor(place: WazaPlace & { readonly kind: "session" }, clock: Clock) {
    this.#place = place;
    this.#clock = clock;
    this.#signs = new SignsOfLife(clock);
    this.#lines = this.#begin();
  }

  async read(): Promise<Glance | null> {
    await this.#read();
    const { dir, file, number } = this.#place;
    const session = this.#sessions.all[number - 1];
    if (session === undefined) return null;
    const { finishedAt, flowName, runTitle, startedAt, status, updatedAt } = standingOf(
      session,
      sessionId(file, number),
    );
    return {
      summary: {
        runId: sessionId(file, number),
        source: "waza",
        flowName: flowName ?? "",
        status,
        startedAt,
        updatedAt: updatedAt ?? startedAt,
        path: join(dir, file),
        tally: session.tally,
        ...(runTitle == null ? {} : { runTitle }),
        ...(finishedAt == null ? {} : { finishedAt }),
      },
      pulse: pulseOf(status, this.#signs.note(this.#modifiedAt)),
      stamp: this.#stamp,
      folders: [dir],
    };
  }

  async #read(): Promise<void> {
    const { dir, file } = this.#place;
    try {
      // Before the lines: what is written in between has another stamp, and is read again.
      const stats = await new BundleFile(dir, file).stat();
      let read = await this.#lines.read();
      if (read.kind === "rewritten") {
        this.#lines = this.#begin();
        read = await this.#lines.read();
      }
      if (read.kind !== "read" || stats === undefined) return;
      this.#modifiedAt = read.modifiedAt;
      this.#stamp = stampOf(stats);
    } catch (error) {
      if (!isRefused(error)) throw error;
    }
  }

  #begin(): JsonLines<LogLine> {
    const sessions = new LogSessions();
    this.#sessions = sessions;
    const { dir, file } = this.#place;
    const take = (line: LogLine) => void sessions.take(line);
    return new JsonLines(new BundleFile(dir, file), LogLine, this.#clock, take, () => undefined);
  }
}

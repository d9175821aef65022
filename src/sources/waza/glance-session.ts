import { join } from "node:path";
import type { Clock } from "../../clock.ts";
import { SignsOfLife } from "../signs-of-life.ts";
import type { Glance, Glancer } from "../source.ts";
import type { LogFile } from "./log-file.ts";
import { sessionId, type SessionPlace } from "./place.ts";
import { pulseOf } from "./standing.ts";

/**
 * A session's line in the list. It needs the log alone, a few hundred bytes a test; what is written
 * beside it says more of the tests and nothing more of the run.
 */
export class GlanceSession implements Glancer {
  readonly #place: SessionPlace;
  readonly #log: LogFile;
  readonly #signs: SignsOfLife;

  constructor(place: SessionPlace, log: LogFile, clock: Clock) {
    this.#place = place;
    this.#log = log;
    this.#signs = new SignsOfLife(clock);
  }

  async read(): Promise<Glance | null> {
    const { modifiedAt, sessions, stamp } = await this.#log.read();
    const { dir, file, number } = this.#place;
    const session = sessions[number - 1];
    if (session === undefined) return null;
    const { finishedAt, flowName, runTitle, startedAt, status, updatedAt } = session.standing;
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
      pulse: pulseOf(status, this.#signs.note(modifiedAt)),
      stamp,
      folders: [dir],
    };
  }
}

import { basename, join } from "node:path";
import type { Clock } from "../../clock.ts";
import type { Glance, Glancer } from "../source.ts";
import { Reading } from "./reading.ts";
import { stampOfRun } from "./stamp.ts";

/** A run's line in the list. Of each row no more is kept than how its test came out. */
export class GlanceRun implements Glancer {
  readonly #dir: string;
  readonly #clock: Clock;
  #reading: Reading;

  constructor(dir: string, clock: Clock) {
    this.#dir = dir;
    this.#clock = clock;
    this.#reading = this.#begin();
  }

  async read(): Promise<Glance | null> {
    // Before all else: what is written from here on moves it.
    const stamp = (await stampOfRun(this.#dir)) ?? "";
    let seen = await this.#reading.read();
    if (seen.kind === "anew") {
      this.#reading = this.#begin();
      seen = await this.#reading.read();
    }
    if (seen.kind !== "read") return null;
    const { manifest, pulse, run, tally } = seen;
    return {
      summary: {
        runId: basename(this.#dir),
        source: "agentv",
        flowName: manifest.flowName,
        status: pulse.status,
        startedAt: manifest.startedAt,
        updatedAt: run.updatedAt,
        path: this.#dir,
        tally,
        ...(run.statusDetail == null ? {} : { statusDetail: run.statusDetail }),
        ...(run.finishedAt == null ? {} : { finishedAt: run.finishedAt }),
      },
      pulse,
      stamp,
      folders: [this.#dir, join(this.#dir, ".internal")],
    };
  }

  #begin(): Reading {
    // A line of the list has no room for problems; who opens the run sees them.
    return new Reading(this.#dir, this.#clock, () => undefined);
  }
}

import { createHash } from "node:crypto";
import { join } from "node:path";
import { setImmediate as breathe } from "node:timers/promises";
import type { Clock } from "../../clock.ts";
import { BundleFile } from "../bundle-file.ts";
import { EvaluationDraft } from "../evaluation/evaluation-draft.ts";
import { JsonFile, type JsonResult, stampOf } from "../json-file.ts";
import type { Draft, Extent, Follower, FollowResult, Glance, Glancer, LogParts } from "../source.ts";
import { detailOfTask } from "./detail.ts";
import { nameOf } from "./match-tasks.ts";
import type { WazaPlace } from "./place.ts";
import { isRefused } from "../refused.ts";
import { Results } from "./results.ts";
import { passesOf, standingOfResults, tallyOfResults, writtenAtOf } from "./results-standing.ts";
import { iso } from "./stamp.ts";
import { manifestOf, pulseOf } from "./standing.ts";
import { UniqueNames } from "./unique-names.ts";

/** A long file lets other work in between. */
const TOLD_AT_A_TIME = 500;

type ResultsPlace = WazaPlace & { readonly kind: "results" };

/** A run of which there is only its results file. */
export class GlanceResults implements Glancer {
  readonly #place: ResultsPlace;
  readonly #file: JsonFile<Results>;
  #glance: Glance | null = null;

  constructor(place: ResultsPlace, clock: Clock) {
    this.#place = place;
    this.#file = new JsonFile(new BundleFile(place.dir, place.file), Results, clock);
  }

  async read(): Promise<Glance | null> {
    const read = await unlessRefused(this.#file.read());
    if (read?.kind === "changed") this.#glance = this.#of(read.value, read.stamp, read.modifiedAt);
    return this.#glance;
  }

  #of(results: Results, stamp: string, modifiedAt: number): Glance {
    const { dir, file } = this.#place;
    const { finishedAt, flowName, runTitle, startedAt } = standingOfResults(results, file);
    return {
      summary: {
        runId: results.eval_id,
        source: "waza",
        flowName: flowName ?? "",
        status: "completed",
        startedAt,
        updatedAt: finishedAt ?? startedAt,
        path: join(dir, file),
        tally: tallyOfResults(results),
        ...(runTitle == null ? {} : { runTitle }),
        ...(finishedAt == null ? {} : { finishedAt }),
      },
      pulse: pulseOf("completed", modifiedAt),
      stamp,
      folders: [dir],
    };
  }
}

export async function stampOfFile({ dir, file }: WazaPlace): Promise<string | null> {
  const stats = await new BundleFile(dir, file).stat();
  return stats?.isFile() === true ? stampOf(stats) : null;
}

/** Follows a results file, which is written once; what is written over it is another run. */
export class FollowResults implements Follower {
  readonly folders: readonly string[];
  readonly parts: LogParts;
  readonly #place: ResultsPlace;
  readonly #out: EvaluationDraft;
  readonly #file: JsonFile<Results>;
  /** The content that was told, as its hash. */
  #told: string | null = null;
  #modifiedAt = 0;

  constructor(place: ResultsPlace, draft: Draft, extent: Extent, clock: Clock) {
    this.#place = place;
    this.folders = [place.dir];
    this.#out = new EvaluationDraft(draft, extent);
    this.parts = this.#out.parts;
    this.#file = new JsonFile(new BundleFile(place.dir, place.file), Results, clock);
  }

  close(): void {
    return undefined;
  }

  async read(): Promise<FollowResult> {
    const read = await unlessRefused(this.#file.read());
    if (read !== undefined && read.kind !== "missing") this.#modifiedAt = read.modifiedAt;
    if (read?.kind === "bad") {
      const { bytes, message } = read;
      this.#out.report({ file: this.#place.file, offset: 0, bytes, kind: "malformed", message });
    }
    if (read?.kind === "changed") {
      const content = createHash("sha256").update(JSON.stringify(read.value)).digest("hex");
      if (this.#told !== null && this.#told !== content) return { kind: "rewritten" };
      if (this.#told === null) await this.#tell(read.value);
      this.#told = content;
    }
    this.#out.settle();
    const pulse = pulseOf(this.#told === null ? "unknown" : "completed", this.#modifiedAt);
    return { kind: "read", pulse, ...again(read) };
  }

  async #tell(results: Results): Promise<void> {
    const standing = standingOfResults(results, this.#place.file);
    const at = iso(writtenAtOf(results));
    this.#out.setManifest(manifestOf(standing, results.eval_id));
    this.#out.setRun(standing);
    this.#out.testsCounted(at, { total: tallyOfResults(results).total, sums: null });
    const keys = new UniqueNames();
    let count = 0;
    for (const [pass, { tasks, variant }] of passesOf(results).entries()) {
      for (const task of tasks) {
        const name = nameOf(task);
        // As the tests of a log are called, so that runs can be compared.
        const key = keys.take(pass === 0 ? name : `${name}/${variant ?? pass}`);
        count += 1;
        if (count % TOLD_AT_A_TIME === 0) await breathe();
        const attempt = { test: key, number: 1 };
        const detail = detailOfTask(task);
        this.#out.testStarted(at, attempt, {
          test: name,
          ...(variant === null ? {} : { target: variant }),
          ...(pass === 0 ? {} : { baseline: true }),
          ...(task.group == null || task.group === "" ? {} : { category: task.group }),
        });
        for (const grader of detail.graders) this.#out.graderResult(at, attempt, grader);
        const talk = this.#out.say(at, detail.talk(`t${count}`));
        const { cached, durationMs, error, score, state, tokens } = detail;
        this.#out.testResult(at, attempt, {
          state,
          ...(score === null ? {} : { score }),
          ...(durationMs === null ? {} : { durationMs }),
          ...(tokens === null ? {} : { tokens }),
          ...(error === null ? {} : { error }),
          ...(cached ? { cached } : {}),
          ...(talk === null ? {} : { talk }),
          files: [{ role: "results", path: this.#place.file }],
        });
      }
    }
    this.#out.over(at);
  }
}

function again(read: JsonResult<Results> | undefined): { readonly readAgainIn?: number } {
  return read !== undefined && "readAgainIn" in read && read.readAgainIn !== undefined
    ? { readAgainIn: read.readAgainIn }
    : {};
}

async function unlessRefused<Value>(asked: Promise<Value>): Promise<Value | undefined> {
  try {
    return await asked;
  } catch (error) {
    if (isRefused(error)) return undefined;
    throw error;
  }
}

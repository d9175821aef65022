import { dirname, join, sep } from "node:path";
import type { Clock } from "../../clock.ts";
import { Manifest, RunFile } from "../../protocol/bundle.ts";
import { BundleFile, OutsideRunError } from "../bundle-file.ts";
import { JsonFile } from "../json-file.ts";
import { SignsOfLife } from "../signs-of-life.ts";
import type { Glance, Glancer } from "../source.ts";
import { type Layout, MANIFEST, readLayout } from "./layout.ts";
import { allowedSilence, mergeRun, statusOf } from "./merge-run.ts";

/** A run's line in the list: its manifest and its live.json, and of the rest only when it was written. */
export class GlanceRun implements Glancer {
  readonly #dir: string;
  readonly #clock: Clock;
  readonly #manifestFile: JsonFile<Manifest>;
  #manifest: Manifest | null = null;
  #layout: Layout = readLayout({ runId: "" }).layout;
  #liveFile: { readonly name: string; readonly file: JsonFile<RunFile> } | undefined;
  #run: RunFile = {};
  #stamp = "";
  #firstSeenAt = 0;
  readonly #signs: SignsOfLife;

  constructor(dir: string, clock: Clock) {
    this.#dir = dir;
    this.#clock = clock;
    this.#signs = new SignsOfLife(clock);
    this.#manifestFile = new JsonFile(new BundleFile(dir, MANIFEST), Manifest, clock);
  }

  async read(): Promise<Glance | null> {
    const read = await unlessOutside(this.#manifestFile.read());
    if (read?.kind === "changed" && isAcpxManifest(read.value)) {
      this.#setManifest(read.value, read.modifiedAt);
      this.#stamp = read.stamp;
    }
    const manifest = this.#manifest;
    if (manifest === null) return null;
    await this.#readLive();
    const run = this.#run;
    const status = statusOf(manifest, run);
    const silenceMs = allowedSilence(status);
    const startedAt = run.startedAt ?? manifest.startedAt ?? new Date(this.#firstSeenAt).toISOString();
    const finishedAt = run.finishedAt ?? manifest.finishedAt;
    const runTitle = run.runTitle ?? manifest.runTitle;
    return {
      summary: {
        runId: manifest.runId,
        source: "acpx",
        flowName: run.flowName ?? manifest.flowName ?? "",
        status,
        startedAt,
        updatedAt: run.updatedAt ?? finishedAt ?? startedAt,
        path: this.#dir,
        ...(runTitle ? { runTitle } : {}),
        ...(run.statusDetail ? { statusDetail: run.statusDetail } : {}),
        ...(finishedAt ? { finishedAt } : {}),
        ...(run.currentNode ? { currentNode: run.currentNode } : {}),
      },
      pulse: {
        status,
        silenceMs,
        lastWriteAt: silenceMs === null ? this.#firstSeenAt : this.#signs.note(await this.#newestStamp()),
      },
      stamp: this.#stamp,
      folders: this.#folders(),
    };
  }

  #setManifest(manifest: Manifest, modifiedAt: number): void {
    if (this.#firstSeenAt === 0) this.#firstSeenAt = modifiedAt;
    // Another run has taken this one's place: what was known of the old one says nothing of it.
    if (manifest.runId !== this.#manifest?.runId || manifest.startedAt !== this.#manifest.startedAt) {
      this.#run = {};
      this.#liveFile = undefined;
    }
    this.#layout = readLayout(manifest).layout;
    // The rest of it is not kept: there may be thousands of runs that never said how they ended.
    const { finishedAt, flowName, runId, runTitle, startedAt, status } = manifest;
    this.#manifest = { runId, finishedAt, flowName, runTitle, startedAt, status };
  }

  async #readLive(): Promise<void> {
    const name = this.#layout.live;
    const file = this.#fileOf(name);
    if (file === undefined) return;
    if (this.#liveFile?.name !== name) {
      this.#liveFile = { name, file: new JsonFile(file, RunFile, this.#clock) };
    }
    const live = await unlessOutside(this.#liveFile.file.read());
    if (live?.kind === "changed") this.#run = lineOf(mergeRun(null, live.value, this.#run));
  }

  /** A streamed chunk changes only a session's events, so they are asked too. */
  async #newestStamp(): Promise<number> {
    const times = await Promise.all(
      this.#signsOfLife().map(async (name) => (await this.#fileOf(name)?.stat())?.mtimeMs ?? 0),
    );
    return Math.max(...times);
  }

  #folders(): string[] {
    const folders = new Set(this.#signsOfLife().map((name) => dirname(join(this.#dir, name))));
    return [...folders].filter((folder) => folder === this.#dir || folder.startsWith(this.#dir + sep));
  }

  #signsOfLife(): string[] {
    const { live, trace, sessions } = this.#layout;
    return [MANIFEST, live, trace, ...sessions.map((session) => session.events)];
  }

  #fileOf(name: string): BundleFile | undefined {
    try {
      return new BundleFile(this.#dir, name);
    } catch (error) {
      if (error instanceof OutsideRunError) return undefined;
      throw error;
    }
  }
}

/** What a run's line needs of its file. */
function lineOf(run: RunFile): RunFile {
  const { currentNode, finishedAt, flowName, runTitle, startedAt, status, statusDetail, updatedAt } = run;
  return { currentNode, finishedAt, flowName, runTitle, startedAt, status, statusDetail, updatedAt };
}

function isAcpxManifest({ schema }: Manifest): boolean {
  return typeof schema === "string" && schema.startsWith("acpx.flow-run-bundle.");
}

async function unlessOutside<Value>(asked: Promise<Value>): Promise<Value | undefined> {
  try {
    return await asked;
  } catch (error) {
    if (error instanceof OutsideRunError) return undefined;
    throw error;
  }
}

import { lstat } from "node:fs/promises";
import { basename, dirname, join } from "node:path";
import * as v from "valibot";
import { isMissing } from "../file-errors.ts";
import { Name } from "./fields.ts";
import type { FoundFile } from "./joined-results.ts";
import { JsonFiles, namesIn, readJson } from "./json-files.ts";
import { isRefused } from "../refused.ts";
import type { WazaTest } from "./session.ts";
import { Time } from "./stamp.ts";
import { fileNameOf, isOfStart, mayBeOfStart, readFileName, Transcript } from "./transcript.ts";

const LOOKS_LIKE_TRANSCRIPT = /"task_name"\s*:/;
const Head = v.object({ task_name: Name, started_at: Time });
/** A folder that changed this recently may have changed again within the same time stamp. */
const RACY_MS = 100;

/** What transcripts are known by. */
export class TranscriptHeads extends JsonFiles<v.InferOutput<typeof Head>> {
  constructor() {
    super(Head, LOOKS_LIKE_TRANSCRIPT);
  }
}

export interface FoundTranscript extends FoundFile {
  readonly transcript: Transcript;
}

interface Dated extends FoundFile {
  readonly at: number;
}

/** The files of one folder that transcripts of a session's tests may be, by the tests' names as they are in files'. */
class Listed {
  readonly #dir: string;
  readonly #byTask = new Map<string, Map<string, Dated>>();
  readonly #names = new Set<string>();
  #changedAt = Number.NaN;

  constructor(dir: string) {
    this.#dir = dir;
  }

  of(task: string): Iterable<Dated> {
    return this.#byTask.get(task)?.values() ?? [];
  }

  /** True where something has come. A file that is gone is found to be no transcript when it is read. */
  async list(): Promise<boolean> {
    const changedAt = await changedAtOf(this.#dir);
    if (changedAt === null || changedAt === this.#changedAt) return false;
    this.#changedAt = Date.now() - changedAt > RACY_MS ? changedAt : Number.NaN;
    let hasNews = false;
    for (const name of await namesIn(this.#dir)) hasNews = this.#add(name) || hasNews;
    return hasNews;
  }

  #add(name: string): boolean {
    if (this.#names.has(name)) return false;
    this.#names.add(name);
    const read = readFileName(name);
    if (read === null) return false;
    const files = this.#byTask.get(read.task) ?? new Map<string, Dated>();
    files.set(name, { dir: this.#dir, name, at: read.at });
    this.#byTask.set(read.task, files);
    return true;
  }
}

/** The transcripts of a session's tests, each found once. */
export class TranscriptFiles {
  readonly #folders: ReadonlyMap<string, Listed>;
  readonly #heads = new TranscriptHeads();
  readonly #given = new Set<string>();
  /** One was found that cannot be read yet. */
  #isTorn = false;

  constructor(folders: readonly string[]) {
    this.#folders = new Map(folders.map((dir) => [dir, new Listed(dir)]));
  }

  /**
   * To be called before `find`, for what is there by now. True where it is worth looking for what was not
   * found before.
   */
  async list(changed: ReadonlySet<string> | "all"): Promise<boolean> {
    let hasNews = this.#isTorn;
    this.#isTorn = false;
    for (const folder of this.#folders.values()) hasNews = (await folder.list()) || hasNews;
    if (changed === "all") return hasNews;
    return hasNews || [...changed].some((path) => this.#isTranscript(path));
  }

  async find({ name: task, startedAt }: WazaTest): Promise<FoundTranscript | null> {
    if (startedAt === null) return null;
    const wanted = fileNameOf(task);
    for (const folder of this.#folders.values()) {
      for (const { at, dir, name } of folder.of(wanted)) {
        const key = join(dir, name);
        if (this.#given.has(key) || !mayBeOfStart(at, startedAt)) continue;
        const head = await this.#heads.read(dir, name);
        if (head.kind === "torn") this.#isTorn = true;
        if (head.kind !== "known" || head.value.task_name !== task) continue;
        if (!isOfStart(head.value.started_at, startedAt)) continue;
        const read = await readJson(dir, name, Transcript);
        if (read.kind === "torn") this.#isTorn = true;
        if (read.kind !== "known") continue;
        this.#given.add(key);
        return { dir, name, transcript: read.value };
      }
    }
    return null;
  }

  #isTranscript(path: string): boolean {
    return this.#folders.has(dirname(path)) && readFileName(basename(path)) !== null;
  }
}

/** Null where there is no such folder. */
async function changedAtOf(dir: string): Promise<number | null> {
  try {
    return (await lstat(dir)).mtimeMs;
  } catch (error) {
    if (isMissing(error) || isRefused(error)) return null;
    throw error;
  }
}

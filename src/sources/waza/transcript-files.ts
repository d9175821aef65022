import { dirname, join } from "node:path";
import * as v from "valibot";
import { JsonFiles, namesIn, readJson } from "./json-files.ts";
import type { FoundFile } from "./joined-results.ts";
import type { WazaTest } from "./session.ts";
import { Time } from "./stamp.ts";
import { fileNameOf, isOfStart, mayBeOfStart, readFileName, Transcript } from "./transcript.ts";

const LOOKS_LIKE_TRANSCRIPT = /"task_name"\s*:/;
const Head = v.object({ task_name: v.string(), started_at: Time });

export interface FoundTranscript extends FoundFile {
  readonly transcript: Transcript;
}

/** Where the transcripts of a log in `dir` may lie. */
export function transcriptFolders(dir: string): string[] {
  return [dir, join(dir, "transcripts"), join(dirname(dir), "transcripts")];
}

/** The transcripts of a session's tests, each found once. */
export class TranscriptFiles {
  readonly #folders: readonly string[];
  readonly #heads = new JsonFiles(Head, LOOKS_LIKE_TRANSCRIPT);
  readonly #given = new Set<string>();
  /** By the test's name as it is in the file's. */
  readonly #byTask = new Map<string, (FoundFile & { readonly at: number })[]>();

  constructor(dir: string) {
    this.#folders = transcriptFolders(dir);
  }

  /** To be called before `find`, for what is there by now. False where that is nothing. */
  async list(): Promise<boolean> {
    this.#byTask.clear();
    for (const dir of this.#folders) {
      for (const name of await namesIn(dir)) {
        const read = readFileName(name);
        if (read === null) continue;
        const files = this.#byTask.get(read.task) ?? [];
        files.push({ dir, name, at: read.at });
        this.#byTask.set(read.task, files);
      }
    }
    return this.#byTask.size > 0;
  }

  async find({ name: task, startedAt }: WazaTest): Promise<FoundTranscript | null> {
    if (startedAt === null) return null;
    for (const { at, dir, name } of this.#byTask.get(fileNameOf(task)) ?? []) {
      const key = join(dir, name);
      if (this.#given.has(key) || !mayBeOfStart(at, startedAt)) continue;
      const head = await this.#heads.read(dir, name);
      if (head === null || head.task_name !== task || !isOfStart(head.started_at, startedAt)) continue;
      const transcript = await readJson(dir, name, Transcript);
      if (transcript === null) continue;
      this.#given.add(key);
      return { dir, name, transcript };
    }
    return null;
  }
}

import { basename, dirname, join } from "node:path";
import { isJsonName } from "./place.ts";
import { JsonFiles, namesIn, readJson } from "./json-files.ts";
import { Results, ResultsHead } from "./results.ts";
import type { WazaSession } from "./session.ts";

/** Where a file is: its folder, real, and its name there. */
export interface FoundFile {
  readonly dir: string;
  readonly name: string;
}

/** What a session is known by. */
export type SessionHead = Pick<WazaSession, "startedAt" | "model" | "engine" | "sums">;

const LOOKS_LIKE_RESULTS = /"eval_id"\s*:/;
/** Before its log begins a run loads its tests and does what it was told to do first. */
const MOST_BEFORE_MS = 10 * 60_000;
/** Both times come from one clock, read one after the other. */
const MOST_AFTER_MS = 5;

/** The results files of folders, by what they are known by. */
export class ResultsFiles {
  readonly #heads = new JsonFiles(ResultsHead, LOOKS_LIKE_RESULTS);

  head(dir: string, name: string): Promise<ResultsHead | null> {
    return this.#heads.read(dir, name);
  }

  /** The results of a session whose log lies in `dir`: those that fit it, and begin nearest before it. */
  async find(dir: string, session: WazaSession): Promise<FoundFile | null> {
    if (session.sums === null) return null;
    let best: FoundFile | null = null;
    let bestAt = Number.NEGATIVE_INFINITY;
    for (const folder of resultFolders(dir)) {
      for (const name of await namesIn(folder)) {
        if (!isJsonName(name)) continue;
        const head = await this.head(folder, name);
        if (head === null || !isOf(head, session) || head.timestamp <= bestAt) continue;
        best = { dir: folder, name };
        bestAt = head.timestamp;
      }
    }
    return best;
  }

  read({ dir, name }: FoundFile): Promise<Results | null> {
    return readJson(dir, name, Results, LOOKS_LIKE_RESULTS);
  }
}

/** Where the results of a log in `dir` may lie, the nearest first. */
export function resultFolders(dir: string): string[] {
  return [dir, join(dir, "results"), dirname(dir)];
}

/**
 * Neither file names the other, so results are a session's if they agree in all that both tell. To
 * the millisecond that it took, two runs hardly ever do.
 */
export function isOf(head: ResultsHead, session: SessionHead): boolean {
  const { sums } = session;
  if (sums === null) return false;
  const { config, summary, timestamp } = head;
  const before = session.startedAt - timestamp;
  return (
    (config.model_id ?? "") === session.model &&
    (config.engine_type ?? "") === session.engine &&
    summary.total_tests === sums.total_tests &&
    (summary.succeeded ?? 0) === sums.passed &&
    (summary.failed ?? 0) === sums.failed &&
    (summary.errors ?? 0) === sums.errors &&
    (summary.duration_ms ?? 0) === sums.duration_ms &&
    before >= -MOST_AFTER_MS &&
    before <= MOST_BEFORE_MS
  );
}

/** Folders whose logs look for their results in `dir`: the other way round. */
export function logFolders(dir: string, folders: readonly string[]): string[] {
  const above = basename(dir) === "results" ? [dirname(dir)] : [];
  return [dir, ...above, ...folders.map((name) => join(dir, name))];
}

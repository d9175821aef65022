import { changedIn, JsonFiles, type Read, readJson } from "./json-files.ts";
import { isJsonName } from "./place.ts";
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

  head(dir: string, name: string): Promise<Read<ResultsHead>> {
    return this.#heads.read(dir, name);
  }

  forget(dir: string, name: string): void {
    this.#heads.forget(dir, name);
  }

  /**
   * The results of a session among the changed files of these folders, or all of them: those that fit
   * it, and begin nearest before it.
   */
  async find(
    folders: readonly string[],
    session: SessionHead,
    changed: ReadonlySet<string> | "all",
  ): Promise<FoundFile | null> {
    if (session.sums === null) return null;
    let best: FoundFile | null = null;
    let bestAt = Number.NEGATIVE_INFINITY;
    for (const dir of folders) {
      for (const name of await changedIn(dir, changed)) {
        if (!isJsonName(name)) continue;
        const head = await this.head(dir, name);
        if (head.kind !== "known" || !isOf(head.value, session) || head.value.timestamp <= bestAt) continue;
        best = { dir, name };
        bestAt = head.value.timestamp;
      }
    }
    return best;
  }

  read({ dir, name }: FoundFile): Promise<Read<Results>> {
    return readJson(dir, name, Results, LOOKS_LIKE_RESULTS);
  }
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
    (summary.succeeded ?? 0) === (sums.passed ?? 0) &&
    (summary.failed ?? 0) === (sums.failed ?? 0) &&
    (summary.errors ?? 0) === (sums.errors ?? 0) &&
    (summary.duration_ms ?? 0) === (sums.duration_ms ?? 0) &&
    before >= -MOST_AFTER_MS &&
    before <= MOST_BEFORE_MS
  );
}

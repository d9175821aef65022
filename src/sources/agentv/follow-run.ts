import { join } from "node:path";
import { setImmediate as breathe } from "node:timers/promises";
import type { Clock } from "../../clock.ts";
import { BundleFile } from "../bundle-file.ts";
import { EvaluationDraft } from "../evaluation/evaluation-draft.ts";
import type { Draft, Extent, Follower, FollowResult, LogParts } from "../source.ts";
import { type Detail, liveDetail } from "./detail.ts";
import { filesOf } from "./files.ts";
import { gradersOf } from "./graders.ts";
import type { Layout } from "./layout.ts";
import { type Look, Reading } from "./reading.ts";
import { identityOf, type Result } from "./results.ts";
import { bareRow, type IndexRow, isFinal, type Row } from "./row.ts";
import { SideFiles } from "./side-files.ts";
import { SideTexts } from "./side-texts.ts";
import { talkOf } from "./talk.ts";
import { WholeRows } from "./whole-rows.ts";

/** Results that are read whole at a time: so many, or as many as make this many bytes; and those whose files are. */
const PORTION = 64;
const PORTION_BYTES = 4 * 1024 * 1024;
const CONCURRENCY = 8;
/** So long after the index was written a result waits for its files; AgentV writes them first, who copies a run may not. */
const PATIENCE_MS = 2_000;
const RETRY_MS = 100;
/** So many results' files are told at once: a line of them is about a kilobyte, and all make one patch. */
const FINALISED_AT_A_TIME = 500;
const SOON_MS = 20;

type Told =
  | { readonly kind: "whole"; readonly row: Row; readonly detail: Detail; readonly files: SideFiles | null }
  | { readonly kind: "wait" };

/**
 * A run as it is told: result after result, in the order of `Results`. Rows are read
 * twice: their heads, for the order, and each one whole when it is told.
 */
export class FollowRun implements Follower {
  readonly folders: readonly string[];
  readonly #dir: string;
  readonly #clock: Clock;
  readonly #out: EvaluationDraft;
  readonly #reading: Reading;
  readonly #texts: SideTexts;
  /** Results that have yet to be told, in their order. */
  #waiting: readonly Result[] = [];
  /** Results whose files have yet to be told. */
  #finalised: readonly Result[] = [];
  #newestTold = "";
  /** Since when there is something to tell. */
  #waitingSince: number | null = null;
  /** How many tests there will be, as was told. */
  #toldPlan = 0;
  #told = 0;

  constructor(dir: string, draft: Draft, extent: Extent, clock: Clock) {
    this.#dir = dir;
    this.#clock = clock;
    this.folders = [dir, join(dir, ".internal")];
    this.#out = new EvaluationDraft(draft, extent);
    this.#texts = new SideTexts(dir);
    this.#reading = new Reading(dir, clock, (problem) => this.#out.report(problem));
  }

  get parts(): LogParts {
    return this.#out.parts;
  }

  close(): void {
    this.#waiting = [];
    this.#finalised = [];
  }

  async read(): Promise<FollowResult> {
    const seen = await this.#reading.read();
    if (seen.kind === "anew") return { kind: "rewritten" };
    if (seen.kind === "none") {
      this.#out.settle();
      return { kind: "read", pulse: { status: "unknown", silenceMs: null, lastWriteAt: 0 } };
    }
    this.#waiting = [...placedAnew(this.#waiting, seen.rows), ...seen.news.fresh];
    this.#finalised = [...placedAnew(this.#finalised, seen.rows), ...seen.news.finalised];
    const rows = new WholeRows(new BundleFile(this.#dir, seen.layout.index));
    await this.#tell(seen, rows);
    if (this.#waiting.length === 0) await this.#tellFiles(seen, rows);
    this.#out.setManifest(seen.manifest);
    const isBehind = this.#waiting.length > 0;
    const { pulse, run } = isBehind ? notYetOver(seen) : seen;
    this.#out.setRun(run);
    this.#out.settle();
    const again = [
      seen.readAgainIn,
      isBehind ? RETRY_MS : undefined,
      this.#finalised.length > 0 ? SOON_MS : undefined,
    ].filter((ms) => ms !== undefined);
    return again.length > 0
      ? { kind: "read", pulse, readAgainIn: Math.min(...again) }
      : { kind: "read", pulse };
  }

  /** Tells what can be told; a result that waits for its files holds up those after it, for order's sake. */
  async #tell(seen: Look, rows: WholeRows): Promise<void> {
    const isPatient = this.#isPatient(seen);
    // The stub is written before any row: who reads the files as they are copied waits for it.
    this.#waitingSince ??= this.#waiting.length > 0 ? this.#clock.now() : null;
    const isEarly = this.#waitingSince === null || this.#clock.now() - this.#waitingSince < PATIENCE_MS;
    if (seen.planned === null && isEarly && isPatient) return;
    this.#tellPlan(seen);
    const waiting = this.#waiting;
    let done = 0;
    try {
      while (done < waiting.length) {
        const some = portionOf(waiting, done);
        const whole = await rows.read(some.map(({ row }) => row));
        for (let from = 0; from < some.length; from += CONCURRENCY) {
          const group = some.slice(from, from + CONCURRENCY);
          const told = await Promise.all(
            group.map(({ row }, index) =>
              this.#detailOf(row, whole[from + index] ?? null, seen.layout, isPatient),
            ),
          );
          for (const [index, result] of group.entries()) {
            const one = told[index];
            if (one === undefined || one.kind === "wait") return;
            this.#tellResult(result, one, seen);
            done += 1;
          }
        }
        // Thousands of results at once leave room for other work.
        await breathe();
      }
    } finally {
      this.#waiting = waiting.slice(done);
    }
  }

  /** Known from the start on; where nothing tells when that was, since the first test that was told began. */
  #tellPlan({ knownStart, planned }: Look): void {
    const [first] = this.#waiting;
    const began = first === undefined ? null : startOfRow(first.row);
    const at = this.#newestTold === "" ? (knownStart ?? began) : this.#newestTold;
    if (planned === null || planned === this.#toldPlan || at === null) return;
    this.#toldPlan = planned;
    this.#out.testsCounted(at, { total: planned, sums: null });
  }

  /** Of many results a part at each read. */
  async #tellFiles(seen: Look, rows: WholeRows): Promise<void> {
    const finalised = this.#finalised;
    const moved: Result[] = [];
    let done = 0;
    while (done < Math.min(finalised.length, FINALISED_AT_A_TIME)) {
      const some = portionOf(finalised, done);
      const whole = await rows.read(some.map(({ row }) => row));
      for (const [index, result] of some.entries()) {
        const { number, test } = result;
        const row = whole[index] ?? null;
        if (row !== null) this.#out.testFiles(this.#newestTold, { test, number }, filesOf(this.#dir, row));
        else if (this.#isPatient(seen)) moved.push(result);
      }
      done += some.length;
    }
    this.#finalised = [...moved, ...finalised.slice(done)];
  }

  /** What is not there, or half there, may still come. */
  #isPatient({ pulse }: Look): boolean {
    return this.#clock.now() - pulse.lastWriteAt < PATIENCE_MS;
  }

  async #detailOf(known: IndexRow, row: Row | null, layout: Layout, isPatient: boolean): Promise<Told> {
    if (row === null) {
      // The index is written anew just now; in a moment the row is there again.
      if (isPatient) return { kind: "wait" };
      const { bytes, offset } = known;
      const message = "The line was written over before it was read whole.";
      this.#out.report({ file: layout.index, offset, bytes, kind: "malformed", message });
      const bare = bareRow(known);
      return { kind: "whole", row: bare, detail: liveDetail(bare), files: null };
    }
    const live = liveDetail(row);
    // Rows of either form stand side by side after a resume.
    if (!isFinal(row) || live.messages.length > 0) return { kind: "whole", row, detail: live, files: null };
    const files = new SideFiles(this.#texts);
    const detail = await layout.detail(row, files);
    return files.isOnItsWay && isPatient ? { kind: "wait" } : { kind: "whole", row, detail, files };
  }

  #tellResult(
    { number, state, test }: Result,
    { detail, files, row }: Extract<Told, { kind: "whole" }>,
    { startedMs, threshold }: Look,
  ): void {
    const out = this.#out;
    this.#told += 1;
    // One that comes to light after later ones was not known before.
    const at = row.timestamp > this.#newestTold ? row.timestamp : this.#newestTold;
    this.#newestTold = at;
    const attempt = { test, number };
    const began =
      row.duration_ms == null ? null : Math.max(startedMs, Date.parse(row.timestamp) - row.duration_ms);
    out.testStarted(at, attempt, {
      test: row.test_id,
      suite: row.suite,
      target: row.target,
      // What AgentV calls tests without one.
      category: row.category === "Uncategorized" ? null : row.category,
      ...(began === null ? {} : { since: new Date(began).toISOString() }),
    });
    for (const grader of gradersOf(row, detail)) out.graderResult(at, attempt, grader);
    const talk = out.say(at, talkOf(detail.messages, `t${this.#told}`, row));
    const { token_usage: usage } = row;
    out.testResult(at, attempt, {
      state,
      score: row.score,
      threshold,
      durationMs: row.duration_ms,
      tokens: usage == null ? null : (usage.input ?? 0) + (usage.output ?? 0),
      costUsd: row.cost_usd,
      error: row.error,
      stage: row.failure_stage,
      reason: row.failure_reason_code,
      talk,
      ...(isFinal(row) ? { files: filesOf(this.#dir, row) } : {}),
    });
    files?.told();
    for (const problem of files?.problems ?? []) out.report(problem);
  }
}

/** What its files say is not told whole yet, and nobody is to take it for that. */
function notYetOver({ pulse, run }: Look): Pick<Look, "pulse" | "run"> {
  if (pulse.status !== "completed") return { pulse, run };
  const { finishedAt: _, ...rest } = run;
  return { pulse: { ...pulse, status: "finalising" }, run: { ...rest, status: "finalising" } };
}

function startOfRow({ duration_ms, timestamp }: IndexRow): string {
  const start = new Date(Date.parse(timestamp) - (duration_ms ?? 0));
  return Number.isNaN(start.getTime()) ? timestamp : start.toISOString();
}

/** Their rows may stand elsewhere now, and in another form. */
function placedAnew(results: readonly Result[], rows: readonly IndexRow[]): readonly Result[] {
  if (results.length === 0 || rows.length === 0) return results;
  const places = new Map(rows.map((row) => [identityOf(row), row]));
  return results.map((result) => ({ ...result, row: places.get(identityOf(result.row)) ?? result.row }));
}

/** Of all from `from` on the next few; one at least, however long. */
function portionOf(results: readonly Result[], from: number): readonly Result[] {
  let bytes = 0;
  let end = from;
  while (end < results.length && end - from < PORTION) {
    bytes += results[end]?.row.bytes ?? 0;
    if (end > from && bytes > PORTION_BYTES) break;
    end += 1;
  }
  return results.slice(from, end);
}

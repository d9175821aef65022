import { join } from "node:path";
import { setImmediate as breathe } from "node:timers/promises";
import type { Clock } from "../../clock.ts";
import { EvaluationDraft } from "../evaluation/evaluation-draft.ts";
import type { Draft, Extent, Follower, FollowResult, LogParts } from "../source.ts";
import { type Detail, liveDetail } from "./detail.ts";
import { filesOf } from "./files.ts";
import { gradersOf } from "./graders.ts";
import type { Layout } from "./layout.ts";
import { type Look, Reading } from "./reading.ts";
import type { Result } from "./results.ts";
import { isFinal, Row } from "./row.ts";
import { SideFiles } from "./side-files.ts";
import { talkOf } from "./talk.ts";

/** Results whose files are read at a time. */
const CONCURRENCY = 16;
/** So long after the index was written a result waits for its files; AgentV writes them first, who copies a run may not. */
const PATIENCE_MS = 2_000;
const RETRY_MS = 100;
/** A line of files is about a kilobyte, and all of them come in one patch. */
const MOST_FINALISED = 2_000;

type Told =
  | { readonly kind: "whole"; readonly detail: Detail; readonly files: SideFiles | null }
  | { readonly kind: "wait" };

/** A run as it is told: result after result, in the order of `Results`. */
export class FollowRun implements Follower {
  readonly folders: readonly string[];
  readonly #dir: string;
  readonly #clock: Clock;
  readonly #out: EvaluationDraft;
  readonly #reading: Reading<Row>;
  /** Results that have yet to be told, in their order. */
  #waiting: readonly Result<Row>[] = [];
  /** Results whose files have yet to be told. */
  #finalised: readonly Result<Row>[] = [];
  #newestTold = "";
  /** Since when there is something to tell. */
  #waitingSince: number | null = null;
  /** How many tests there will be, as was told. */
  #toldPlan = 0;

  constructor(dir: string, draft: Draft, extent: Extent, clock: Clock) {
    this.#dir = dir;
    this.#clock = clock;
    this.folders = [dir, join(dir, ".internal")];
    this.#out = new EvaluationDraft(draft, extent);
    this.#reading = new Reading(dir, Row, clock, (problem) => this.#out.report(problem));
  }

  get parts(): LogParts {
    return this.#out.parts;
  }

  close(): void {
    this.#waiting = [];
  }

  async read(): Promise<FollowResult> {
    const seen = await this.#reading.read();
    if (seen.kind === "anew") return { kind: "rewritten" };
    if (seen.kind === "none") {
      this.#out.settle();
      return { kind: "read", pulse: { status: "unknown", silenceMs: null, lastWriteAt: 0 } };
    }
    this.#waiting = [...this.#waiting, ...seen.news.fresh];
    this.#finalised = [...this.#finalised, ...seen.news.finalised];
    await this.#tell(seen);
    if (this.#waiting.length === 0) this.#tellFiles();
    this.#out.setManifest(seen.manifest);
    const isBehind = this.#waiting.length > 0;
    const { pulse, run } = isBehind ? notYetOver(seen) : seen;
    this.#out.setRun(run);
    this.#out.settle();
    const { readAgainIn } = seen;
    const again = [readAgainIn, isBehind ? RETRY_MS : undefined].filter((ms) => ms !== undefined);
    return again.length > 0
      ? { kind: "read", pulse, readAgainIn: Math.min(...again) }
      : { kind: "read", pulse };
  }

  /** Tells what can be told; a result that waits for its files holds up those after it, for order's sake. */
  async #tell(seen: Look<Row>): Promise<void> {
    const isPatient = this.#clock.now() - seen.pulse.lastWriteAt < PATIENCE_MS;
    // The stub is written before any row: who reads the files as they are copied waits for it.
    this.#waitingSince ??= this.#waiting.length > 0 ? this.#clock.now() : null;
    const isEarly = this.#waitingSince === null || this.#clock.now() - this.#waitingSince < PATIENCE_MS;
    if (seen.planned === null && isEarly && isPatient) return;
    this.#tellPlan(seen);
    while (this.#waiting.length > 0) {
      const some = this.#waiting.slice(0, CONCURRENCY);
      const told = await Promise.all(some.map(({ row }) => this.#detailOf(row, seen.layout, isPatient)));
      let done = 0;
      for (const [index, result] of some.entries()) {
        const one = told[index];
        if (one === undefined || one.kind === "wait") break;
        this.#tellResult(result, one, seen);
        done += 1;
      }
      this.#waiting = this.#waiting.slice(done);
      if (done < some.length) return;
      // Thousands of results at once leave room for other work.
      await breathe();
    }
  }

  /** Known from the start on; where nothing tells when that was, since the first test that was told began. */
  #tellPlan({ knownStart, planned }: Look<Row>): void {
    const [first] = this.#waiting;
    const began = first === undefined ? null : startOfRow(first.row);
    const at = this.#newestTold === "" ? (knownStart ?? began) : this.#newestTold;
    if (planned === null || planned === this.#toldPlan || at === null) return;
    this.#toldPlan = planned;
    this.#out.testsCounted(at, { total: planned, sums: null });
  }

  /** Of very many results the files are told to who opens the run later: nobody waits for them here. */
  #tellFiles(): void {
    if (this.#finalised.length <= MOST_FINALISED)
      for (const { number, row, test } of this.#finalised)
        this.#out.testFiles(this.#newestTold, { test, number }, filesOf(this.#dir, row));
    this.#finalised = [];
  }

  async #detailOf(row: Row, layout: Layout, isPatient: boolean): Promise<Told> {
    const live = liveDetail(row);
    // Rows of either form stand side by side after a resume.
    if (!isFinal(row) || live.messages.length > 0) return { kind: "whole", detail: live, files: null };
    const files = new SideFiles(this.#dir);
    const detail = await layout.detail(row, files);
    return files.isOnItsWay && isPatient ? { kind: "wait" } : { kind: "whole", detail, files };
  }

  #tellResult(
    { number, row, state, test }: Result<Row>,
    { detail, files }: Extract<Told, { kind: "whole" }>,
    { startedMs, threshold }: Look<Row>,
  ): void {
    const out = this.#out;
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
    const talk = out.say(at, talkOf(detail.messages, `${test}#${number}`, row));
    const { token_usage: usage } = row;
    out.testResult(at, attempt, {
      state,
      status: row.execution_status,
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
    for (const problem of files?.problems ?? []) out.report(problem);
  }
}

/** What its files say is not told whole yet, and nobody is to take it for that. */
function notYetOver({ pulse, run }: Look<Row>): Pick<Look<Row>, "pulse" | "run"> {
  if (pulse.status !== "completed") return { pulse, run };
  const { finishedAt: _, ...rest } = run;
  return { pulse: { ...pulse, status: "finalising" }, run: { ...rest, status: "finalising" } };
}

function startOfRow({ duration_ms, timestamp }: Row): string {
  const start = new Date(Date.parse(timestamp) - (duration_ms ?? 0));
  // A length may be any number.
  return Number.isNaN(start.getTime()) ? timestamp : start.toISOString();
}

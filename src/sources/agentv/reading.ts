import { basename } from "node:path";
import type { Clock } from "../../clock.ts";
import type { Manifest, ReadProblem, RunFile } from "../../protocol/bundle.ts";
import { planned } from "../../protocol/counting.ts";
import type { Tally } from "../../protocol/tally.ts";
import { BundleFile } from "../bundle-file.ts";
import { JsonFile } from "../json-file.ts";
import { isRefused, refusalOf } from "../refused.ts";
import { SignsOfLife } from "../signs-of-life.ts";
import type { Pulse } from "../source.ts";
import { timeOf } from "./amount.ts";
import { IndexRows } from "./index-rows.ts";
import { type Layout, LAYOUTS } from "./layout.ts";
import { type News, Results } from "./results.ts";
import { type IndexRow, isFinal } from "./row.ts";
import { allowedSilence, type Evidence, settlesIn, type Standing, standingOf } from "./standing.ts";
import { startOf } from "./start-time.ts";
import { evaluationOf, isStub, Summary } from "./summary.ts";
import { Threshold } from "./threshold.ts";

/** What stands in the files, once more was read of them. */
export interface Look {
  readonly kind: "read";
  readonly layout: Layout;
  /** All rows that were read now, those that are known too. */
  readonly rows: readonly IndexRow[];
  readonly manifest: Manifest & { readonly startedAt: string; readonly flowName: string };
  readonly run: RunFile & { readonly updatedAt: string };
  readonly tally: Tally;
  /** How many tests there will be, 0 where nothing says it; null while there is no summary. */
  readonly planned: number | null;
  /** When the run began, where its name or its stub says so. */
  readonly knownStart: string | null;
  readonly pulse: Pulse;
  readonly news: News;
  readonly startedMs: number;
  readonly threshold: number;
  readonly readAgainIn?: number;
}

export type ReadingResult =
  | Look
  /** Not (yet) a run of AgentV. */
  | { readonly kind: "none" }
  /** Nothing that was read says anything of what there is now: another run has taken the folder, or another score is a pass. */
  | { readonly kind: "anew" };

interface Files {
  readonly layout: Layout;
  readonly summary: JsonFile<Summary>;
  readonly index: IndexRows;
}

/** What is in the index as it is now. */
interface InIndex {
  readonly last: "live" | "final" | null;
  readonly hasFinal: boolean;
  /** Something that was known before. */
  readonly hasKnown: boolean;
  readonly rows: number;
}

const NOTHING: InIndex = { last: null, hasFinal: false, hasKnown: false, rows: 0 };

/**
 * Reads a run's summary and the heads of the rows in its index.
 *
 * What always holds: results only come to be, until another run takes the folder. That
 * is told by two things together. AgentV writes a stub at a start and never at a resume
 * (--resume and --rerun-failed only append), and a start empties the index. So a folder
 * holds another run when nothing of what was known is left in its index, and another stub
 * stands beside it. Who did not look while that run went on finds a summary instead, and
 * as many other rows as it tells of. An index alone proves nothing: the rewrite at the
 * end empties it, too, and two tests of AgentV 5 that end first together both begin it, so
 * that one of the two rows is gone until the end.
 */
export class Reading {
  readonly #dir: string;
  readonly #clock: Clock;
  readonly #files: readonly Files[];
  readonly #report: (problem: ReadProblem) => void;
  readonly #signs: SignsOfLife;
  readonly #threshold: Threshold;
  #results: Results | undefined;
  #found: Files | undefined;
  readonly #refused = new Set<string>();
  #summary: Summary | null = null;
  #stampedAt = 0;
  /** When the stub was written, by its own word: whose name says nothing starts then. */
  #stubAt: string | null = null;
  #isOtherStub = false;
  #inIndex = NOTHING;
  #cameBack = false;
  #bad = 0;
  #longestMs = 0;
  #lastPulse: Pulse | undefined;

  constructor(dir: string, clock: Clock, report: (problem: ReadProblem) => void) {
    this.#dir = dir;
    this.#clock = clock;
    this.#report = report;
    this.#threshold = new Threshold(dir);
    this.#signs = new SignsOfLife(clock);
    this.#files = LAYOUTS.map((layout) => ({
      layout,
      summary: new JsonFile(new BundleFile(dir, layout.summary), Summary, clock),
      index: new IndexRows(new BundleFile(dir, layout.index), clock, ({ isRow, ...problem }) => {
        if (!isRow) this.#bad += 1;
        report({ file: layout.index, ...problem });
      }),
    }));
  }

  async read(): Promise<ReadingResult> {
    const candidates = this.#found === undefined ? this.#files : [this.#found];
    for (const files of candidates) {
      const result = await this.#readAs(files);
      if (result.kind !== "none") return result;
    }
    return { kind: "none" };
  }

  async #readAs(files: Files): Promise<ReadingResult> {
    const { index, layout } = files;
    // The summary first: at the end it is whole before the index is, so nothing is called
    // ended that is not.
    const summaryAgainIn = await this.#readSummary(files);
    const look = await this.#unlessRefused(layout.index, index.read());
    const rows = look?.rows ?? [];
    const threshold = await this.#threshold.read();
    this.#results ??= new Results(threshold);
    const results = this.#results;
    if (results.threshold !== threshold) return { kind: "anew" };
    if (look?.isAnew === true) this.#inIndex = NOTHING;
    this.#note(rows);
    if (this.#isOther()) return { kind: "anew" };
    // An empty index alone is none yet: the stub, which says how many tests there will be, follows at once.
    const isHere = this.#summary !== null || rows.length > 0;
    if (this.#found === undefined && !isHere) return { kind: "none" };
    this.#found = files;
    const news = results.take(rows);
    // What was taken in is known from now on, and it is in the file.
    if (rows.length > 0) this.#inIndex = { ...this.#inIndex, hasKnown: true };
    if (news.fresh.length > 0 && this.#isSilent()) this.#cameBack = true;
    const lastWriteAt = this.#signs.note(Math.max(this.#stampedAt, look?.modifiedAt ?? 0));
    const evidence: Evidence = {
      summary: this.#summary,
      done: results.done,
      bad: this.#bad,
      lastRow: this.#inIndex.last,
      hasFinal: this.#inIndex.hasFinal,
      cameBack: this.#cameBack,
      quietMs: this.#clock.now() - lastWriteAt,
    };
    const standing = standingOf(evidence);
    if (standing === "completed") this.#cameBack = false;
    const pulse: Pulse = {
      status: standing === "resumed" ? "running" : standing,
      silenceMs: allowedSilence(standing, this.#longestMs),
      lastWriteAt,
    };
    this.#lastPulse = pulse;
    const again = [summaryAgainIn, look?.readAgainIn, settlesIn(standing, evidence)].filter(
      (ms) => ms != null,
    );
    return {
      kind: "read",
      layout,
      rows,
      ...this.#words(standing),
      tally: results.tally(this.#planned ?? 0),
      planned: this.#planned,
      knownStart: this.#knownStart,
      pulse,
      news,
      threshold,
      ...(again.length > 0 ? { readAgainIn: Math.min(...again) } : {}),
    };
  }

  /** While it is torn or gone, what was last read of it stands. */
  async #readSummary({ layout, summary }: Files): Promise<number | undefined> {
    const read = await this.#unlessRefused(layout.summary, summary.read());
    if (read === undefined || read.kind === "missing") return undefined;
    this.#stampedAt = read.modifiedAt;
    if (read.kind === "bad") {
      const { bytes, message } = read;
      this.#report({ file: layout.summary, offset: 0, bytes, kind: "malformed", message });
      return undefined;
    }
    if (read.kind === "changed") this.#setSummary(read.value, layout);
    return read.readAgainIn;
  }

  /** What may not be read, or is no file of the run, is as good as not there; and it is told. */
  async #unlessRefused<Value>(file: string, asked: Promise<Value>): Promise<Value | undefined> {
    try {
      return await asked;
    } catch (error) {
      if (!isRefused(error)) throw error;
      if (!this.#refused.has(file))
        this.#report({ file, offset: 0, bytes: 0, kind: "refused", message: refusalOf(error) });
      this.#refused.add(file);
      return undefined;
    }
  }

  #setSummary(summary: Summary, layout: Layout): void {
    const before = this.#summary;
    for (const name of summary.metadata.odd) {
      const message = `Its ${name} is no count.`;
      this.#report({ file: layout.summary, offset: 0, bytes: 0, kind: "malformed", message });
    }
    this.#summary = summary;
    if (!isStub(summary)) return;
    const { timestamp } = summary.metadata;
    if (before !== null && (!isStub(before) || before.metadata.timestamp !== timestamp))
      this.#isOtherStub = true;
    this.#stubAt = timestamp;
  }

  #note(rows: readonly IndexRow[]): void {
    let { hasFinal, hasKnown, last, rows: count } = this.#inIndex;
    for (const row of rows) {
      count += 1;
      last = isFinal(row) ? "final" : "live";
      hasFinal ||= last === "final";
      hasKnown ||= this.#results?.has(row) ?? false;
      this.#longestMs = Math.max(this.#longestMs, row.duration_ms ?? 0);
    }
    this.#inIndex = { last, hasFinal, hasKnown, rows: count };
  }

  /** Do the files tell of another run than what was read of them before? */
  #isOther(): boolean {
    const summary = this.#summary;
    const isOtherStub = this.#isOtherStub && summary !== null && isStub(summary);
    if (this.#results === undefined || this.#results.count === 0) return isOtherStub;
    const { hasKnown, rows: count } = this.#inIndex;
    if (hasKnown || isOtherStub) return !hasKnown;
    return (
      count > 0 && (summary === null || (!isStub(summary) && count >= summary.metadata.tests_run.length))
    );
  }

  /** Was its writer taken for gone, as of the last look? */
  #isSilent(): boolean {
    const pulse = this.#lastPulse;
    return pulse?.silenceMs != null && this.#clock.now() - pulse.lastWriteAt > pulse.silenceMs;
  }

  #words(standing: Standing): Pick<Look, "manifest" | "run" | "startedMs"> {
    const name = basename(this.#dir);
    const startedAt = this.#knownStart ?? this.#guessedStart();
    const updatedAt = this.#results?.newestAt ?? startedAt;
    const flowName = evaluationOf(this.#summary, this.#dir);
    const { eval_file, experiment } = this.#summary?.metadata ?? {};
    return {
      startedMs: Date.parse(startedAt),
      manifest: {
        runId: name,
        flowName,
        startedAt,
        ...(eval_file ? { evalFile: eval_file } : {}),
        ...(experiment ? { experiment } : {}),
      },
      run: {
        runId: name,
        flowName,
        startedAt,
        updatedAt,
        status: standing === "resumed" ? "running" : standing,
        ...(standing === "resumed" ? { statusDetail: "resumed" } : {}),
        // The last result: what comes after it takes a moment, and no file says when it was over.
        ...(standing === "completed" ? { finishedAt: updatedAt } : {}),
      },
    };
  }

  get #planned(): number | null {
    return this.#summary === null ? null : planned(this.#summary.metadata.planned_test_count);
  }

  /** By its name; where --output put it elsewhere, by its stub. */
  get #knownStart(): string | null {
    const stub = timeOf(this.#stubAt ?? "");
    return startOf(basename(this.#dir)) ?? (stub === null ? null : new Date(stub).toISOString());
  }

  /** Its first test's, else its files'. */
  #guessedStart(): string {
    return new Date(this.#results?.oldestStart ?? this.#stampedAt).toISOString();
  }
}

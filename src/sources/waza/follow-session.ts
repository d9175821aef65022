import { join, relative } from "node:path";
import { setImmediate as breathe } from "node:timers/promises";
import type { Clock } from "../../clock.ts";
import { BundleFile, OutsideRunError } from "../bundle-file.ts";
import { EvaluationDraft } from "../evaluation/evaluation-draft.ts";
import { JsonLines } from "../json-lines.ts";
import { SignsOfLife } from "../signs-of-life.ts";
import type { Draft, Extent, Follower, FollowResult, LogParts } from "../source.ts";
import type { TailResult } from "../tail.ts";
import { detailOfTask, detailOfTranscript } from "./detail.ts";
import { type FoundFile, resultFolders, ResultsFiles } from "./joined-results.ts";
import { LogLine } from "./log-line.ts";
import { LogSessions } from "./log-sessions.ts";
import { matchTasks } from "./match-tasks.ts";
import { sessionId, type WazaPlace } from "./place.ts";
import { isRefused } from "../refused.ts";
import type { News, WazaSession, WazaTest } from "./session.ts";
import { iso } from "./stamp.ts";
import { manifestOf, pulseOf, standingOf } from "./standing.ts";
import { type TestFile, TestTeller } from "./test-teller.ts";
import { TranscriptFiles, transcriptFolders } from "./transcript-files.ts";

/** A long catch-up lets other work in between. */
const TOLD_AT_A_TIME = 500;

/**
 * Follows one session of a log, with the transcripts of its tests and the results
 * at its end, which waza writes beside it.
 *
 * A test's transcript is written before the log is told that the test has ended, so the log's new
 * lines are read first and told last: then what the transcript says is told with the test's end. One
 * that is found later, and the results, add lines of their own.
 */
export class FollowSession implements Follower {
  readonly parts: LogParts;
  readonly #place: WazaPlace & { readonly kind: "session" };
  readonly #id: string;
  readonly #out: EvaluationDraft;
  readonly #teller: TestTeller;
  readonly #signs: SignsOfLife;
  readonly #sessions = new LogSessions();
  readonly #lines: JsonLines<LogLine>;
  readonly #transcripts: TranscriptFiles;
  readonly #results = new ResultsFiles();
  #news: News[] = [];
  /** Tests whose transcript has not been found. */
  readonly #untold = new Set<WazaTest>();
  #isOver = false;
  #joined: FoundFile | null = null;
  readonly #files = new Set<string>();
  readonly #folders = new Set<string>();
  #pulse = pulseOf("unknown", 0);
  #modifiedAt = 0;
  #isRefused = false;

  constructor(place: WazaPlace & { readonly kind: "session" }, draft: Draft, extent: Extent, clock: Clock) {
    const { dir, file, number } = place;
    this.#place = place;
    this.#id = sessionId(file, number);
    this.#out = new EvaluationDraft(draft, extent);
    this.parts = this.#out.parts;
    this.#teller = new TestTeller(this.#out);
    this.#signs = new SignsOfLife(clock);
    this.#transcripts = new TranscriptFiles(dir);
    for (const folder of [dir, ...transcriptFolders(dir)]) this.#folders.add(folder);
    this.#files.add(file);
    this.#lines = new JsonLines(
      new BundleFile(dir, file),
      LogLine,
      clock,
      (line) => {
        const taken = this.#sessions.take(line);
        if (taken?.number === number) this.#news.push(...taken.news);
      },
      (problem) => this.#out.report({ file, ...problem }),
    );
  }

  /** Names of the files that are the run's, relative to its log's folder. */
  get files(): ReadonlySet<string> {
    return this.#files;
  }

  close(): void {
    return undefined;
  }

  get folders(): readonly string[] {
    return [...this.#folders];
  }

  async read(changed: ReadonlySet<string> | "all"): Promise<FollowResult> {
    if (changed !== "all" && ![...changed].some((path) => this.#concerns(path)))
      return { kind: "read", pulse: this.#pulse };
    const read = await this.#readLog();
    if (read.kind === "rewritten") return read;
    if (read.kind === "read") this.#modifiedAt = read.modifiedAt;
    const session = this.#sessions.all[this.#place.number - 1];
    if (session === undefined) {
      this.#out.settle();
      this.#pulse = pulseOf("unknown", this.#signs.note(this.#modifiedAt));
      return { kind: "read", pulse: this.#pulse, ...again(read) };
    }
    await this.#tellNews();
    await this.#tellLateTranscripts();
    await this.#join(session);
    const standing = standingOf(session, this.#id);
    this.#out.setManifest(manifestOf(standing, this.#id));
    this.#out.setRun(standing);
    this.#out.settle();
    this.#pulse = pulseOf(standing.status, this.#signs.note(this.#modifiedAt));
    return { kind: "read", pulse: this.#pulse, ...again(read) };
  }

  /** These folders are mostly somebody's working folder, where much is written that is not waza's. */
  #concerns(path: string): boolean {
    return path === "" || /\.jsonl?$/.test(path) || this.#folders.has(path);
  }

  async #readLog(): Promise<TailResult> {
    try {
      return await this.#lines.read();
    } catch (error) {
      if (!isRefused(error)) throw error;
      if (!this.#isRefused) {
        const message = error instanceof OutsideRunError ? error.message : "It may not be read.";
        this.#out.report({ file: this.#place.file, offset: 0, bytes: 0, kind: "refused", message });
      }
      this.#isRefused = true;
      return { kind: "missing" };
    }
  }

  async #tellNews(): Promise<void> {
    const news = this.#news;
    this.#news = [];
    if (news.length > 0) await this.#transcripts.list();
    for (const [index, each] of news.entries()) {
      if (index % TOLD_AT_A_TIME === TOLD_AT_A_TIME - 1) await breathe();
      switch (each.is) {
        case "started":
          this.#untold.add(each.test);
          this.#teller.started(each.at, each.test);
          break;
        case "graded":
          this.#teller.graded(each);
          break;
        case "ended": {
          const found = await this.#transcriptOf(each.test);
          this.#teller.ended(each.test, each.end, found?.detail ?? null, found?.files ?? []);
          break;
        }
        case "counted":
          this.#out.testsCounted(iso(each.at), each.counted);
          break;
        case "over":
          await this.#tellCached(each.at);
          this.#isOver = true;
          for (const folder of resultFolders(this.#place.dir)) this.#folders.add(folder);
          this.#out.over(iso(each.at));
      }
    }
  }

  /** Tests from the cache of which the sums do not say how they came out: their transcripts do. */
  async #tellCached(at: number): Promise<void> {
    for (const test of this.#untold) {
      if (test.ended !== null) continue;
      const found = await this.#transcriptOf(test);
      if (found !== null) this.#teller.added(at, test, found.detail, found.files);
    }
  }

  async #tellLateTranscripts(): Promise<void> {
    if (this.#untold.size === 0 || !(await this.#transcripts.list())) return;
    for (const test of this.#untold) {
      if (test.ended === null) continue;
      const found = await this.#transcriptOf(test);
      if (found !== null && test.ended !== null)
        this.#teller.added(test.ended.at, test, found.detail, found.files);
    }
  }

  async #transcriptOf(test: WazaTest) {
    const found = await this.#transcripts.find(test);
    if (found === null) return null;
    this.#untold.delete(test);
    const detail = detailOfTranscript(found.transcript, test.trials);
    return { detail, files: this.#noteFile("transcript", found) };
  }

  async #join(session: WazaSession): Promise<void> {
    if (!this.#isOver || this.#joined !== null) return;
    const found = await this.#results.find(this.#place.dir, session);
    const results = found === null ? null : await this.#results.read(found);
    if (found === null || results === null) return;
    this.#joined = found;
    const files = this.#noteFile("results", found);
    for (const [index, [test, task]] of matchTasks(results, session.tests).entries()) {
      if (index % TOLD_AT_A_TIME === TOLD_AT_A_TIME - 1) await breathe();
      this.#teller.added(session.newestAt, test, detailOfTask(task), files);
    }
  }

  /** A file that lies elsewhere than below the log's folder is read but not shown. */
  #noteFile(role: string, { dir, name }: FoundFile): TestFile[] {
    const path = relative(this.#place.dir, join(dir, name));
    if (path.startsWith("..")) return [];
    this.#files.add(path);
    return [{ role, path }];
  }
}

function again(read: TailResult): { readonly readAgainIn?: number } {
  return read.kind === "read" && read.readAgainIn !== undefined ? { readAgainIn: read.readAgainIn } : {};
}

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
import { resultFolders, transcriptFolders } from "./folders.ts";
import { type FoundFile, ResultsFiles } from "./joined-results.ts";
import { LogLine } from "./log-line.ts";
import { LogSessions } from "./log-sessions.ts";
import { matchTasks } from "./match-tasks.ts";
import { isRefused } from "../refused.ts";
import { sessionId, type SessionPlace } from "./place.ts";
import type { News, WazaSession, WazaTest } from "./session.ts";
import { iso } from "./stamp.ts";
import { manifestOf, pulseOf, standingOf } from "./standing.ts";
import { type TestFile, TestTeller } from "./test-teller.ts";
import { TranscriptFiles } from "./transcript-files.ts";

/** A long catch-up lets other work in between. */
const TOLD_AT_A_TIME = 500;

export interface FollowSessionParts {
  readonly clock: Clock;
  /** The folders in which runs are looked for. */
  readonly shelves: ReadonlySet<string>;
}

/**
 * Follows one session of a log, with the transcripts of its tests and the results
 * at its end, which waza writes beside it.
 *
 * A test's transcript is written before the log is told that the test has ended, so the log's new
 * lines are read first and told last: then what the transcript says is told right after the test's
 * end. What one says that is found later, and the results, is told after all that was told by then.
 */
export class FollowSession implements Follower {
  readonly parts: LogParts;
  readonly #place: SessionPlace;
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
  #overAt: number | null = null;
  readonly #shelves: ReadonlySet<string>;
  /** Where its results may be, once they have been looked for. */
  #resultFolders: readonly string[] | null = null;
  #isJoined = false;
  readonly #folders = new Set<string>();
  #pulse = pulseOf("unknown", 0);
  #modifiedAt = 0;
  #isRefused = false;

  constructor(place: SessionPlace, draft: Draft, extent: Extent, { clock, shelves }: FollowSessionParts) {
    const { dir, file, number } = place;
    this.#place = place;
    this.#id = sessionId(file, number);
    this.#out = new EvaluationDraft(draft, extent);
    this.parts = this.#out.parts;
    this.#teller = new TestTeller(this.#out);
    this.#signs = new SignsOfLife(clock);
    this.#shelves = shelves;
    const folders = transcriptFolders(dir, shelves);
    this.#transcripts = new TranscriptFiles(folders);
    for (const folder of folders) this.#folders.add(folder);
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

  close(): void {
    return undefined;
  }

  get folders(): readonly string[] {
    return [...this.#folders];
  }

  async read(woken: ReadonlySet<string> | "all"): Promise<FollowResult> {
    if (woken !== "all" && ![...woken].some((path) => this.#concerns(path)))
      return { kind: "read", pulse: this.#pulse };
    const isVague = woken === "all" || [...woken].some((path) => path === "" || this.#folders.has(path));
    const changed = isVague ? "all" : woken;
    const read = await this.#readLog();
    if (read.kind === "rewritten") return read;
    if (read.kind === "read") this.#modifiedAt = read.modifiedAt;
    const session = this.#sessions.all[this.#place.number - 1];
    if (session === undefined) {
      this.#out.settle();
      this.#pulse = pulseOf("unknown", this.#signs.note(this.#modifiedAt));
      return { kind: "read", pulse: this.#pulse, ...again(read) };
    }
    const isWorthwhile = this.#news.length > 0 || this.#untold.size > 0;
    const hasTranscripts = isWorthwhile && (await this.#transcripts.list(changed));
    await this.#tellNews();
    if (hasTranscripts) await this.#tellLateTranscripts();
    await this.#join(session, changed);
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
          this.#teller.ended(each.test, each.end);
          await this.#addTranscript(each.end.at, each.test);
          break;
        }
        case "counted":
          this.#out.testsCounted(iso(each.at), each.counted);
          break;
        case "over":
          this.#overAt = each.at;
          this.#out.over(iso(each.at));
          await this.#tellLateTranscripts();
      }
    }
  }

  /** Those that were not there yet; and of tests that the log never ended, once the session is over. */
  async #tellLateTranscripts(): Promise<void> {
    for (const test of this.#untold) {
      const at = test.ended?.at ?? this.#overAt;
      if (at !== null) await this.#addTranscript(at, test);
    }
  }

  async #addTranscript(at: number, test: WazaTest): Promise<void> {
    const found = await this.#transcripts.find(test);
    if (found === null) return;
    this.#untold.delete(test);
    const detail = detailOfTranscript(found.transcript, test.trials);
    this.#teller.added(at, test, detail, this.#shown("transcript", found));
  }

  async #join(session: WazaSession, changed: ReadonlySet<string> | "all"): Promise<void> {
    if (this.#overAt === null || this.#isJoined) return;
    const isFirst = this.#resultFolders === null;
    this.#resultFolders ??= resultFolders(this.#place.dir, this.#shelves);
    for (const folder of this.#resultFolders) this.#folders.add(folder);
    const found = await this.#results.find(this.#resultFolders, session, isFirst ? "all" : changed);
    const results = found === null ? null : await this.#results.read(found);
    if (found === null || results?.kind !== "known") return;
    this.#isJoined = true;
    const files = this.#shown("results", found);
    for (const [index, [test, task]] of matchTasks(results.value, session.tests).entries()) {
      if (index % TOLD_AT_A_TIME === TOLD_AT_A_TIME - 1) await breathe();
      this.#teller.added(session.newestAt, test, detailOfTask(task), files);
    }
  }

  /** A file that lies elsewhere than below the log's folder is read but not shown. */
  #shown(role: string, { dir, name }: FoundFile): TestFile[] {
    const path = relative(this.#place.dir, join(dir, name));
    return path.startsWith("..") ? [] : [{ role, path }];
  }
}

function again(read: TailResult): { readonly readAgainIn?: number } {
  return read.kind === "read" && read.readAgainIn !== undefined ? { readAgainIn: read.readAgainIn } : {};
}

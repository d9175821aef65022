import {
  type Manifest,
  type ReadProblem,
  type RunFile,
  type SessionEvent,
  type Step,
  type TraceEvent,
} from "../../protocol/bundle.ts";
import { sessionLog } from "../../protocol/log-ranges.ts";
import { type Counted, countedLine, tallyBy, UNCOUNTED } from "../../protocol/counting.ts";
import { isSameTally, type Tally, type TestState } from "../../protocol/tally.ts";
import { TallyCounts } from "../../protocol/tally-counts.ts";
import {
  type GraderResult,
  type TestFiles,
  type TestResult,
  TESTS_SESSION,
  type TestStarted,
} from "../../protocol/test-lines.ts";
import { RunProblems } from "../run-problems.ts";
import type { Draft, Extent, LogParts } from "../source.ts";
import { talkLines, traceLines } from "../translated-lines.ts";
import { endOfTalk, MOST_BYTES, shortGrader, shortResult } from "./room.ts";
import { TranslatedLog } from "../translated-log.ts";

/** One attempt at a test case: which, and the how manieth, from 1. */
export interface TestAttempt {
  /** Names the test case: no two of a run have the same. */
  readonly test: string;
  readonly number: number;
}

/** A message of a test's conversation, as ACP has it, without its envelope. */
export interface Talk {
  readonly direction: "inbound" | "outbound";
  readonly message: Record<string, unknown>;
}

/**
 * What an evaluation's source says of its run, as the run state has it: the lines
 * of the trace (see src/protocol/test-lines.ts) and what was said in the tests.
 *
 * What always holds: both logs only grow; what a test said comes before its result; the
 * tally is what the lines of the trace come to.
 * Until the first read is done nothing of the logs is in the draft: how much of their
 * ends is held depends on how long they are. What both take in memory has a limit
 * (see room.ts): tests are counted past it, and what was said in them is not.
 */
export class EvaluationDraft {
  readonly parts: LogParts = {
    windowFrom: (log) => this.#log(log)?.windowFrom(),
    range: async (log, from, to) => this.#log(log)?.range(from, to),
    times: async (log) => this.#log(log)?.times(),
    outline: async (log, fromRow) => this.#log(log)?.outline(fromRow),
    find: async (log, { before, isWanted, query }) =>
      isWanted() ? this.#log(log)?.find(query, before) : undefined,
  };
  readonly #draft: Draft;
  readonly #extent: Extent;
  readonly #mostBytes: number;
  readonly #trace = new TranslatedLog(traceLines, () => 2);
  readonly #talk = new TranslatedLog(talkLines, () => 2);
  readonly #starts = new Map<string, { readonly at: string; readonly started: TestStarted }>();
  /** In whole extent: where the step of each attempt is. */
  readonly #steps = new Map<string, { readonly index: number; readonly step: Step }>();
  #isSettled = false;
  #manifest: Manifest = { runId: "" };
  #run: RunFile = {};
  /** The newest result of each test. */
  readonly #results = new Map<string, { readonly number: number; readonly state: TestState }>();
  readonly #counts = new TallyCounts();
  #counted = UNCOUNTED;
  #tally: Tally | undefined;
  readonly #problems = new RunProblems();

  constructor(draft: Draft, extent: Extent, mostBytes = MOST_BYTES) {
    this.#draft = draft;
    this.#extent = extent;
    this.#mostBytes = mostBytes;
  }

  setManifest(manifest: Manifest): void {
    this.#draft.reconcile(["manifest"], this.#manifest, manifest);
    this.#manifest = manifest;
  }

  setRun(run: RunFile): void {
    this.#draft.reconcile(["run"], this.#run, run);
    this.#run = run;
  }

  /** How many tests there are to be, and how they stand where their results do not tell it. */
  testsCounted(at: string, counted: Counted): void {
    this.#counted = counted;
    this.#line(at, "tests_counted", { payload: countedLine(counted) });
  }

  /** What was said in a test; the lines it takes, for its result. Null where nothing was said. */
  say(at: string, talk: readonly Talk[]): [from: number, to: number] | null {
    if (talk.length === 0) return null;
    const from = this.#talk.length;
    for (const [index, one] of talk.entries()) {
      if (this.#isFull()) {
        for (const end of endOfTalk(talk, index)) this.#say(at, end);
        break;
      }
      this.#say(at, one);
    }
    return [from, this.#talk.length];
  }

  #say(at: string, { direction, message }: Talk): void {
    const event: SessionEvent = { seq: this.#talk.length + 1, at, direction, message };
    this.#talk.add(event);
    if (this.#isSettled) this.#draft.append(["sessions", TESTS_SESSION, "events"], event);
  }

  testStarted(at: string, attempt: TestAttempt, started: TestStarted): void {
    this.#starts.set(idOf(attempt), { at, started });
    this.#line(at, "test_started", { nodeId: attempt.test, attemptId: idOf(attempt), payload: started });
  }

  /** `attempt` is null where nobody can say whose result it is. */
  graderResult(at: string, attempt: TestAttempt | null, result: GraderResult): void {
    const whose = attempt === null ? {} : { nodeId: attempt.test, attemptId: idOf(attempt) };
    const told = this.#isFull() ? shortGrader(result) : result;
    this.#line(at, "grader_result", { ...whose, payload: { ...this.#nameOf(attempt), ...told } });
  }

  testResult(at: string, attempt: TestAttempt, result: TestResult): void {
    const attemptId = idOf(attempt);
    const begun = this.#starts.get(attemptId);
    const isBaseline = begun?.started.baseline === true;
    const told = this.#isFull() ? shortResult(result) : result;
    const payload = { ...this.#nameOf(attempt), ...(isBaseline ? { baseline: true } : {}), ...told };
    this.#line(at, "test_result", { nodeId: attempt.test, attemptId, payload });
    const before = this.#results.get(attempt.test);
    if (attempt.number >= (before?.number ?? 0)) {
      this.#results.set(attempt.test, { number: attempt.number, state: result.state });
      if (!isBaseline) this.#counts.move(before?.state, result.state);
    }
    if (this.#extent === "tail") return;
    const known = this.#steps.get(attemptId);
    const step: Step = {
      attemptId,
      nodeId: attempt.test,
      nodeType: "test",
      outcome: result.state === "passed" ? "ok" : result.state,
      startedAt: begun?.started.since ?? begun?.at ?? at,
      finishedAt: known?.step.finishedAt ?? at,
      ...(result.error == null ? {} : { error: result.error }),
    };
    // A result that says more of an attempt that has ended is no second step.
    const index = known?.index ?? this.#steps.size;
    this.#steps.set(attemptId, { index, step });
    if (known === undefined) this.#draft.append(["steps"], step);
    else this.#draft.reconcile(["steps", String(index)], known.step, step);
  }

  /** What there is to open of a result that was told before it was there. */
  testFiles(at: string, attempt: TestAttempt, files: TestFiles["files"]): void {
    const payload: TestFiles = { ...this.#nameOf(attempt), files };
    this.#line(at, "test_files", { nodeId: attempt.test, attemptId: idOf(attempt), payload });
  }

  /** The run has ended, and with it every test without a result. */
  over(at: string): void {
    this.#line(at, "run_completed", { payload: {} });
  }

  /** To be called at the end of every read. */
  settle(): void {
    this.#problems.tell(this.#draft);
    this.#tellTally();
    if (this.#isSettled) return;
    this.#isSettled = true;
    const events = this.#begin(this.#talk);
    this.#draft.set(["sessions", TESTS_SESSION], {
      id: TESTS_SESSION,
      binding: { name: "tests" },
      record: null,
      events,
    });
    this.#draft.set(["trace"], this.#begin(this.#trace));
  }

  report(problem: ReadProblem): void {
    this.#problems.report(problem);
  }

  #isFull(): boolean {
    return this.#trace.bytes + this.#talk.bytes >= this.#mostBytes;
  }

  #begin(log: TranslatedLog<unknown>): unknown {
    const from = this.#extent === "tail" ? log.windowFrom() : 0;
    const entries = [...log.from(from)];
    return from === 0 ? entries : { from, entries };
  }

  #line(at: string, type: string, rest: Omit<TraceEvent, "seq" | "at" | "type">): void {
    const event: TraceEvent = { seq: this.#trace.length + 1, at, type, ...rest };
    this.#trace.add(event);
    if (this.#isSettled) this.#draft.append(["trace"], event);
  }

  /** Who reads a line by itself, as event streams do, is told whose it is. */
  #nameOf(attempt: TestAttempt | null): { test?: string; target?: string } {
    const begun = attempt === null ? undefined : this.#starts.get(idOf(attempt));
    if (begun === undefined) return {};
    const { target, test } = begun.started;
    return { test, ...(target == null ? {} : { target }) };
  }

  /** What is no run yet has none. */
  #tellTally(): void {
    if (this.#manifest.runId === "") return;
    const tally = tallyBy(this.#counted, this.#counts.counts);
    if (isSameTally(this.#tally, tally)) return;
    this.#draft.set(["tally"], tally);
    this.#tally = tally;
  }

  #log(name: string): TranslatedLog<TraceEvent> | TranslatedLog<SessionEvent> | undefined {
    if (name === "trace") return this.#trace;
    return name === sessionLog(TESTS_SESSION) ? this.#talk : undefined;
  }
}

function idOf({ number, test }: TestAttempt): string {
  return `${test}#${number}`;
}

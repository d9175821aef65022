import * as v from "valibot";
import type { Clock } from "../clock.ts";
import type { TraceEvent } from "../protocol/bundle.ts";
import type { FeedEvent } from "../protocol/event-messages.ts";
import { isTerminal } from "../protocol/status.ts";
import { countedIn, tallyBy, UNCOUNTED } from "../protocol/counting.ts";
import type { TestState } from "../protocol/tally.ts";
import { TallyCounts } from "../protocol/tally-counts.ts";
import { TestResult, TestStarted } from "../protocol/test-lines.ts";
import type { OpenRun } from "../store/run-stores.ts";
import { completedEvent, resultEvent, startedEvent } from "./feed-events.ts";
import { SETTLE_MS } from "./run-events.ts";
import type { ToldResults } from "./told-results.ts";
import { TraceLines } from "./trace-lines.ts";

/** What of a run's trace is no news besides what was told: nothing, all that there is, or what was written up to a moment. */
export type Known =
  | { readonly kind: "nothing" }
  | { readonly kind: "all" }
  /** As many lines as there were when it was opened. */
  | { readonly kind: "lines"; readonly count: number }
  | { readonly kind: "until"; readonly at: number };

export interface FollowedTestsParts {
  readonly runId: string;
  readonly open: () => Promise<OpenRun | undefined>;
  readonly known: Known;
  /** Outlives who follows the run: it may be followed again. */
  readonly told: ToldResults;
  /** Its end was told when it was followed before. */
  readonly hasEnded: boolean;
  readonly clock: Clock;
  readonly tell: (event: FeedEvent) => void;
  /** It cannot be followed (any longer), because of an error or because it is gone. Nothing follows. */
  readonly lost: (error: unknown) => void;
}

/**
 * One evaluation in flight, as the feed of all runs tells of it: that it began, or
 * how far it had come, then each result once, in order, and then its end.
 */
export class FollowedTests {
  readonly #parts: FollowedTestsParts;
  readonly #newest = new Map<string, TestState>();
  readonly #tallied = new TallyCounts();
  readonly #targets = new Set<string>();
  #counted = UNCOUNTED;
  /** Those that have a result in what is read now. */
  readonly #attempts = new Set<string>();
  #known: Known;
  #run: OpenRun | undefined;
  #lines: TraceLines | undefined;
  #stopListening: () => void = () => undefined;
  #hasCaughtUp = false;
  #isAnnounced = false;
  #hasEnded: boolean;
  /** The trace says that it is over. */
  #saysOver = false;
  #isSettled = false;
  #cancelSettling: () => void = () => undefined;
  #isPumping = false;
  #isDue = false;
  #isClosed = false;

  constructor(parts: FollowedTestsParts) {
    this.#parts = parts;
    this.#known = parts.known;
    this.#hasEnded = parts.hasEnded;
    this.#begin().catch((error: unknown) => this.#lose(error));
  }

  /** Has its end been told? */
  get hasEnded(): boolean {
    return this.#hasEnded;
  }

  /** Has all that there was been told or passed over, once? */
  get hasCaughtUp(): boolean {
    return this.#hasCaughtUp;
  }

  /** What a reader that comes now must be told. Undefined: it will be told in turn. */
  get present(): FeedEvent | undefined {
    return this.#isAnnounced && !this.#hasEnded && !this.#isClosed ? this.#started() : undefined;
  }

  close(): void {
    this.#isClosed = true;
    this.#cancelSettling();
    this.#stopListening();
    this.#run?.release();
  }

  #lose(error: unknown): void {
    if (this.#isClosed) return;
    this.close();
    this.#parts.lost(error);
  }

  async #begin(): Promise<void> {
    const run = await this.#parts.open();
    if (this.#isClosed) return run?.release();
    if (run === undefined) return this.#lose(undefined);
    this.#run = run;
    if (this.#known.kind === "all") this.#known = { kind: "lines", count: run.topic.state.trace.length };
    this.#lines = new TraceLines(run, 0);
    this.#stopListening = run.topic.onChange(() => void this.#pump());
    await this.#pump();
  }

  async #pump(): Promise<void> {
    this.#isDue = true;
    if (this.#isPumping) return;
    this.#isPumping = true;
    try {
      while (this.#isDue && !this.#isClosed) {
        this.#isDue = false;
        await this.#readOn();
      }
    } catch (error) {
      this.#lose(error);
    } finally {
      this.#isPumping = false;
    }
  }

  async #readOn(): Promise<void> {
    while (!this.#isClosed && this.#run !== undefined && this.#lines !== undefined) {
      const lines = await this.#lines.next();
      if (this.#isClosed) return;
      switch (lines.kind) {
        case "lines":
          for (const [index, entry] of lines.entries.entries()) this.#take(lines.from + index, entry);
          break;
        case "none":
          this.#hasCaughtUp = true;
          return this.#atEnd(this.#run);
        case "anew":
          this.#beginAnew(this.#run);
          break;
        case "gone":
          return this.#lose(undefined);
      }
    }
  }

  /** Mostly another run has taken its place, which begins; what was told stays told. */
  #beginAnew(run: OpenRun): void {
    this.#newest.clear();
    this.#tallied.clear();
    this.#counted = UNCOUNTED;
    this.#targets.clear();
    this.#attempts.clear();
    this.#saysOver = false;
    this.#known = { kind: "nothing" };
    this.#lines = new TraceLines(run, 0);
    if (!this.#hasEnded) this.#isAnnounced = false;
  }

  #take(line: number, entry: TraceEvent | undefined): void {
    if (entry?.type === "test_started") {
      const started = v.safeParse(TestStarted, entry.payload);
      // Two are enough to know that there is no one target.
      if (started.success && started.output.baseline !== true && this.#targets.size < 2) {
        const { target } = started.output;
        if (target != null) this.#targets.add(target);
      }
    }
    if (entry?.type === "tests_counted") this.#counted = countedIn(entry.payload ?? {}) ?? this.#counted;
    if (entry?.type === "test_result") {
      const result = v.safeParse(TestResult, entry.payload);
      if (result.success) this.#result(line, entry, result.output);
    }
    if (entry?.type === "run_completed") this.#saysOver = true;
  }

  #result(line: number, entry: TraceEvent, result: TestResult): void {
    const node = entry.nodeId ?? "";
    const isNews = this.#isEnd(entry, result) && this.#isNews(line, entry);
    if (isNews) {
      this.#goOn();
      this.#announce();
    }
    if (result.baseline !== true) this.#tallied.move(this.#newest.get(node), result.state);
    this.#newest.set(node, result.state);
    if (isNews) this.#parts.tell(resultEvent(this.#parts.runId, result.test ?? node, result, this.#counts()));
  }

  /** What is only said more of an attempt is no news. */
  #isEnd(entry: TraceEvent, { added }: TestResult): boolean {
    const attempt = attemptOf(entry);
    if (added === true || this.#attempts.has(attempt)) return false;
    this.#attempts.add(attempt);
    return true;
  }

  #isNews(line: number, entry: TraceEvent): boolean {
    const { told } = this.#parts;
    const at = Date.parse(entry.at);
    const isNews = !this.#isKnown(line, at) && told.isNews(attemptOf(entry), at);
    told.note(attemptOf(entry), at);
    return isNews;
  }

  #isKnown(line: number, at: number): boolean {
    switch (this.#known.kind) {
      case "nothing":
        return false;
      case "lines":
        return line < this.#known.count;
      case "all":
        return true;
      case "until":
        return at <= this.#known.at;
    }
  }

  #atEnd({ topic }: OpenRun): void {
    const isOver = isTerminal(topic.state.status);
    if (isOver && this.#hasEnded) return;
    this.#goOn();
    this.#announce();
    this.#cancelSettling();
    if (!isOver) return;
    // A result may wait for its files while the run is over already; one that never comes is not waited for.
    const isWhole = this.#saysOver || this.#counts().done >= (topic.state.tally?.done ?? 0);
    if (!isWhole && !this.#isSettled) {
      this.#cancelSettling = this.#parts.clock.after(SETTLE_MS, () => {
        this.#isSettled = true;
        void this.#pump();
      });
      return;
    }
    this.#hasEnded = true;
    const { status, tally } = topic.state;
    this.#parts.tell(completedEvent(this.#parts.runId, status, tally ?? this.#counts()));
  }

  /** After its end was told, too. */
  #goOn(): void {
    if (!this.#hasEnded) return;
    this.#hasEnded = false;
    this.#isSettled = false;
    this.#isAnnounced = false;
  }

  #announce(): void {
    if (this.#isAnnounced) return;
    this.#isAnnounced = true;
    this.#parts.tell(this.#started());
  }

  #started(): FeedEvent {
    const state = this.#run?.topic.state;
    const [target = null] = this.#targets.size === 1 ? this.#targets : [];
    const evalFile = state?.run.flowName ?? state?.manifest.flowName ?? "";
    return startedEvent(this.#parts.runId, evalFile, target, this.#counts());
  }

  #counts() {
    return tallyBy(this.#counted, this.#tallied.counts);
  }
}

function attemptOf({ attemptId, nodeId }: TraceEvent): string {
  return attemptId ?? nodeId ?? "";
}

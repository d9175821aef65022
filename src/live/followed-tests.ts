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
import { SETTLE_MS } from "./run-events.ts";
import { TraceLines } from "./trace-lines.ts";

/** What of a run's trace is no news: so many lines, all that there are, or what was written up to a moment. */
export type Known =
  | { readonly kind: "lines"; readonly count: number }
  | { readonly kind: "all" }
  | { readonly kind: "until"; readonly at: number };

export interface FollowedTestsParts {
  readonly runId: string;
  readonly open: () => Promise<OpenRun | undefined>;
  readonly known: Known;
  readonly clock: Clock;
  readonly tell: (event: FeedEvent) => void;
  readonly onError: (error: unknown) => void;
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
  #known: Known;
  #run: OpenRun | undefined;
  #lines: TraceLines | undefined;
  #stopListening: () => void = () => undefined;
  /** Lines that are no news any more. */
  #told = 0;
  #isAnnounced = false;
  #hasEnded = false;
  #isSettled = false;
  #cancelSettling: () => void = () => undefined;
  #isPumping = false;
  #isDue = false;
  #isClosed = false;

  constructor(parts: FollowedTestsParts) {
    this.#parts = parts;
    this.#known = parts.known;
    this.#begin().catch((error: unknown) => {
      this.close();
      parts.onError(error);
    });
  }

  /** Has its end been told? */
  get hasEnded(): boolean {
    return this.#hasEnded;
  }

  /** So many lines have been told or passed over. */
  get told(): number {
    return this.#told;
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

  async #begin(): Promise<void> {
    const run = await this.#parts.open();
    if (this.#isClosed) return run?.release();
    if (run === undefined) return this.close();
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
      this.#parts.onError(error);
      this.close();
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
          return this.#atEnd(this.#run);
        case "anew":
          // What was told stays told: of the run as it is now only what comes after it is news.
          this.#newest.clear();
          this.#tallied.clear();
          this.#targets.clear();
          this.#counted = UNCOUNTED;
          this.#known = { kind: "lines", count: this.#told };
          this.#lines = new TraceLines(this.#run, 0);
          break;
        case "gone":
          return this.close();
      }
    }
  }

  #take(line: number, entry: TraceEvent | undefined): void {
    if (entry?.type === "test_started") {
      const started = v.safeParse(TestStarted, entry.payload);
      // Two are enough to know that there is no one target.
      if (started.success && started.output.target != null && this.#targets.size < 2)
        this.#targets.add(started.output.target);
    }
    if (entry?.type === "tests_counted") this.#counted = countedIn(entry.payload ?? {}) ?? this.#counted;
    if (entry?.type === "test_result") {
      const result = v.safeParse(TestResult, entry.payload);
      if (result.success) this.#result(line, entry, result.output);
    }
    this.#told = Math.max(this.#told, line + 1);
  }

  #result(line: number, entry: TraceEvent, { score, state, test }: TestResult): void {
    const node = entry.nodeId ?? "";
    const isNews = !this.#isKnown(line, entry.at);
    if (isNews) {
      this.#goOn();
      this.#announce();
    }
    this.#tallied.move(this.#newest.get(node), state);
    this.#newest.set(node, state);
    if (!isNews) return;
    const { passed, total } = this.#counts();
    this.#parts.tell({
      event: "test_result",
      data: {
        run_id: this.#parts.runId,
        test_id: test ?? node,
        score: score ?? null,
        status: state,
        passed,
        total,
      },
    });
  }

  #isKnown(line: number, at: string): boolean {
    switch (this.#known.kind) {
      case "lines":
        return line < this.#known.count;
      case "all":
        return true;
      case "until":
        return Date.parse(at) <= this.#known.at;
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
    const isWhole = this.#counts().done >= (topic.state.tally?.done ?? 0);
    if (!isWhole && !this.#isSettled) {
      this.#cancelSettling = this.#parts.clock.after(SETTLE_MS, () => {
        this.#isSettled = true;
        void this.#pump();
      });
      return;
    }
    const { errors, failed, passed, passRate, total } = topic.state.tally ?? this.#counts();
    this.#hasEnded = true;
    this.#parts.tell({
      event: "run_completed",
      data: {
        run_id: this.#parts.runId,
        passed,
        failed,
        pass_rate: passRate,
        errors,
        total,
        status: topic.state.status,
      },
    });
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
    const { done, errors, failed, passed, total } = this.#counts();
    const state = this.#run?.topic.state;
    const [target = null] = this.#targets.size === 1 ? this.#targets : [];
    return {
      event: "run_started",
      data: {
        run_id: this.#parts.runId,
        eval_file: state?.run.flowName ?? state?.manifest.flowName ?? "",
        target,
        total,
        done,
        passed,
        failed,
        errors,
      },
    };
  }

  #counts() {
    return tallyBy(this.#counted, this.#tallied.counts);
  }
}

import * as v from "valibot";
import type { RunState, TraceEvent } from "../protocol/bundle.ts";
import { EVENT_SCHEMA_VERSION, type RunEvent } from "../protocol/event-messages.ts";
import { isTerminal } from "../protocol/status.ts";
import { countedIn } from "../protocol/counting.ts";
import { GraderResult, TestResult, TestStarted } from "../protocol/test-lines.ts";
import { verdictOf } from "../protocol/verdict.ts";
import type { AttemptResults } from "./attempt-results.ts";
import { cutMessage, cutName, finite, wholeCount, wholeCounts } from "./event-values.ts";

/**
 * A run as a sequence of events. It follows from the run state alone: first
 * `run_started`, then an event for each line of the trace that begins or ends
 * something, then, while the run is over, its end. What is only said more of an attempt, by
 * files that are found sooner or later, has no event. So an event has the same number
 * whoever asks, whenever, and after a restart of the server.
 */

/** A run whose files say that it is over may still get the lines that tell of it, for so long. */
export const SETTLE_MS = 3_000;

/** What the lines before a place in the trace have come to. */
export interface Counts {
  /** Events up to here, which is the number of the last one. */
  readonly events: number;
  readonly completed: number;
  readonly passed: number;
  readonly failed: number;
  /** How many tests were planned by then; null where nothing told. */
  readonly planned: number | null;
  /** The producer has summed up all tests itself: a result after that only says which was which. */
  readonly isSummed: boolean;
  /** Null while no line has told. */
  readonly tokens: number | null;
  readonly cost: number | null;
  /** The trace says that the run is over, and nothing has begun since. */
  readonly isOver: boolean;
}

/** What is sent of a frame besides its number. */
export type Body = Pick<RunEvent, "type" | "data" | "timestamp">;

const NO_COUNTS: Counts = {
  events: 0,
  completed: 0,
  passed: 0,
  failed: 0,
  planned: null,
  isSummed: false,
  tokens: null,
  cost: null,
  isOver: false,
};

/** A line and its place in the trace. */
export interface PlacedLine {
  readonly line: number;
  readonly entry: TraceEvent;
}

/** The first event; nothing of the trace is counted in it. `at`: when the run began, as far as anybody knows. */
export function startOf(
  run: RunState,
  at: string | undefined,
): { readonly counts: Counts; readonly body: Body } {
  const { model } = run.run;
  return {
    counts: { ...NO_COUNTS, events: 1 },
    body: {
      type: "run_started",
      data: {
        spec: cutName(run.run.flowName ?? run.manifest.flowName ?? ""),
        ...(typeof model === "string" ? { model: cutName(model) } : {}),
        ...totalOf(run, NO_COUNTS),
        passCount: 0,
        failCount: 0,
      },
      timestamp: at ?? run.run.updatedAt ?? NO_TIME,
    },
  };
}

/** The event of a line, or null where it tells of none, and the counts after it. */
export function eventOf(
  run: RunState,
  before: Counts,
  { entry, line }: PlacedLine,
  results: AttemptResults,
): { readonly counts: Counts; readonly body: Body | null } {
  switch (entry.type) {
    case "node_started":
      return began(run, before, entry, entry.nodeId);
    case "test_started": {
      const started = v.safeParse(TestStarted, entry.payload);
      if (!started.success) return began(run, before, entry, entry.nodeId);
      return began(run, before, entry, started.output.test, started.output.target);
    }
    case "grader_result": {
      const graded = v.safeParse(GraderResult, entry.payload);
      if (!graded.success || graded.output.added === true || results.hasEnded(line, entry))
        return { counts: before, body: null };
      return next(before, entry, { type: "step_executed", data: stepOf(entry, graded.output) });
    }
    case "node_outcome": {
      const { durationMs, outcome } = entry.payload ?? {};
      const word = typeof outcome === "string" ? outcome : "unknown";
      return ended(run, before, entry, {
        name: entry.nodeId,
        outcome: word === "ok" ? "passed" : word,
        durationMs: typeof durationMs === "number" ? durationMs : null,
        counts: true,
      });
    }
    case "test_result": {
      const result = v.safeParse(TestResult, entry.payload);
      if (!result.success) return { counts: before, body: null };
      const { durationMs, score, state, test } = result.output;
      const { cost, isEnd, isFirstOfTest, tokens } = results.take(line, entry, result.output);
      const spent = { ...before, tokens: sum(before.tokens, tokens), cost: sum(before.cost, cost) };
      if (!isEnd) return { counts: spent, body: null };
      const name = test ?? entry.nodeId;
      return ended(run, spent, entry, {
        name,
        target: result.output.target,
        outcome: state,
        durationMs,
        score,
        counts: isFirstOfTest && !before.isSummed && result.output.baseline !== true,
      });
    }
    case "tests_counted": {
      const counted = countedIn(entry.payload ?? {});
      if (counted === null) return { counts: before, body: null };
      const { sums, total: planned } = counted;
      if (sums === null) return { counts: { ...before, planned }, body: null };
      const { error, failed, passed, skipped } = sums;
      const completed = passed + failed + error + skipped;
      const summed = { planned, isSummed: true, completed, passed, failed: failed + error };
      return { counts: { ...before, ...summed }, body: null };
    }
    case "run_completed":
    case "run_failed":
    case "run_timed_out":
    case "run_cancelled":
      return { counts: { ...before, isOver: true }, body: null };
    default:
      return { counts: before, body: null };
  }
}

/** The last event of a run that is over; null while it is not. */
export function endOf(run: RunState, counts: Counts): Body | null {
  if (!isTerminal(run.status)) return null;
  const { tally } = run;
  const passCount = tally?.passed ?? counts.passed;
  const failCount = tally === undefined ? counts.failed : tally.failed + tally.errors;
  const isGood = run.status === "completed";
  const began = startedAt(run);
  const finishedAt = run.run.finishedAt ?? run.manifest.finishedAt ?? run.run.updatedAt ?? began ?? NO_TIME;
  const lasted = began === undefined ? null : (Date.parse(finishedAt) - Date.parse(began)) / 1_000;
  return {
    type: isGood ? "run_completed" : "run_failed",
    data: {
      // A flow may fail at a node and find another way; an evaluation is what its tests come to.
      outcome: verdictOf(run.status, tally) ?? (isGood ? "passed" : run.status),
      totalTasks: tally === undefined ? counts.completed : wholeCounts(tally).total,
      passCount,
      failCount,
      ...(finite(counts.tokens) === null ? {} : { tokens: counts.tokens }),
      ...(finite(counts.cost) === null ? {} : { cost: counts.cost }),
      ...(lasted !== null && lasted >= 0 ? { duration: lasted } : {}),
    },
    timestamp: finishedAt,
  };
}

export function runEvent(runId: string, sequence: number, body: Body): RunEvent {
  const { data, timestamp, type } = body;
  return { schemaVersion: EVENT_SCHEMA_VERSION, sequence, runId, type, data, timestamp };
}

/** Do the lines tell all that the run's files say has happened? */
export function saysOver({ tally }: RunState, counts: Counts): boolean {
  // Of a test from a cache only the sums may tell.
  return counts.isOver || (tally !== undefined && counts.completed >= tally.done);
}

/** Undefined: its files do not say. */
export function startedAt(run: RunState): string | undefined {
  return run.run.startedAt ?? run.manifest.startedAt ?? undefined;
}

/** A run of which no file says when anything was. */
const NO_TIME = new Date(0).toISOString();

function began(
  run: RunState,
  before: Counts,
  line: TraceEvent,
  name: string | null | undefined,
  target?: string | null,
) {
  return next({ ...before, isOver: false }, line, {
    type: "task_started",
    data: { ...named(name, target), ...totalOf(run, before) },
  });
}

interface EndedTask {
  readonly name: string | null | undefined;
  readonly target?: string | null | undefined;
  readonly outcome: string;
  readonly durationMs: number | null | undefined;
  readonly score?: number | null | undefined;
  /** Another attempt at a test that has a result is no further test. */
  readonly counts: boolean;
}

function ended(run: RunState, before: Counts, line: TraceEvent, task: EndedTask) {
  const { outcome, score } = task;
  const durationMs = finite(task.durationMs);
  const one = task.counts ? 1 : 0;
  const isFailure = outcome !== "passed" && outcome !== "skipped";
  const counts: Counts = {
    ...before,
    completed: before.completed + one,
    passed: before.passed + (outcome === "passed" ? one : 0),
    failed: before.failed + (isFailure ? one : 0),
    isOver: false,
  };
  return next(counts, line, {
    type: "task_completed",
    data: {
      ...named(task.name, task.target),
      outcome: cutName(outcome),
      ...(finite(score) === null ? {} : { score }),
      ...(durationMs === null ? {} : { duration: durationMs / 1_000 }),
      ...totalOf(run, counts),
      completedTasks: counts.completed,
    },
  });
}

function stepOf(line: TraceEvent, { kind, message, name, score, target, test, verdict }: GraderResult) {
  return {
    ...named(test ?? line.nodeId, target),
    graderName: cutName(name),
    ...(kind == null ? {} : { graderType: cutName(kind) }),
    // A grader that was passed over says neither.
    ...(verdict === "skip" ? {} : { passed: verdict === "pass" }),
    ...(finite(score) === null ? {} : { score }),
    ...(message == null ? {} : { message: cutMessage(message) }),
  };
}

function next(counts: Counts, line: TraceEvent, body: Pick<RunEvent, "type" | "data">) {
  return { counts: { ...counts, events: counts.events + 1 }, body: { ...body, timestamp: line.at } };
}

/** Only an evaluation knows how many tasks there will be. */
function totalOf({ tally }: RunState, { completed, planned }: Counts): { totalTasks?: number } {
  return tally === undefined ? {} : { totalTasks: Math.max(planned ?? wholeCount(tally.total), completed) };
}

/** Of an evaluation with several targets a test's name alone does not say which one it is. */
function named(
  name: string | null | undefined,
  target: string | null | undefined,
): { taskName?: string; target?: string } {
  return {
    ...(name == null ? {} : { taskName: cutName(name) }),
    ...(target == null ? {} : { target: cutName(target) }),
  };
}

function sum(before: number | null, more: number | null): number | null {
  return more === null ? before : (before ?? 0) + more;
}

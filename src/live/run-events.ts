import * as v from "valibot";
import type { RunState, TraceEvent } from "../protocol/bundle.ts";
import { EVENT_SCHEMA_VERSION, type RunEvent } from "../protocol/event-messages.ts";
import { isTerminal } from "../protocol/status.ts";
import { verdictOf } from "../protocol/verdict.ts";
import { countedIn } from "../protocol/counting.ts";
import { GraderResult, TestResult, TestStarted } from "../protocol/test-lines.ts";

/**
 * A run as a sequence of events. It follows from the run state alone: first
 * `run_started`, then an event for each line of the trace that begins or ends
 * something, then, while the run is over, its end. So an event has the same number
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

/** Names and messages are for people; longer ones are cut. */
const NAME_CHARS = 1_000;
const MESSAGE_CHARS = 4_000;

/** The first event; nothing of the trace is counted in it. */
export function startOf(run: RunState): { readonly counts: Counts; readonly body: Body } {
  const { model } = run.run;
  return {
    counts: { ...NO_COUNTS, events: 1 },
    body: {
      type: "run_started",
      data: {
        spec: cut(run.run.flowName ?? run.manifest.flowName ?? "", NAME_CHARS),
        ...(typeof model === "string" ? { model: cut(model, NAME_CHARS) } : {}),
        ...totalOf(run, NO_COUNTS),
        passCount: 0,
        failCount: 0,
      },
      timestamp: startedAt(run),
    },
  };
}

/**
 * The event of a line, or null where it tells of none, and the counts after it.
 * `isFirst`: no result of the same test stands before it.
 */
export function eventOf(
  run: RunState,
  before: Counts,
  line: TraceEvent,
  isFirst: boolean,
): { readonly counts: Counts; readonly body: Body | null } {
  switch (line.type) {
    case "node_started":
      return began(run, before, line, line.nodeId);
    case "test_started": {
      const started = v.safeParse(TestStarted, line.payload);
      return began(run, before, line, started.success ? started.output.test : line.nodeId);
    }
    case "grader_result": {
      const graded = v.safeParse(GraderResult, line.payload);
      if (!graded.success) return { counts: before, body: null };
      return next(before, line, { type: "step_executed", data: stepOf(line, graded.output) });
    }
    case "node_outcome": {
      const { durationMs, outcome } = line.payload ?? {};
      const word = typeof outcome === "string" ? outcome : "unknown";
      return ended(run, before, line, {
        name: line.nodeId,
        outcome: word === "ok" ? "passed" : word,
        durationMs: typeof durationMs === "number" ? durationMs : null,
        counts: true,
      });
    }
    case "test_result": {
      const result = v.safeParse(TestResult, line.payload);
      if (!result.success) return { counts: before, body: null };
      const { costUsd, durationMs, score, state, test, tokens } = result.output;
      const name = test ?? line.nodeId;
      const spent = {
        ...before,
        tokens: sum(before.tokens, tokens ?? null),
        cost: sum(before.cost, costUsd ?? null),
      };
      return ended(run, spent, line, {
        name,
        outcome: state,
        durationMs,
        score,
        counts: isFirst && !before.isSummed,
      });
    }
    case "tests_counted": {
      const counted = countedIn(line.payload ?? {});
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
  const finishedAt = run.run.finishedAt ?? run.manifest.finishedAt ?? run.run.updatedAt ?? startedAt(run);
  const lasted = (Date.parse(finishedAt) - Date.parse(startedAt(run))) / 1_000;
  return {
    type: isGood ? "run_completed" : "run_failed",
    data: {
      // A flow may fail at a node and find another way; an evaluation is what its tests come to.
      outcome: verdictOf(run.status, tally) ?? (isGood ? "passed" : run.status),
      totalTasks: tally?.total ?? counts.completed,
      passCount,
      failCount,
      ...(counts.tokens === null ? {} : { tokens: counts.tokens }),
      ...(counts.cost === null ? {} : { cost: counts.cost }),
      ...(lasted >= 0 ? { duration: lasted } : {}),
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
  return tally === undefined ? counts.isOver : counts.completed >= tally.done;
}

function startedAt(run: RunState): string {
  return run.run.startedAt ?? run.manifest.startedAt ?? new Date(0).toISOString();
}

function began(run: RunState, before: Counts, line: TraceEvent, name: string | null | undefined) {
  return next({ ...before, isOver: false }, line, {
    type: "task_started",
    data: { ...named(name), ...totalOf(run, before) },
  });
}

interface EndedTask {
  readonly name: string | null | undefined;
  readonly outcome: string;
  readonly durationMs: number | null | undefined;
  readonly score?: number | null | undefined;
  /** Another attempt at a test that has a result is no further test. */
  readonly counts: boolean;
}

function ended(run: RunState, before: Counts, line: TraceEvent, task: EndedTask) {
  const { durationMs, outcome, score } = task;
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
      ...named(task.name),
      outcome,
      ...(score == null ? {} : { score }),
      ...(durationMs == null ? {} : { duration: durationMs / 1_000 }),
      ...totalOf(run, counts),
      completedTasks: counts.completed,
    },
  });
}

function stepOf(line: TraceEvent, { kind, message, name, score, test, verdict }: GraderResult) {
  return {
    ...named(test ?? line.nodeId),
    graderName: cut(name, NAME_CHARS),
    ...(kind == null ? {} : { graderType: cut(kind, NAME_CHARS) }),
    // A grader that was passed over says neither.
    ...(verdict === "skip" ? {} : { passed: verdict === "pass" }),
    ...(score == null ? {} : { score }),
    ...(message == null ? {} : { message: cut(message, MESSAGE_CHARS) }),
  };
}

function next(counts: Counts, line: TraceEvent, body: Pick<RunEvent, "type" | "data">) {
  return { counts: { ...counts, events: counts.events + 1 }, body: { ...body, timestamp: line.at } };
}

/** Only an evaluation knows how many tasks there will be. */
function totalOf({ tally }: RunState, { completed, planned }: Counts): { totalTasks?: number } {
  return tally === undefined ? {} : { totalTasks: Math.max(planned ?? tally.total, completed) };
}

function named(name: string | null | undefined): { taskName?: string } {
  return name == null ? {} : { taskName: cut(name, NAME_CHARS) };
}

function cut(text: string, chars: number): string {
  return text.length <= chars ? text : `${text.slice(0, chars - 1)}…`;
}

function sum(before: number | null, more: number | null): number | null {
  return more === null ? before : (before ?? 0) + more;
}

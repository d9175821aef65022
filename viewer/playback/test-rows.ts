import type { TestState } from "../../src/protocol/tally.ts";
import type { StepsView } from "./as-of.ts";

/**
 * How a test stands. One that nobody finished, in a run that no longer moves, is unfinished; where
 * the run went to its end it may well be done, but nothing tells how it came out.
 */
export type RowState = TestState | "running" | "unfinished" | "untold";

/** A test as of a moment: its newest attempt, or an earlier one that is shown with it. */
export interface ResultRow {
  /** The line of the trace that the attempt began with: no two rows share it. */
  readonly line: number;
  /** Its place in the step table. */
  readonly step: number;
  /** The test case, by its node's code. */
  readonly node: number;
  /** The first attempt at the test case: the order in which they were begun. */
  readonly first: number;
  readonly name: string;
  readonly suite: string | null;
  readonly target: string | null;
  /** It stands beside those that are counted. */
  readonly isBaseline: boolean;
  readonly state: RowState;
  readonly score: number | null;
  readonly durationMs: number | null;
  readonly tokens: number | null;
  readonly costUsd: number | null;
  readonly error: string | null;
  /** When it began, as far as that was known. */
  readonly since: number;
  /** The how manieth of the attempts that had begun it is, from 1, and how many there were. */
  readonly number: number;
  readonly attempts: number;
}

/** What tells of as much of a run's steps as a row needs. */
type Steps = Pick<StepsView, "at" | "count" | "endedAt" | "table">;

/** The newest attempt at each test case that had begun, in the order in which the cases first did. */
export function newestRows(steps: Steps, isMoving: boolean): ResultRow[] {
  return Array.from(steps.table.tests.testCases()).flatMap((node) => newestRow(steps, node, isMoving) ?? []);
}

/** Null where the test case had not begun. `isMoving`: what has no result yet still runs. */
export function newestRow(steps: Steps, node: number, isMoving: boolean): ResultRow | null {
  const begun = begunAt(steps, node);
  return begun.length === 0 ? null : rowOf(steps, node, begun, begun.length - 1, isMoving);
}

/** The attempts before the newest, the newest of them first. */
export function earlierRows(steps: Steps, node: number): ResultRow[] {
  const begun = begunAt(steps, node);
  return begun
    .slice(0, -1)
    .flatMap((_, place) => rowOf(steps, node, begun, place, false) ?? [])
    .toReversed();
}

function begunAt(steps: Steps, node: number): readonly number[] {
  const all = steps.table.tests.attemptsAt(node);
  // Mostly all of them had begun: then nothing is copied.
  return (all.at(-1) ?? -1) < steps.count ? all : all.filter((step) => step < steps.count);
}

function rowOf(
  steps: Steps,
  node: number,
  begun: readonly number[],
  place: number,
  isMoving: boolean,
): ResultRow | null {
  const { tests } = steps.table;
  const step = begun[place];
  const test = step === undefined ? null : tests.testOf(step);
  if (step === undefined || test === null) return null;
  const attempt = steps.table.attempt(step, steps.at, steps.endedAt);
  const result = tests.resultBy(step, steps.at);
  const open = attempt.finishedAt !== null ? "untold" : isMoving ? "running" : "unfinished";
  return {
    line: attempt.line,
    step,
    node,
    first: begun[0] ?? step,
    name: test.name,
    suite: test.suite,
    target: test.target,
    isBaseline: test.isBaseline === true,
    state: result?.state ?? open,
    score: result?.score ?? null,
    durationMs: result?.durationMs ?? null,
    tokens: result?.tokens ?? null,
    costUsd: result?.costUsd ?? null,
    error: attempt.error,
    since: test.since ?? attempt.startedAt,
    number: place + 1,
    attempts: begun.length,
  };
}

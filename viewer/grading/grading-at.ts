import * as v from "valibot";
import type { RunState, TraceEvent } from "../../src/protocol/bundle.ts";
import type { OutlineTest } from "../../src/protocol/outline.ts";
import type { TestState } from "../../src/protocol/tally.ts";
import { type GraderResult, TestResult, TestStarted } from "../../src/protocol/test-lines.ts";
import { attemptLines } from "../playback/attempt-lines.ts";
import { endOf } from "../playback/as-of.ts";
import type { Picture } from "../playback/picture.ts";
import type { RunIndex } from "../playback/run-index.ts";
import type { Attempt } from "../playback/step-table.ts";
import { graderOf } from "./grader-of.ts";

/** All that was known at a moment of one attempt at a test case. */
export interface GradingView {
  readonly attempt: Attempt;
  readonly test: OutlineTest;
  readonly category: string | null;
  /** Null while it runs. */
  readonly state: TestState | null;
  readonly result: TestResult | null;
  /** The line that says how it ended, as it stands in the trace. */
  readonly resultLine: TraceEvent | null;
  readonly trials: readonly Trial[];
  /** How many trials there are, as far as graders have said. */
  readonly trialCount: number;
  /** All attempts at the same test case, in the order of their start. */
  readonly attempts: readonly OtherAttempt[];
  /** It is so long that the middle of its lines was not read. */
  readonly isCut: boolean;
}

/** The verdicts on one trial of a test. */
export interface Trial {
  /** From 1; null where it was not told. */
  readonly number: number | null;
  readonly graders: readonly GraderResult[];
}

interface OtherAttempt {
  /** The line of the trace that it began with. */
  readonly line: number;
  readonly state: TestState | null;
}

/** What was known at `at` of the test with this place in the step table. */
export function gradingAt(run: RunState, index: RunIndex, step: number, at: number): Picture<GradingView> {
  const { table } = index.trace;
  const test = table.tests.testOf(step);
  if (test === null) return { value: null, isReady: true, parts: [] };
  const { endLine, isHeld, parts, spans } = attemptLines(run, index, step, at);
  if (!isHeld) return { value: null, isReady: false, parts };

  const end = endOf(run, index);
  const endedAt = end !== null && at >= end ? end : null;
  const told = new Told();
  const whose = run.trace.at(spans[0]?.from ?? 0)?.attemptId ?? null;
  for (const { from, to } of spans)
    for (const [, event] of run.trace.entries(from, to)) if (event.attemptId === whose) told.take(event);
  const state = table.tests.resultBy(step, at)?.state ?? null;
  const attempts = table.tests.attemptsAt(table.nodeCode(step), table.begunBy(at));
  const trials = trialsOf(state === null ? told.graders : failedFirst(told.graders));
  const value: GradingView = {
    attempt: table.attempt(step, at, endedAt),
    test,
    category: told.category,
    state,
    result: state === null ? null : told.result,
    resultLine: state === null ? null : (run.trace.at(endLine) ?? null),
    trials,
    trialCount: Math.max(0, ...trials.map(({ number }) => number ?? 0)),
    attempts: attempts.map((other) => ({
      line: table.lineOf(other),
      state: table.tests.resultBy(other, at)?.state ?? null,
    })),
    isCut: spans.length > 1,
  };
  return { value, isReady: true, parts };
}

/** What the lines of one attempt add up to. A line that cannot be read says nothing. */
class Told {
  category: string | null = null;
  result: TestResult | null = null;
  readonly #graders = new Map<string, GraderResult>();
  /** How often each has been told in one go: several may be of the same name. */
  #inOneGo = new Map<string, number>();
  #isAdded: boolean | null = null;

  get graders(): readonly GraderResult[] {
    return [...this.#graders.values()];
  }

  take(event: TraceEvent): void {
    const { payload, type } = event;
    switch (type) {
      case "test_started":
        this.category = read(TestStarted, payload)?.category ?? null;
        return;
      case "grader_result": {
        const grader = graderOf(event);
        if (grader !== null) this.#grade(grader);
        return;
      }
      case "test_result":
        this.result = read(TestResult, payload);
        this.#isAdded = null;
    }
  }

  /** One that is told again, by a file or once there is a result, stands in the place of the first. */
  #grade(grader: GraderResult): void {
    const isAdded = grader.added === true;
    if (isAdded !== this.#isAdded) this.#inOneGo = new Map();
    this.#isAdded = isAdded;
    const key = `${grader.trial ?? 1} ${grader.name}`;
    const count = this.#inOneGo.get(key) ?? 0;
    this.#inOneGo.set(key, count + 1);
    this.#graders.set(`${key} ${count}`, grader);
  }
}

function read<Schema extends v.GenericSchema>(
  schema: Schema,
  payload: unknown,
): v.InferOutput<Schema> | null {
  const parsed = v.safeParse(schema, payload);
  return parsed.success ? parsed.output : null;
}

/** Why a test failed is read first. While it runs they stay in the order in which they come. */
function failedFirst(graders: readonly GraderResult[]): readonly GraderResult[] {
  const has = (verdict: GraderResult["verdict"]) => graders.filter((grader) => grader.verdict === verdict);
  return [...has("fail"), ...has("pass"), ...has("skip")];
}

/** In the order of their numbers. Where trials are counted and there is no first, it is that of no number; else that comes first. */
function trialsOf(graders: readonly GraderResult[]): Trial[] {
  const byNumber = new Map<number | null, GraderResult[]>();
  for (const grader of graders) {
    const number = grader.trial ?? null;
    const before = byNumber.get(number);
    if (before === undefined) byNumber.set(number, [grader]);
    else before.push(grader);
  }
  // A producer may count only from the second on.
  const first = byNumber.get(null);
  if (first !== undefined && byNumber.size > 1 && !byNumber.has(1)) {
    byNumber.delete(null);
    byNumber.set(1, first);
  }
  return [...byNumber]
    .map(([number, graders]) => ({ number, graders }))
    .toSorted((left, right) => (left.number ?? 0) - (right.number ?? 0));
}

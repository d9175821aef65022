import type { StepTable } from "../playback/step-table.ts";
import type { TestAttempt } from "../playback/test-table.ts";
import type { Spans } from "./packing.ts";
import type { Label, SpanKind } from "./spans.ts";

/**
 * The tests of an evaluation as spans, in the order in which they were known. One whose
 * producer told of it only at its end is drawn from when it began, but only where its end
 * is known.
 */
export function testSpans(table: StepTable, runStart: number): Spans {
  const { count } = table;
  const knowns = table.spans.starts.slice(0, count);
  const starts = knowns.slice();
  for (let step = 0; step < count; step += 1) {
    const since = table.tests.testOf(step)?.since ?? null;
    if (since !== null) starts[step] = Math.min(knowns[step]!, Math.max(since, runStart));
  }
  return { count, starts, knowns, ends: table.spans.ends, isFailed: (step) => table.isFailed(step) };
}

/** As it was known at a moment; without one, or before it was known, as it is recorded. */
export function testLabel(table: StepTable, step: number, at = Number.POSITIVE_INFINITY): Label {
  const told = testAttempt(table, step, at);
  const { nodeId, number } = table.name(step);
  return { kind: kindOf(told), text: told?.test.name ?? nodeId, attempt: number };
}

export function testAttempt(table: StepTable, step: number, at: number): TestAttempt | null {
  const test = table.tests.testOf(step);
  if (test === null) return null;
  const isKnown = at >= (table.startOf(step) ?? 0);
  return { step, test, result: table.tests.resultBy(step, isKnown ? at : Number.POSITIVE_INFINITY) };
}

function kindOf(told: TestAttempt | null): SpanKind {
  return told?.result?.state ?? "running";
}

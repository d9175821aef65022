import type { OutlineResult } from "../../src/protocol/outline.ts";
import { NOWHERE } from "../playback/columns.ts";
import type { StepTable } from "../playback/step-table.ts";
import type { TestAttempt } from "../playback/test-table.ts";
import type { Spans } from "./packing.ts";
import type { Label } from "./spans.ts";

/**
 * The tests of an evaluation as spans, in the order in which they were known. One whose
 * producer told of it only at its end is drawn from when it began, but only where its end
 * is known. Where nobody told how long it took, there is but its end.
 */
export function testSpans(table: StepTable, runStart: number): Spans {
  const { count } = table;
  const knowns = table.spans.starts.slice(0, count);
  const starts = knowns.slice();
  for (let step = 0; step < count; step += 1) {
    const since = table.tests.testOf(step)?.since ?? null;
    if (since !== null) starts[step] = Math.min(knowns[step]!, Math.max(since, runStart));
  }
  const { ends } = table.spans;
  return {
    count,
    starts,
    knowns,
    ends,
    isFailed: (step) => table.isFailed(step),
    isKnownFailed: (step) => {
      const state = table.tests.resultBy(step, knowns[step]!)?.state;
      return state === "failed" || state === "error";
    },
    isPoint: (step) => ends[step]! <= starts[step]!,
  };
}

/** Is it told of no test that it was before the run's end? Then nothing lies on the axis but at its end. */
export function tellsNoTimes({ count, starts }: Spans, runStart: number, runEnd: number): boolean {
  if (count === 0 || runEnd <= runStart) return false;
  for (let step = 0; step < count; step += 1) if (starts[step]! < runEnd) return false;
  return true;
}

/** As it was known at a moment; without one, or before it was known, as it is recorded. */
export function testLabel(table: StepTable, step: number, at = Number.POSITIVE_INFINITY): Label {
  const text = table.tests.testOf(step)?.name ?? table.name(step).nodeId;
  const open = table.endLineBy(step, whenTold(table, step, at)) === NOWHERE ? "running" : "untold";
  return { kind: resultOf(table, step, at)?.state ?? open, text, attempt: table.numberOf(step) };
}

export function testAttempt(table: StepTable, step: number, at: number): TestAttempt | null {
  const test = table.tests.testOf(step);
  return test === null ? null : { step, test, result: resultOf(table, step, at) };
}

function resultOf(table: StepTable, step: number, at: number): OutlineResult | null {
  return table.tests.resultBy(step, whenTold(table, step, at));
}

/** Before it was known it is as recorded. */
function whenTold(table: StepTable, step: number, at: number): number {
  return at >= (table.startOf(step) ?? 0) ? at : Number.POSITIVE_INFINITY;
}

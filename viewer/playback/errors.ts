import type { RunState } from "../../src/protocol/bundle.ts";
import { endOf } from "./as-of.ts";
import { firstWhere } from "./columns.ts";
import type { StepTable } from "./step-table.ts";
import type { RunIndex } from "./run-index.ts";

/**
 * The moments at which it became known that something had failed: an attempt, a
 * tool call, a test or the run. In order, each once.
 */
export function errorTimes(run: RunState, index: RunIndex): Float64Array {
  const times: number[] = [];
  const { table } = index.trace;
  const steps = table.spans.ends;
  for (let step = 0; step < table.count; step += 1) if (table.isFailed(step)) times.push(steps[step]!);
  // A call that fails within a test is no failure of the test.
  for (const { table: session } of index.timedSessions()) {
    const { ends } = session.toolSpans;
    for (let call = 0; call < session.toolCount; call += 1)
      if (session.isToolFailed(call)) times.push(ends[call]!);
  }
  for (const { at, mark } of table.marks.all) if (mark === "error") times.push(at);
  const end = endOf(run, index);
  if (end !== null && (run.status === "failed" || run.status === "timed_out")) times.push(end);
  const sorted = Float64Array.from(times).sort();
  return sorted.filter((time, place) => time !== sorted[place - 1]);
}

/** The newest attempt that became known to have failed at this very moment, or null. */
export function failedAt(table: StepTable, at: number): number | null {
  return endedAt(table, at, (step) => table.isFailed(step));
}

/** The newest attempt that ended at this very moment, or null. */
export function endedAt(table: StepTable, at: number, counts = (_step: number) => true): number | null {
  const { ends } = table.spans;
  for (let step = table.begunBy(at) - 1; step >= 0; step -= 1)
    if (ends[step] === at && counts(step)) return step;
  return null;
}

export function nextError(errors: Float64Array, at: number): number | null {
  return errors[firstWhere(errors.length, (index) => errors[index]! > at)] ?? null;
}

export function previousError(errors: Float64Array, at: number): number | null {
  return errors[firstWhere(errors.length, (index) => errors[index]! >= at) - 1] ?? null;
}

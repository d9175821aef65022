import type { RunState, TraceEvent } from "../../src/protocol/bundle.ts";
import { endOf } from "../playback/as-of.ts";
import type { Picture } from "../playback/picture.ts";
import type { RunIndex } from "../playback/run-index.ts";
import type { Attempt, StepTable } from "../playback/step-table.ts";
import { attemptLines, type Span } from "../playback/attempt-lines.ts";
import { type Facts, NO_FACTS, withLine, withRunEnd } from "./facts.ts";

/** All that is known of one attempt at a moment. */
export interface DetailsView {
  readonly attempt: Attempt;
  readonly facts: Facts;
  /** The attempt is so long that the middle of its lines was not read. */
  readonly isCut: boolean;
  /** Other goes at the same node. */
  readonly previous: Attempt | null;
  readonly next: Attempt | null;
  /** What ran beside it at the moment, the newest first. */
  readonly beside: readonly Attempt[];
}

/** Attempts that are looked through for others at the same node, or at the same time. */
const MOST_LOOKED_AT = 2000;
const MOST_BESIDE = 8;

/** What was known at `at` of the attempt with this place in the step table. */
export function detailsAt(run: RunState, index: RunIndex, step: number, at: number): Picture<DetailsView> {
  const { table } = index.trace;
  const { endLine, isHeld, parts, spans } = attemptLines(run, index, step, at);
  if (!isHeld) return { value: null, isReady: false, parts };
  const end = endOf(run, index);
  const endedAt = end !== null && at >= end ? end : null;
  const attempt = table.attempt(step, at, endedAt);
  const facts = factsOf(run, index, spans, endLine);
  const { next, previous } = othersAt(table, step, at, endedAt);
  const value = {
    attempt,
    facts,
    isCut: spans.length > 1,
    previous,
    next,
    beside: besideOf(table, step, at, endedAt),
  };
  return { value, isReady: true, parts };
}

function factsOf(run: RunState, index: RunIndex, spans: readonly Span[], endLine: number): Facts {
  const begin = run.trace.at(spans[0]?.from ?? 0);
  let facts = NO_FACTS;
  if (begin === undefined) return facts;
  for (const { from, to } of spans) {
    for (const [line, event] of run.trace.entries(from, to)) {
      const at = index.trace.times.at(line) ?? 0;
      if (idOf(event) === idOf(begin)) facts = withLine(facts, event, at);
      else if (line === endLine) facts = withRunEnd(facts, event, at);
    }
  }
  return facts;
}

function idOf(event: TraceEvent): string | null {
  return event.attemptId ?? event.nodeId ?? null;
}

function othersAt(table: StepTable, step: number, at: number, endedAt: number | null) {
  const { nodeId } = table.name(step);
  const find = (direction: 1 | -1): Attempt | null => {
    const count = table.begunBy(at);
    for (let left = MOST_LOOKED_AT, other = step + direction; left > 0; left -= 1, other += direction) {
      if (other < 0 || other >= count) return null;
      if (table.name(other).nodeId === nodeId) return table.attempt(other, at, endedAt);
    }
    return null;
  };
  return { previous: find(-1), next: find(1) };
}

function besideOf(table: StepTable, step: number, at: number, endedAt: number | null): Attempt[] {
  const beside: Attempt[] = [];
  const { ends } = table.spans;
  const count = table.begunBy(at);
  for (let other = count - 1; other >= Math.max(0, count - MOST_LOOKED_AT); other -= 1) {
    const end = ends[other] ?? 0;
    // Most have ended for good, and need not be asked what they were.
    if (other === step || (end <= at && end < Number.POSITIVE_INFINITY)) continue;
    const attempt = table.attempt(other, at, endedAt);
    if (attempt.finishedAt === null) beside.push(attempt);
    if (beside.length === MOST_BESIDE) break;
  }
  return beside;
}

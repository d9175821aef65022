import type { RunState, TraceEvent } from "../../src/protocol/bundle.ts";
import { Log } from "../../src/protocol/log.ts";
import type { Part } from "../live/part.ts";
import { endOf } from "../playback/as-of.ts";
import { NOWHERE } from "../playback/columns.ts";
import type { Picture } from "../playback/picture.ts";
import type { RunIndex } from "../playback/run-index.ts";
import type { Attempt, StepTable } from "../playback/step-table.ts";
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

/** What an attempt says, it says at its beginning and its end; between lie heartbeats. */
const FIRST_LINES = 2 * Log.PAGE;
const LAST_LINES = 8 * Log.PAGE;
/** Attempts that are looked through for others at the same node, or at the same time. */
const MOST_LOOKED_AT = 2000;
const MOST_BESIDE = 8;

/** What was known at `at` of the attempt with this place in the step table. */
export function detailsAt(run: RunState, index: RunIndex, step: number, at: number): Picture<DetailsView> {
  const { table, times } = index.trace;
  const known = times.knownAt(at);
  const from = table.lineOf(step);
  if (known === undefined || from >= known) {
    const page = times.pageAt(at) * Log.PAGE;
    const parts = times.isExact ? [{ log: "trace", from: page, to: page + Log.PAGE }] : [];
    return { value: null, isReady: false, parts };
  }
  const endLine = table.endLineBy(step, at);
  const to = endLine === NOWHERE ? known : Math.min(known, endLine + 1);
  const spans = spansOf(from, to);
  const parts = spans.map((span): Part => ({ log: "trace", ...span }));
  if (!spans.every((span) => run.trace.holds(span.from, span.to)))
    return { value: null, isReady: false, parts };

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

interface Span {
  readonly from: number;
  readonly to: number;
}

/** Of a long attempt its first and its last lines. They end where pages do, so that what is left out changes seldom. */
function spansOf(from: number, to: number): Span[] {
  if (to - from <= FIRST_LINES + LAST_LINES) return [{ from, to }];
  const first = Math.ceil((from + FIRST_LINES) / Log.PAGE) * Log.PAGE;
  const last = Math.floor((to - LAST_LINES) / Log.PAGE) * Log.PAGE;
  return last <= first
    ? [{ from, to }]
    : [
        { from, to: first },
        { from: last, to },
      ];
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

import type { RunState } from "../../src/protocol/bundle.ts";
import { Log } from "../../src/protocol/log.ts";
import type { Part } from "../live/part.ts";
import { NOWHERE } from "./columns.ts";
import type { RunIndex } from "./run-index.ts";

export interface Span {
  readonly from: number;
  readonly to: number;
}

/** Where in the trace it is told of one attempt, as far as that was known at a moment. */
export interface AttemptLines {
  /** Are all these lines held? */
  readonly isHeld: boolean;
  readonly parts: readonly Part[];
  /** Two where the middle is left out. */
  readonly spans: readonly Span[];
  /** The line of its newest end; NOWHERE for none. */
  readonly endLine: number;
}

/** What an attempt says, it says at its beginning and its end; between lie heartbeats. */
const FIRST_LINES = 2 * Log.PAGE;
const LAST_LINES = 8 * Log.PAGE;

/** The lines up to `at` of the attempt with this place in the step table, among those of others. */
export function attemptLines(run: RunState, index: RunIndex, step: number, at: number): AttemptLines {
  const { table, times } = index.trace;
  const known = times.knownAt(at);
  const from = table.lineOf(step);
  if (known === undefined || from >= known) {
    const page = times.pageAt(at) * Log.PAGE;
    const parts = times.isExact ? [{ log: "trace", from: page, to: page + Log.PAGE } as const] : [];
    return { isHeld: false, parts, spans: [], endLine: NOWHERE };
  }
  const endLine = table.endLineBy(step, at);
  const to = endLine === NOWHERE ? known : Math.min(known, endLine + 1);
  const spans = spansOf(from, to);
  const parts = spans.map((span): Part => ({ log: "trace", ...span }));
  const isHeld = spans.every((span) => run.trace.holds(span.from, span.to));
  return { isHeld, parts, spans, endLine };
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

import * as v from "valibot";
import type { RunState, SessionEvent, TraceEvent } from "./bundle.ts";
import type { Log } from "./log.ts";
import type { WireRow } from "./outline-wire.ts";

/**
 * The parts of a run's logs that a snapshot leaves out, as they are asked for:
 *
 *   GET /api/runs/<id>/log?name=<log>&epoch=<epoch>&from=<line>&to=<line>   LogRange
 *   GET /api/runs/<id>/times?name=<log>&epoch=<epoch>                       LogTimes
 *   GET /api/runs/<id>/outline?name=<log>&epoch=<epoch>&from=<row>          LogOutline
 *
 * All of an epoch, and never changing within it: what was true of a full page
 * stays true. Of another epoch than the present one: 409.
 */

/** A log's name: "trace", or "sessions/<id>" for a session's events. */
export type LogName = string;

/** Lines one range may ask for. A multiple of Log.PAGE. */
export const MAX_RANGE_LINES = 4096;

/** Lines `from` on, null where one could not be read. It may end before it was asked to, at a page, but holds one at least. */
const rangeOf = <Entry>() =>
  v.object({ from: v.number(), entries: v.array(v.nullable(v.custom<Entry>(() => true))) });
export const TraceRange = rangeOf<TraceEvent>();
export const SessionRange = rangeOf<SessionEvent>();

const Time = v.number();

/**
 * `ends[p]`: the newest time stamp (ms since the epoch) of any line up to the end of page p, null while there
 * is none. Of all full pages there were when the run was opened, and perhaps more. `quiet`: the log's quiet
 * spells, `first` and `last` the times of its first and its last line that are no heartbeats; of at least these pages.
 */
export const LogTimes = v.object({
  ends: v.array(v.nullable(Time)),
  quiet: v.array(v.tuple([Time, Time])),
  first: v.nullable(Time),
  last: v.nullable(Time),
});

/**
 * Rows `from` on, in the order of their lines, in blocks (see `decodeRows`); `next` is where to go on, null at
 * the end (of the lines before `lines`).
 */
export const LogOutline = v.object({
  blocks: v.array(v.array(v.custom<WireRow>((row) => Array.isArray(row)))),
  lines: v.number(),
  next: v.nullable(v.number()),
});

export type LogTimes = v.InferOutput<typeof LogTimes>;
export type LogOutline = v.InferOutput<typeof LogOutline>;

/** The logs of a run, by their names. */
export function logNames(run: RunState): LogName[] {
  return ["trace", ...Object.keys(run.sessions).map(sessionLog)];
}

export function sessionLog(sessionId: string): LogName {
  return `sessions/${sessionId}`;
}

/** The session whose events the log holds, or null for the trace. */
export function sessionOf(name: LogName): string | null {
  return name.startsWith("sessions/") ? name.slice("sessions/".length) : null;
}

/** The same run with the log changed. */
export function withTrace(run: RunState, change: (log: Log<TraceEvent>) => Log<TraceEvent>): RunState {
  return { ...run, trace: change(run.trace) };
}

export function withEvents(
  run: RunState,
  sessionId: string,
  change: (log: Log<SessionEvent>) => Log<SessionEvent>,
): RunState {
  const session = run.sessions[sessionId];
  if (session === undefined) return run;
  return {
    ...run,
    sessions: { ...run.sessions, [sessionId]: { ...session, events: change(session.events) } },
  };
}

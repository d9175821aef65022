import type { RunState, SessionEvent, Step, TraceEvent } from "../../src/protocol/bundle.ts";
import type { Log } from "../../src/protocol/log.ts";
import { isTerminal, type RunStatus } from "../../src/protocol/status.ts";
import { type Attempts, closeOpen, runningAttempt } from "../timeline/attempts.ts";
import { newestOf, type RunIndex } from "./run-index.ts";

/**
 * The run as it was known at one moment. Views draw this and never the run
 * itself, so nothing recorded later can be seen at an earlier moment.
 */
export interface RunView {
  readonly runId: string;
  readonly status: RunStatus;
  readonly stalledSince: string | null;
  readonly statusDetail: string | null;
  readonly error: string | null;
  readonly currentNode: string | null;
  readonly trace: Log<TraceEvent>;
  readonly steps: Log<Step>;
  readonly sessions: readonly SessionView[];
  readonly attempts: Attempts;
  /** Had the run ended by then? */
  readonly ended: boolean;
}

interface SessionView {
  readonly id: string;
  readonly events: Log<SessionEvent>;
}

/**
 * What was known at `at`; `Infinity` is everything. Where nothing changed since
 * `previous`, its very parts are given again, so that views can tell by identity.
 */
export function asOf(run: RunState, index: RunIndex, at: number, previous: RunView | null): RunView {
  index.extend(run);
  const newest = newestOf(run, index);
  const past = previous?.runId === run.manifest.runId ? previous : null;
  const complete = at >= newest;
  // What only live.json says has no moment of its own: it is news, shown to who follows the edge alone.
  const atEdge = at === Number.POSITIVE_INFINITY;
  const trace = cut(run.trace, complete ? run.trace.length : index.trace.knownAt(at), past?.trace);
  const steps = cut(run.steps, complete ? run.steps.length : index.steps.knownAt(at), past?.steps);
  const sessions: SessionView[] = [];
  for (const { id, events } of Object.values(run.sessions)) {
    const before = past?.sessions.find((session) => session.id === id);
    const known = complete ? events.length : index.session(id).times.knownAt(at);
    if (known === 0) continue;
    const cutEvents = cut(events, known, before?.events);
    sessions.push(before?.events === cutEvents ? before : { id, events: cutEvents });
  }

  const endedAt = endOf(run, index);
  const ended = endedAt !== null && at >= endedAt;
  const attempts =
    past !== null && past.trace === trace && past.ended === ended
      ? past.attempts
      : attemptsAt(index.attempts.at(trace), ended ? endedAt : null);
  const running = runningAttempt(attempts);
  const next: RunView = {
    runId: run.manifest.runId,
    status: statusAt(run, atEdge, ended),
    stalledSince: atEdge ? (run.stalledSince ?? null) : null,
    statusDetail: atEdge && !ended ? (run.run.statusDetail ?? null) : (running?.statusDetail ?? null),
    error: ended ? (run.run.error ?? null) : null,
    currentNode: ended
      ? null
      : (running?.nodeId ?? (atEdge ? (run.run.waitingOn ?? run.run.currentNode ?? null) : null)),
    trace,
    steps,
    sessions: past !== null && sameItems(past.sessions, sessions) ? past.sessions : sessions,
    attempts: past !== null && past.attempts.list === attempts.list ? past.attempts : attempts,
    ended,
  };
  return past !== null && sameView(past, next) ? past : next;
}

/** When a run that has ended did so, or null while it has not. */
export function endOf(run: RunState, index: RunIndex): number | null {
  if (!isTerminal(run.status)) return null;
  const finished = Date.parse(run.run.finishedAt ?? run.manifest.finishedAt ?? "");
  return Number.isFinite(finished) ? finished : newestOf(run, index);
}

function attemptsAt(folded: Attempts, endedAt: number | null): Attempts {
  return endedAt === null ? folded : closeOpen(folded, endedAt);
}

function statusAt(run: RunState, atEdge: boolean, ended: boolean): RunStatus {
  if (ended || (atEdge && !isTerminal(run.status))) return run.status;
  return "running";
}

/** The first `length` entries; the log given before, if it is those. */
function cut<T>(log: Log<T>, length: number, before: Log<T> | undefined): Log<T> {
  if (before !== undefined && before.length === length && before.last() === log.at(length - 1)) return before;
  return log.prefix(length);
}

function sameItems<T>(left: readonly T[], right: readonly T[]): boolean {
  return left.length === right.length && left.every((item, index) => item === right[index]);
}

function sameView(left: RunView, right: RunView): boolean {
  return (
    left.runId === right.runId &&
    left.status === right.status &&
    left.stalledSince === right.stalledSince &&
    left.statusDetail === right.statusDetail &&
    left.error === right.error &&
    left.currentNode === right.currentNode &&
    left.trace === right.trace &&
    left.steps === right.steps &&
    left.sessions === right.sessions &&
    left.attempts === right.attempts &&
    left.ended === right.ended
  );
}

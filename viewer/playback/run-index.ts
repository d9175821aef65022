import type { RunState, SessionEvent, TraceEvent } from "../../src/protocol/bundle.ts";
import { type LogName, sessionLog } from "../../src/protocol/log-ranges.ts";
import { type SessionRow, sessionRows, type TraceRow, traceRows } from "../../src/protocol/outline.ts";
import { isHeartbeat, type LogQuiet } from "../../src/protocol/quiet.ts";
import { isTerminal } from "../../src/protocol/status.ts";
import { TESTS_SESSION } from "../../src/protocol/test-lines.ts";
import { SessionTable } from "./session-table.ts";
import { type Attempt, StepTable } from "./step-table.ts";
import { TurnSteps } from "./turn-steps.ts";
import { LogIndex } from "./log-index.ts";
import type { PageTimes } from "./page-times.ts";

export type TraceIndex = LogIndex<TraceEvent, TraceRow, StepTable>;
export type SessionIndex = LogIndex<SessionEvent, SessionRow, SessionTable>;

/**
 * What the page works out from one run's logs, kept beside them and carried on
 * as they grow. Every part costs the new entries only.
 */
export class RunIndex {
  readonly trace: TraceIndex = new LogIndex({
    rowsOf: traceRows,
    isHeartbeat,
    makeTable: () => new StepTable(),
  });
  readonly #turnSteps = new Map<string, TurnSteps>();
  readonly #sessions = new Map<string, SessionIndex>();
  #isEvaluation = false;
  #isRead = true;

  extend(run: RunState): void {
    this.#isEvaluation = run.tally !== undefined;
    this.#isRead = run.reading === undefined;
    this.trace.extend(run.trace);
    for (const session of Object.values(run.sessions)) this.session(session.id).extend(session.events);
  }

  session(id: string): SessionIndex {
    let session = this.#sessions.get(id);
    if (session === undefined) {
      session = new LogIndex({
        rowsOf: sessionRows,
        isHeartbeat: () => false,
        makeTable: () => new SessionTable(),
      });
      this.#sessions.set(id, session);
    }
    return session;
  }

  sessions(): Iterable<SessionIndex> {
    return this.#sessions.values();
  }

  get isEvaluation(): boolean {
    return this.#isEvaluation;
  }

  /**
   * Those that tell when things happened. What was said in the tests of an evaluation is all
   * of the moment of their results, which the trace tells of.
   */
  *timedSessions(): Iterable<SessionIndex> {
    for (const [id, session] of this.#sessions)
      if (!this.#isEvaluation || id !== TESTS_SESSION) yield session;
  }

  /** Is all known of when things happened? */
  get isTimed(): boolean {
    return this.trace.isWhole && [...this.timedSessions()].every((session) => session.isWhole);
  }

  /** Has the server read all that the trace is made of? Of a long session it grows from its beginning until then. */
  get isRead(): boolean {
    return this.#isRead;
  }

  /** Is all known that the trace tells up to a moment? */
  isReadTo(at: number): boolean {
    return this.#isRead || at <= this.trace.times.latest();
  }

  /** The line and name of the attempt that a session's turn belonged to; null where nothing tells (yet). */
  stepOfTurn(
    sessionId: string,
    turn: { readonly line: number; readonly at: number },
  ): Pick<Attempt, "line" | "nodeId" | "number"> | null {
    if (!this.isReadTo(turn.at)) return null;
    let steps = this.#turnSteps.get(sessionId);
    if (steps === undefined) {
      steps = new TurnSteps();
      this.#turnSteps.set(sessionId, steps);
    }
    const { table } = this.trace;
    const index = steps.of(sessionId, turn, table, this.session(sessionId).table);
    return index === null ? null : table.name(index);
  }

  /** The times of the logs that make up what happened. */
  *times(): Iterable<readonly [log: LogName, times: PageTimes]> {
    yield ["trace", this.trace.times];
    for (const [id, session] of this.#sessions) yield [sessionLog(id), session.times];
  }

  /** The quiet spells of each log; null until they are known of all of it. */
  *quiets(): Iterable<LogQuiet | null> {
    for (const { quiet, times } of [this.trace, ...this.#sessions.values()])
      yield times.length === 0 || times.isExact ? quiet.told : null;
  }

  /** Is all known of all logs that tells what began and ended? */
  get isWhole(): boolean {
    return this.trace.isWhole && [...this.#sessions.values()].every((session) => session.isWhole);
  }

  /** As long as this is the same, so is all that the outlines tell. */
  get known(): string {
    return [this.trace, ...this.#sessions.values()].map((log) => log.known).join(" ");
  }

  get sessionTables(): SessionTable[] {
    return Array.from(this.#sessions.values(), ({ table }) => table);
  }
}

/** When the run began: the earliest thing known of it. */
export function startOf(run: RunState, index: RunIndex): number {
  const stamps = [run.run.startedAt, run.manifest.startedAt].map((stamp) => Date.parse(stamp ?? ""));
  const known = [...stamps, index.trace.times.at(0) ?? Number.NaN].filter(Number.isFinite);
  return known.length === 0 ? Number.NaN : Math.min(...known);
}

/** The newest stamp anywhere in the run. */
export function newestOf(run: RunState, index: RunIndex): number {
  let newest = Number.NEGATIVE_INFINITY;
  for (const [, times] of index.times()) newest = Math.max(newest, times.latest());
  const { finishedAt, lastHeartbeatAt, startedAt, updatedAt } = run.run;
  const stamps = isTerminal(run.status) ? [finishedAt, startedAt] : [updatedAt, lastHeartbeatAt, startedAt];
  for (const stamp of [...stamps, run.manifest.startedAt]) {
    const time = Date.parse(stamp ?? "");
    if (time > newest) newest = time;
  }
  return newest;
}

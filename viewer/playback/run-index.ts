import type { RunState, SessionEvent, Step, TraceEvent } from "../../src/protocol/bundle.ts";
import { isTerminal } from "../../src/protocol/status.ts";
import { conversationStep, EMPTY_CONVERSATION } from "../conversation/fold.ts";
import type { Conversation } from "../conversation/entry.ts";
import { type Attempts, attemptsStep, NO_ATTEMPTS } from "../timeline/attempts.ts";
import { LogFold } from "./log-fold.ts";
import { TimeIndex } from "./time-index.ts";

/**
 * What the page works out from one run's logs, kept beside them and carried on
 * as they grow. Every part costs the new entries only.
 */
export class RunIndex {
  readonly trace = new TimeIndex<TraceEvent>((event) => event.at);
  readonly steps = new TimeIndex<Step>((step) => step.finishedAt ?? step.startedAt);
  readonly attempts = new LogFold<TraceEvent, Attempts>(NO_ATTEMPTS, attemptsStep);
  readonly #sessions = new Map<string, SessionIndex>();

  extend(run: RunState): void {
    this.trace.extend(run.trace);
    this.steps.extend(run.steps);
    for (const session of Object.values(run.sessions)) this.session(session.id).times.extend(session.events);
  }

  session(id: string): SessionIndex {
    let session = this.#sessions.get(id);
    if (session === undefined) {
      session = new SessionIndex();
      this.#sessions.set(id, session);
    }
    return session;
  }

  /** The indexes of the logs that make up what happened. */
  *logs(run: RunState): Iterable<TimeIndex<TraceEvent> | TimeIndex<SessionEvent>> {
    yield this.trace;
    for (const id of Object.keys(run.sessions)) yield this.session(id).times;
  }
}

class SessionIndex {
  readonly times = new TimeIndex<SessionEvent>((event) => event.at);
  readonly conversation = new LogFold<SessionEvent, Conversation>(EMPTY_CONVERSATION, conversationStep);
}

/** When the run began: the earliest thing known of it. */
export function startOf(run: RunState, index: RunIndex): number {
  const stamps = [run.run.startedAt, run.manifest.startedAt].map((stamp) => Date.parse(stamp ?? ""));
  const known = [...stamps, index.trace.at(0)].filter(Number.isFinite);
  return known.length === 0 ? Number.NaN : Math.min(...known);
}

/** The newest stamp anywhere in the run. */
export function newestOf(run: RunState, index: RunIndex): number {
  let newest = Number.NEGATIVE_INFINITY;
  for (const times of index.logs(run)) newest = Math.max(newest, times.latest());
  const { finishedAt, lastHeartbeatAt, startedAt, updatedAt } = run.run;
  const stamps = isTerminal(run.status) ? [finishedAt, startedAt] : [updatedAt, lastHeartbeatAt, startedAt];
  for (const stamp of [...stamps, run.manifest.startedAt]) {
    const time = Date.parse(stamp ?? "");
    if (time > newest) newest = time;
  }
  return newest;
}

import type { TraceEvent } from "../../src/protocol/bundle.ts";
import { Log } from "../../src/protocol/log.ts";
import { fieldsOf, textOf } from "../playback/unknown.ts";

/** One try at a node of the flow. `finishedAt` is null while it runs. */
export interface Attempt {
  readonly attemptId: string;
  readonly nodeId: string;
  readonly nodeType: string;
  /** Counts the tries at this node, from 1. */
  readonly number: number;
  readonly startedAt: number;
  readonly finishedAt: number | null;
  readonly outcome: string | null;
  readonly error: string | null;
  readonly sessionId: string | null;
  readonly statusDetail: string | null;
}

/** A prompt that an attempt sent to a session: it tells whose turn a conversation's turn is. */
interface Prompt {
  readonly at: number;
  readonly sessionId: string;
  /** The attempt's place in `list`. */
  readonly attempt: number;
}

export interface Attempts {
  readonly list: Log<Attempt>;
  readonly prompts: Log<Prompt>;
  /** The time of the newest event; events without a readable time take it. */
  readonly at: number;
  readonly firstOpen: number;
}

export const NO_ATTEMPTS: Attempts = { list: Log.empty(), prompts: Log.empty(), at: 0, firstOpen: 0 };

/** One step of the fold from trace events to attempts. */
export function attemptsStep(before: Attempts, event: TraceEvent): Attempts {
  const at = Math.max(before.at, Date.parse(event.at) || 0);
  const state = at === before.at ? before : { ...before, at };
  switch (event.type) {
    case "node_started":
      return started(state, event, at);
    case "node_heartbeat":
      return changed(state, event, (attempt) => ({
        ...attempt,
        statusDetail: detailOf(event) ?? attempt.statusDetail,
      }));
    case "node_outcome":
      return changed(state, event, (attempt) => finished(attempt, event, at));
    case "acp_prompt_prepared":
      return prompted(state, event, at);
    case "run_completed":
    case "run_failed":
    case "run_timed_out":
    case "run_cancelled":
      return closeOpen(state, at);
    default:
      return state;
  }
}

function started(state: Attempts, event: TraceEvent, at: number): Attempts {
  const attemptId = event.attemptId ?? event.nodeId;
  if (attemptId === null || attemptId === undefined) return state;
  const nodeId = event.nodeId ?? attemptId.replace(/#\d+$/, "");
  const attempt: Attempt = {
    attemptId,
    nodeId,
    nodeType: textOf(fieldsOf(event.payload)["nodeType"]) ?? "step",
    number: Number(/#(\d+)$/.exec(attemptId)?.[1] ?? 1),
    startedAt: at,
    finishedAt: null,
    outcome: null,
    error: null,
    sessionId: null,
    statusDetail: detailOf(event),
  };
  return { ...state, list: state.list.append(attempt) };
}

function finished(attempt: Attempt, event: TraceEvent, at: number): Attempt {
  const payload = fieldsOf(event.payload);
  return {
    ...attempt,
    finishedAt: at,
    outcome: textOf(payload["outcome"]) ?? "unknown",
    error: textOf(payload["error"]),
    statusDetail: null,
  };
}

function prompted(state: Attempts, event: TraceEvent, at: number): Attempts {
  const sessionId = event.sessionId ?? textOf(fieldsOf(event.payload)["sessionId"]);
  const index = find(state, event);
  if (sessionId === null || index === null) return state;
  const next = changed(state, event, (attempt) => ({ ...attempt, sessionId }));
  return { ...next, prompts: next.prompts.append({ at, sessionId, attempt: index }) };
}

function changed(state: Attempts, event: TraceEvent, change: (attempt: Attempt) => Attempt): Attempts {
  const index = find(state, event);
  const attempt = index === null ? undefined : state.list.at(index);
  if (index === null || attempt === undefined) return state;
  const list = state.list.with(index, change(attempt));
  let { firstOpen } = state;
  while (firstOpen < list.length && list.at(firstOpen)?.finishedAt !== null) firstOpen += 1;
  return { ...state, list, firstOpen };
}

/** An attempt's events come while it runs, so it is looked for among the newest first. */
function find(state: Attempts, event: TraceEvent): number | null {
  const { attemptId } = event;
  if (attemptId === null || attemptId === undefined) return null;
  for (let index = state.list.length - 1; index >= 0; index -= 1) {
    if (state.list.at(index)?.attemptId === attemptId) return index;
  }
  return null;
}

/** What still ran when the run ended, ended with it; how, nobody wrote down. */
export function closeOpen(state: Attempts, at: number): Attempts {
  let { list } = state;
  for (let index = state.firstOpen; index < list.length; index += 1) {
    const attempt = list.at(index);
    if (attempt?.finishedAt === null)
      list = list.with(index, {
        ...attempt,
        finishedAt: Math.max(at, attempt.startedAt),
        outcome: "interrupted",
      });
  }
  return list === state.list ? state : { ...state, list, firstOpen: list.length };
}

/** The newest attempt that still runs. */
export function runningAttempt(state: Attempts): Attempt | null {
  for (let index = state.list.length - 1; index >= state.firstOpen; index -= 1) {
    const attempt = state.list.at(index);
    if (attempt?.finishedAt === null) return attempt;
  }
  return null;
}

/** How many attempts had started by `at`. They stand in the order of their start. */
export function startedBy(list: Log<Attempt>, at: number): number {
  let low = 0;
  let high = list.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if ((list.at(middle)?.startedAt ?? 0) > at) high = middle;
    else low = middle + 1;
  }
  return low;
}

/** Prompts are noted a moment before the session hears them, by another clock reading. */
const TOLERANCE_MS = 250;

/** The attempt that a session's turn, begun at `at`, belongs to. */
export function attemptOfTurn(state: Attempts, sessionId: string, at: number): Attempt | null {
  let low = 0;
  let high = state.prompts.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if ((state.prompts.at(middle)?.at ?? 0) > at + TOLERANCE_MS) high = middle;
    else low = middle + 1;
  }
  for (let index = low - 1; index >= 0; index -= 1) {
    const prompt = state.prompts.at(index);
    if (prompt?.sessionId === sessionId) return state.list.at(prompt.attempt) ?? null;
  }
  return null;
}

function detailOf(event: TraceEvent): string | null {
  return textOf(fieldsOf(event.payload)["statusDetail"]);
}

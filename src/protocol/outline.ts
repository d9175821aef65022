import type { SessionEvent, TraceEvent } from "./bundle.ts";
import { type Counted, countedIn } from "./counting.ts";
import * as v from "valibot";
import { isTestState, type TestState } from "./tally.ts";
import { MAIN_SESSION, type MarkKind, MARKS, UsageRecorded } from "./turn-lines.ts";
import { updatesIn } from "./updates.ts";
import type { Usage } from "./usage.ts";

/**
 * The outline of a log: a small row for each line that begins or ends something.
 * The timeline, the steps and the beginning of a conversation's window are made
 * of it, so that nobody has to hold a long log to draw it.
 *
 * A row follows from its line alone. So the server makes the rows of the lines
 * that only lie on disk, the page makes those of the lines it holds, and both
 * agree, because both call these functions.
 */

interface Place {
  /** The line's number in its log, from 0. */
  readonly line: number;
  /** When it was known, ms since the epoch: no earlier than any line before it. -Infinity: nobody knows. */
  readonly at: number;
}

export type TraceRow = Place &
  (
    | {
        readonly is: "begin";
        readonly attempt: string;
        readonly node: string;
        readonly kind: string;
        readonly detail: string | null;
        /** Of a test case: what it is called, and since when it ran if that was known only later. */
        readonly test?: OutlineTest;
        /** Of a turn: what it is called. */
        readonly turn?: { readonly title: string };
      }
    | { readonly is: "detail"; readonly attempt: string; readonly detail: string }
    | {
        readonly is: "end";
        readonly attempt: string;
        readonly outcome: string;
        readonly error: string | null;
        /** Of a test case: what it came to. */
        readonly result?: OutlineResult;
      }
    /** An attempt is about to ask something of a session. */
    | { readonly is: "prompt"; readonly attempt: string; readonly session: string }
    /** A grader gave its verdict, and nobody can say on which test. */
    | { readonly is: "grade" }
    /** Files of a test that has ended, which were not there when its result was told. */
    | { readonly is: "files"; readonly attempt: string }
    /** How many tests there are, and how they stand, where the results do not tell it. */
    | { readonly is: "counted"; readonly counted: Counted }
    /** Of a coding session: so much was used beyond what was told. Repeated: it counts elsewhere. */
    | {
        readonly is: "usage";
        readonly attempt: string | null;
        readonly session: string;
        readonly model: string | null;
        readonly usage: Usage;
        readonly isRepeated: boolean;
      }
    | {
        readonly is: "mark";
        readonly attempt: string | null;
        readonly session: string;
        readonly mark: MarkKind;
        readonly text: string;
      }
    /** A subagent begins; `call` of the session `parent` started it, where that is known. */
    | {
        readonly is: "agent";
        readonly session: string;
        readonly name: string;
        readonly call: string | null;
        readonly parent: string | null;
      }
    | { readonly is: "agent-over"; readonly session: string }
    /** The run is over, and with it whatever still ran. */
    | { readonly is: "over" }
  );

export interface OutlineTest {
  readonly name: string;
  readonly suite: string | null;
  readonly target: string | null;
  /** Ms since the epoch, or null: from when it was known on. */
  readonly since: number | null;
  /** No tally counts it. */
  readonly isBaseline?: true;
}

export interface OutlineResult {
  readonly state: TestState;
  readonly score: number | null;
  readonly durationMs: number | null;
  readonly tokens: number | null;
  readonly costUsd: number | null;
  /** Lines of the session "tests", from and up to. */
  readonly talk: readonly [from: number, to: number] | null;
}

export type SessionRow = Place &
  /** A prompt, which begins a turn. `id` is the request's, as JSON. */
  (
    | { readonly is: "turn"; readonly id: string }
    /** The agent is to load its history, which it may tell again until it has answered. */
    | { readonly is: "load"; readonly id: string }
    /** `tokens`: what the turn it ends took, in and out; null where the agent does not say. */
    | { readonly is: "answer"; readonly id: string; readonly tokens: number | null }
    /** What the session has cost until now, as the agent reckons it. */
    | { readonly is: "cost"; readonly amount: number; readonly currency: string }
    | { readonly is: "plan" }
    /** A tool call or news of one; null is no news. */
    | {
        readonly is: "tool";
        readonly call: string;
        readonly title: string | null;
        readonly kind: string | null;
        readonly status: string | null;
        /** What the agent calls the tool, where that is told. */
        readonly tool?: string;
      }
  );

export type OutlineRow = TraceRow | SessionRow;

/** A text in a row is a label, not the reading: longer ones are cut. */
const LABEL_CHARS = 300;

export function traceRows(event: TraceEvent, line: number, at: number): readonly TraceRow[] {
  const row = traceRow(event, line, at);
  return row === null ? [] : [row];
}

export function traceRow(event: TraceEvent, line: number, at: number): TraceRow | null {
  const payload = fields(event.payload);
  const attempt = shortId(event.attemptId ?? event.nodeId ?? null);
  switch (event.type) {
    case "node_started":
      if (attempt === null) return null;
      return {
        line,
        at,
        is: "begin",
        attempt,
        node: shortId(event.nodeId) ?? nodeOf(attempt),
        kind: label(payload["nodeType"]) ?? "step",
        detail: label(payload["statusDetail"]),
      };
    case "node_heartbeat": {
      const detail = label(payload["statusDetail"]);
      return attempt === null || detail === null ? null : { line, at, is: "detail", attempt, detail };
    }
    case "node_outcome":
      if (attempt === null) return null;
      return {
        line,
        at,
        is: "end",
        attempt,
        outcome: label(payload["outcome"]) ?? "unknown",
        error: label(payload["error"]),
      };
    case "test_started":
      if (attempt === null) return null;
      return {
        line,
        at,
        is: "begin",
        attempt,
        node: shortId(event.nodeId) ?? nodeOf(attempt),
        kind: "test",
        detail: null,
        test: {
          name: label(payload["test"]) ?? nodeOf(attempt),
          suite: label(payload["suite"]),
          target: label(payload["target"]),
          since: timeOf(payload["since"]),
          ...(payload["baseline"] === true ? { isBaseline: true } : {}),
        },
      };
    case "test_result": {
      if (attempt === null) return null;
      const result = resultOf(payload);
      const outcome = result.state === "passed" ? "ok" : result.state;
      return { line, at, is: "end", attempt, outcome, error: label(payload["error"]), result };
    }
    case "grader_result":
      return attempt === null ? { line, at, is: "grade" } : null;
    case "test_files":
      return attempt === null ? null : { line, at, is: "files", attempt };
    case "tests_counted": {
      const counted = countedIn(payload);
      return counted === null ? null : { line, at, is: "counted", counted };
    }
    case "acp_prompt_prepared": {
      const session = shortId(event.sessionId) ?? label(payload["sessionId"]);
      return attempt === null || session === null ? null : { line, at, is: "prompt", attempt, session };
    }
    case "turn_started":
      if (attempt === null) return null;
      return {
        line,
        at,
        is: "begin",
        attempt,
        node: shortId(event.nodeId) ?? nodeOf(attempt),
        kind: "turn",
        detail: null,
        turn: { title: label(payload["title"]) ?? "" },
      };
    case "turn_ended":
      if (attempt === null) return null;
      return {
        line,
        at,
        is: "end",
        attempt,
        outcome: label(payload["outcome"]) ?? "unknown",
        error: label(payload["error"]),
      };
    case "usage_recorded": {
      const used = v.safeParse(UsageRecorded, payload);
      if (!used.success) return null;
      const { model, repeated, usage } = used.output;
      const session = shortId(event.sessionId) ?? MAIN_SESSION;
      return {
        line,
        at,
        is: "usage",
        attempt,
        session,
        model: label(model),
        usage,
        isRepeated: repeated === true,
      };
    }
    case "session_mark": {
      const mark = MARKS.find((each) => each === payload["mark"]);
      const session = shortId(event.sessionId) ?? MAIN_SESSION;
      return mark === undefined
        ? null
        : { line, at, is: "mark", attempt, session, mark, text: label(payload["text"]) ?? "" };
    }
    case "agent_started": {
      const session = shortId(event.sessionId);
      const [name, call, parent] = ["name", "call", "parent"].map((key) => label(payload[key]));
      return session === null
        ? null
        : { line, at, is: "agent", session, name: name ?? "", call: shortId(call), parent: shortId(parent) };
    }
    case "agent_ended": {
      const session = shortId(event.sessionId);
      return session === null ? null : { line, at, is: "agent-over", session };
    }
    case "run_completed":
    case "run_failed":
    case "run_timed_out":
    case "run_cancelled":
      return { line, at, is: "over" };
    default:
      return null;
  }
}

function resultOf(payload: Fields): OutlineResult {
  const amount = (key: string) => (isAmount(payload[key]) ? payload[key] : null);
  const { state } = payload;
  const talk: readonly unknown[] = Array.isArray(payload["talk"]) ? payload["talk"] : [];
  const [from, to] = talk;
  return {
    state: isTestState(state) ? state : "error",
    score: amount("score"),
    durationMs: amount("durationMs"),
    tokens: amount("tokens"),
    costUsd: amount("costUsd"),
    talk: isAmount(from) && isAmount(to) ? [from, to] : null,
  };
}

function timeOf(stamp: unknown): number | null {
  const time = typeof stamp === "string" ? Date.parse(stamp) : Number.NaN;
  return Number.isNaN(time) ? null : time;
}

/** A line says several things at once where its source's record did. */
export function sessionRows(event: SessionEvent, line: number, at: number): readonly SessionRow[] {
  const { message } = event;
  if (message["method"] === "session/update")
    return updatesIn(message).flatMap((update) => updateRow(update, line, at) ?? []);
  const row = requestRow(message, line, at);
  return row === null ? [] : [row];
}

function requestRow(message: Fields, line: number, at: number): SessionRow | null {
  const id = shortId(JSON.stringify(message["id"] ?? null));
  switch (message["method"]) {
    case undefined:
      return { line, at, is: "answer", id, tokens: tokensOf(fields(message["result"])["usage"]) };
    case "session/prompt":
      return { line, at, is: "turn", id };
    case "session/load":
      return { line, at, is: "load", id };
    default:
      return null;
  }
}

function updateRow(update: Fields, line: number, at: number): SessionRow | null {
  const said = update["sessionUpdate"];
  if (said === "plan") return { line, at, is: "plan" };
  if (said === "usage_update") return costRow(fields(update["cost"]), line, at);
  if (said !== "tool_call" && said !== "tool_call_update") return null;
  const call = update["toolCallId"];
  if (typeof call !== "string") return null;
  const tool = label(fields(fields(update["_meta"])["runreel"])["tool"]);
  return {
    line,
    at,
    is: "tool",
    call: shortId(call),
    title: label(update["title"]),
    kind: label(update["kind"]),
    status: label(update["status"]),
    ...(tool === null ? {} : { tool }),
  };
}

function costRow({ amount, currency }: Fields, line: number, at: number): SessionRow | null {
  if (!isAmount(amount) || typeof currency !== "string" || !/^[A-Z]{3}$/.test(currency)) return null;
  return { line, at, is: "cost", amount, currency };
}

/** The `usage` of an answer to a prompt: `totalTokens`, or else what was taken in and given out. */
function tokensOf(usage: unknown): number | null {
  const { inputTokens, outputTokens, totalTokens } = fields(usage);
  if (isAmount(totalTokens)) return totalTokens;
  return isAmount(inputTokens) && isAmount(outputTokens) ? inputTokens + outputTokens : null;
}

function isAmount(value: unknown): value is number {
  return typeof value === "number" && Number.isFinite(value) && value >= 0;
}

/** An id of more than this is told by its beginning and a hash: a producer may use a key of a megabyte. */
const ID_CHARS = 200;

/** What stands for an id in an outline; the same for everyone who has the id. */
export function shortId(id: string): string;
export function shortId(id: string | null | undefined): string | null;
export function shortId(id: string | null | undefined): string | null {
  if (id === null || id === undefined || id.length <= ID_CHARS) return id ?? null;
  return `${id.slice(0, ID_CHARS / 2)}~${id.length}~${hashOf(id).toString(36)}`;
}

/** FNV-1a, 32 bits: enough to tell ids of the same beginning and length apart. */
function hashOf(text: string): number {
  let hash = 0x811c9dc5;
  for (let index = 0; index < text.length; index += 1) {
    hash = Math.imul(hash ^ text.charCodeAt(index), 0x01000193);
  }
  return hash >>> 0;
}

type Fields = Readonly<Record<string, unknown>>;

function fields(value: unknown): Fields {
  return typeof value === "object" && value !== null ? { ...value } : {};
}

function label(value: unknown): string | null {
  if (typeof value !== "string") return null;
  return value.length > LABEL_CHARS ? `${value.slice(0, LABEL_CHARS)}…` : value;
}

/** "reply#2" is the second attempt at "reply". */
export function nodeOf(attempt: string): string {
  return attempt.replace(/#\d+$/, "");
}

import * as v from "valibot";
import { Usage } from "./usage.ts";

/**
 * The lines of a coding session's trace. Every source of coding sessions translates what its producer
 * writes to these; what was said stands in the sessions' logs, as ACP.
 *
 *   turn_started         {nodeId, attemptId, sessionId, payload: TurnStarted}   followed by `acp_prompt_prepared`
 *   turn_ended           {nodeId, attemptId, sessionId, payload: TurnEnded}
 *   usage_recorded       {attemptId?, sessionId, payload: UsageRecorded}
 *   session_mark         {attemptId?, sessionId, payload: SessionMark}
 *   agent_started        {attemptId?, sessionId, payload: AgentStarted}   `sessionId` is the agent's
 *   agent_ended          {attemptId?, sessionId, payload: {}}
 *
 * A step is a turn: `nodeId` is "turn-7", `attemptId` "turn-7#1". The session of the conversation with
 * the person is MAIN_SESSION; a subagent's is named by its id.
 */

export const MAIN_SESSION = "main";

const MaybeText = v.nullish(v.string());

const TurnStarted = v.looseObject({
  /** From 1. */
  number: v.number(),
  /** The prompt's beginning, one line of it: what the turn is called. */
  title: v.string(),
});

const TURN_OUTCOMES = ["ok", "cancelled", "failed", "interrupted"] as const;

export const TurnEnded = v.looseObject({
  /** `cancelled`: by the person. `interrupted`: something else came before it had an end. */
  outcome: v.picklist(TURN_OUTCOMES),
  error: MaybeText,
});

/** What was used more than told before: lines add up. */
export const UsageRecorded = v.looseObject({
  /** Null: it is not told. */
  model: v.nullable(v.string()),
  usage: Usage,
  /** Another session told of it first (one was resumed from the other, or forked): it counts there. */
  repeated: v.nullish(v.boolean()),
});

export const MARKS = ["compacted", "model", "retry", "error", "aborted", "asks"] as const;
export type MarkKind = (typeof MARKS)[number];

/** Something about the session itself that a reader wants to find again. */
const SessionMark = v.looseObject({
  mark: v.picklist(MARKS),
  /** A sentence: "Retry 2 of 10 in 4 s: overloaded". */
  text: v.string(),
});

const AgentStarted = v.looseObject({
  /** What it was asked to do, or what kind it is. */
  name: v.string(),
  /** The tool call of the session above it that started it. */
  call: MaybeText,
  /** The session of that call. */
  parent: MaybeText,
});

export type TurnEnded = v.InferOutput<typeof TurnEnded>;
export type UsageRecorded = v.InferOutput<typeof UsageRecorded>;
export type TurnStarted = v.InferOutput<typeof TurnStarted>;
export type SessionMark = v.InferOutput<typeof SessionMark>;
export type AgentStarted = v.InferOutput<typeof AgentStarted>;

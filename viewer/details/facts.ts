import type { TraceEvent } from "../../src/protocol/bundle.ts";
import { type Artifact, artifactOf } from "../files/artifact.ts";
import { fieldsOf, listOf, numberOf, textOf } from "../playback/unknown.ts";

/** What the lines of one attempt add up to. */
export interface Facts {
  readonly timeoutMs: number | null;
  /** The whole of it; the outline has only its beginning. */
  readonly error: string | null;
  /** Why the run ended, where its end is what ended the attempt. */
  readonly runError: string | null;
  readonly prompt: Artifact | null;
  readonly reply: Artifact | null;
  readonly output: Output;
  readonly action: Action | null;
  readonly sessionId: string | null;
  readonly moments: readonly Moment[];
}

export type Output =
  | { readonly is: "none" }
  | { readonly is: "inline"; readonly value: unknown }
  | { readonly is: "file"; readonly artifact: Artifact };

/** What an attempt did outside any session, as far as it was noted. */
export interface Action {
  readonly type: string | null;
  readonly command: string | null;
  readonly args: readonly string[];
  readonly cwd: string | null;
  /** Was it noted how it ended? */
  readonly isDone: boolean;
  readonly exitCode: number | null;
  readonly signal: string | null;
  readonly durationMs: number | null;
  readonly stdout: Artifact | null;
  readonly stderr: Artifact | null;
}

type MomentOf =
  | "started"
  | "prompt sent"
  | "reply read"
  | "action started"
  | "action ended"
  | "ended"
  | "run ended";

/** When something of an attempt was noted. */
export interface Moment {
  readonly what: MomentOf;
  readonly at: number;
}

export const NO_FACTS: Facts = {
  timeoutMs: null,
  error: null,
  runError: null,
  prompt: null,
  reply: null,
  output: { is: "none" },
  action: null,
  sessionId: null,
  moments: [],
};

/** An attempt that asks and asks again has more of them than anyone reads. */
const MOST_MOMENTS = 40;

/** The facts once a line more is known. A line that says nothing changes nothing: the very facts are given back. */
export function withLine(facts: Facts, event: TraceEvent, at: number): Facts {
  const payload = fieldsOf(event.payload);
  switch (event.type) {
    case "node_started":
      return {
        ...facts,
        timeoutMs: numberOf(payload["timeoutMs"]),
        moments: withMoment(facts, "started", at),
      };
    case "turn_started":
      return { ...facts, moments: withMoment(facts, "started", at) };
    case "turn_ended":
      return { ...facts, error: textOf(payload["error"]), moments: withMoment(facts, "ended", at) };
    case "acp_prompt_prepared":
      return {
        ...facts,
        prompt: artifactOf(payload["promptArtifact"]) ?? facts.prompt,
        sessionId: sessionOf(event) ?? facts.sessionId,
        moments: withMoment(facts, "prompt sent", at),
      };
    case "acp_response_parsed":
      return {
        ...facts,
        reply: artifactOf(payload["rawResponseArtifact"]) ?? facts.reply,
        sessionId: sessionOf(event) ?? facts.sessionId,
        moments: withMoment(facts, "reply read", at),
      };
    case "action_prepared":
      return {
        ...facts,
        action: actionOf(payload, facts.action, false),
        moments: withMoment(facts, "action started", at),
      };
    case "action_completed":
      return {
        ...facts,
        action: actionOf(payload, facts.action, true),
        moments: withMoment(facts, "action ended", at),
      };
    case "node_outcome":
      return {
        ...facts,
        error: textOf(payload["error"]),
        prompt: artifactOf(payload["promptArtifact"]) ?? facts.prompt,
        reply: artifactOf(payload["rawResponseArtifact"]) ?? facts.reply,
        output: outputOf(payload),
        action: actionOf(payload, facts.action, false),
        sessionId: sessionOf(event) ?? facts.sessionId,
        moments: withMoment(facts, "ended", at),
      };
    default:
      return facts;
  }
}

/** The facts once the run has ended, and the attempt with it. */
export function withRunEnd(facts: Facts, event: TraceEvent, at: number): Facts {
  return {
    ...facts,
    runError: textOf(fieldsOf(event.payload)["error"]),
    moments: withMoment(facts, "run ended", at),
  };
}

function withMoment({ moments }: Facts, what: MomentOf, at: number): readonly Moment[] {
  const last = moments.length < MOST_MOMENTS ? moments : moments.slice(0, MOST_MOMENTS - 1);
  return [...last, { what, at }];
}

function sessionOf(event: TraceEvent): string | null {
  return event.sessionId ?? textOf(fieldsOf(event.payload)["sessionId"]);
}

function outputOf(payload: Readonly<Record<string, unknown>>): Output {
  const artifact = artifactOf(payload["outputArtifact"]);
  if (artifact !== null) return { is: "file", artifact };
  const { outputInline: value } = payload;
  return value === undefined ? { is: "none" } : { is: "inline", value };
}

function actionOf(
  payload: Readonly<Record<string, unknown>>,
  known: Action | null,
  isOver: boolean,
): Action | null {
  if (payload["action"] === undefined) return known;
  const said = fieldsOf(payload["action"]);
  const exitCode = numberOf(said["exitCode"]) ?? known?.exitCode ?? null;
  const signal = textOf(said["signal"]) ?? known?.signal ?? null;
  return {
    type: textOf(said["actionType"]) ?? known?.type ?? null,
    command: textOf(said["command"]) ?? known?.command ?? null,
    args: Array.isArray(said["args"]) ? listOf(said["args"]).map(wordOf) : (known?.args ?? []),
    cwd: textOf(said["cwd"]) ?? known?.cwd ?? null,
    isDone: isOver || known?.isDone === true || exitCode !== null || signal !== null,
    exitCode,
    signal,
    durationMs: numberOf(said["durationMs"]) ?? known?.durationMs ?? null,
    stdout: artifactOf(payload["stdoutArtifact"]) ?? known?.stdout ?? null,
    stderr: artifactOf(payload["stderrArtifact"]) ?? known?.stderr ?? null,
  };
}

function wordOf(value: unknown): string {
  return typeof value === "string" ? value : JSON.stringify(value);
}

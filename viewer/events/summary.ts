import type { SessionEvent, TraceEvent } from "../../src/protocol/bundle.ts";
import { blockText } from "../conversation/content.ts";
import { fieldsOf, listOf, textOf } from "../playback/unknown.ts";
import { firstLine } from "../ui/format.ts";

/** One readable line for an event of any kind, known or not. */
export interface EventLine {
  readonly type: string;
  /** Where it happened: an attempt, a session. */
  readonly where: string;
  readonly text: string;
}

export function traceLine(event: TraceEvent): EventLine {
  const payload = fieldsOf(event.payload);
  return {
    type: event.type,
    where: event.attemptId ?? event.nodeId ?? event.sessionId ?? event.scope ?? "",
    text: firstLine(traceText(event, payload)),
  };
}

function traceText(event: TraceEvent, payload: Readonly<Record<string, unknown>>): string {
  const outcome = textOf(payload["outcome"]);
  const error = textOf(payload["error"]);
  if (outcome !== null) return error === null ? outcome : `${outcome}: ${error}`;
  const action = fieldsOf(payload["action"]);
  const command = textOf(action["command"]);
  const args = listOf(action["args"]).map(String).join(" ");
  return (
    error ??
    textOf(payload["statusDetail"]) ??
    (command === null ? null : `${command} ${args}`) ??
    event.artifact?.path ??
    textOf(payload["status"]) ??
    textOf(payload["flowName"]) ??
    ""
  );
}

export function sessionLine(sessionId: string, event: SessionEvent): EventLine {
  const { message } = event;
  const method = textOf(message["method"]);
  const params = fieldsOf(message["params"]);
  const update = fieldsOf(params["update"]);
  const arrow = event.direction === "outbound" ? "→" : "←";
  if (method === null) {
    const error = textOf(fieldsOf(message["error"])["message"]);
    const reason = textOf(fieldsOf(message["result"])["stopReason"]);
    return {
      type: error === null ? `${arrow} result` : `${arrow} error`,
      where: sessionId,
      text: firstLine(error ?? reason ?? ""),
    };
  }
  const kind = textOf(update["sessionUpdate"]);
  return {
    type: `${arrow} ${kind ?? method}`,
    where: sessionId,
    text: firstLine(kind === null ? requestText(params) : updateText(update)),
  };
}

function requestText(params: Readonly<Record<string, unknown>>): string {
  return listOf(params["prompt"]).map(blockText).join(" ");
}

function updateText(update: Readonly<Record<string, unknown>>): string {
  const title = textOf(update["title"]);
  const status = textOf(update["status"]);
  if (title !== null || status !== null) return [title, status].filter((part) => part !== null).join(" · ");
  const entries = listOf(update["entries"]);
  if (entries.length > 0) return entries.map((entry) => textOf(fieldsOf(entry)["content"]) ?? "").join(" · ");
  return blockText(update["content"]);
}

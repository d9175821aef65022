import type { SessionEvent, TraceEvent } from "../../src/protocol/bundle.ts";
import { firstLine } from "../ui/format.ts";
import { messageText, messageType } from "./message-text.ts";
import { traceText } from "./trace-text.ts";

/** A line of the trace, or of a session's log. */
export type LoggedEvent =
  | { readonly of: "trace"; readonly event: TraceEvent }
  | { readonly of: "session"; readonly sessionId: string; readonly event: SessionEvent };

/** One readable line for an event of any kind, known or not. */
export interface EventLine {
  readonly type: string;
  /** Of a message: to the agent, or from it. */
  readonly way: "out" | "in" | null;
  /** Where it happened: an attempt, a session. */
  readonly where: string;
  readonly text: string;
}

/** An event never changes, so what is made of it is made once. */
const lines = new WeakMap<TraceEvent | SessionEvent, EventLine>();

/** `title`: what the tool call was named that the event does not name. */
export function lineOf(logged: LoggedEvent, title: string | null = null): EventLine {
  if (logged.of === "session" && title !== null) return sessionLine(logged.sessionId, logged.event, title);
  let line = lines.get(logged.event);
  if (line === undefined) {
    line = logged.of === "trace" ? traceLine(logged.event) : sessionLine(logged.sessionId, logged.event);
    lines.set(logged.event, line);
  }
  return line;
}

/** What an event is filtered by. */
export function typeOf(logged: LoggedEvent): string {
  return logged.of === "trace" ? logged.event.type : messageType(logged.event.message);
}

function traceLine(event: TraceEvent): EventLine {
  return {
    type: event.type,
    way: null,
    where: event.attemptId ?? event.nodeId ?? event.sessionId ?? event.scope ?? "",
    text: firstLine(traceText(event)),
  };
}

function sessionLine(sessionId: string, event: SessionEvent, title: string | null = null): EventLine {
  return {
    type: messageType(event.message),
    way: event.direction === "outbound" ? "out" : "in",
    where: sessionId,
    text: firstLine(messageText(event.message, title)),
  };
}

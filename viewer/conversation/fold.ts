import type { SessionEvent } from "../../src/protocol/bundle.ts";
import { Log } from "../../src/protocol/log.ts";
import { type Fields, fieldsOf, isFields, textOf } from "../playback/unknown.ts";
import { blockText, locationPaths, planItems, promptText, toolContent } from "./content.ts";
import type { Conversation, Entry, ToolEntry } from "./entry.ts";

export const EMPTY_CONVERSATION: Conversation = {
  entries: Log.empty(),
  turns: Log.empty(),
  tools: Log.empty(),
  at: 0,
  plan: null,
  request: { kind: "none" },
};

/**
 * One step from a session's messages to its conversation. What an agent wrote is
 * of no promised shape: a message that says nothing readable changes nothing.
 */
export function conversationStep(before: Conversation, event: SessionEvent): Conversation {
  const at = Math.max(before.at, Date.parse(event.at) || 0);
  const state = at === before.at ? before : { ...before, at };
  const { message } = event;
  const params = fieldsOf(message["params"]);
  switch (message["method"]) {
    case undefined:
      return answered(state, message);
    case "session/prompt":
      return prompted(state, message["id"], promptText(params["prompt"]));
    case "session/load":
      return { ...state, request: { kind: "load", id: message["id"] } };
    case "session/cancel":
      return add(state, { kind: "notice", at, tone: "quiet", text: "Cancelled by the client" });
    case "session/request_permission": {
      const title = textOf(fieldsOf(params["toolCall"])["title"]);
      const text = title === null ? "Asked for permission" : `Asked for permission: ${title}`;
      return add(state, { kind: "notice", at, tone: "quiet", text });
    }
    case "session/update":
      return state.request.kind === "load" ? state : updated(state, fieldsOf(params["update"]));
    default:
      return state;
  }
}

function prompted(state: Conversation, id: unknown, text: string): Conversation {
  const turns = state.turns.append({ at: state.at, from: state.entries.length });
  const next: Conversation = { ...state, turns, plan: null, request: { kind: "prompt", id } };
  return add(next, { kind: "user", at: state.at, text });
}

function answered(state: Conversation, message: Fields): Conversation {
  const { request } = state;
  const next: Conversation =
    request.kind !== "none" && message["id"] === request.id ? { ...state, request: { kind: "none" } } : state;
  const { error } = message;
  if (isFields(error)) {
    const text = textOf(error["message"]) ?? "The agent answered with an error";
    return add(next, { kind: "notice", at: state.at, tone: "bad", text });
  }
  const reason = textOf(fieldsOf(message["result"])["stopReason"]);
  if (next === state || reason === null || reason === "end_turn") return next;
  // Who cancelled has been told already.
  if (reason === "cancelled" && next.entries.last()?.kind === "notice") return next;
  const text = `The turn ended early: ${reason.replaceAll("_", " ")}`;
  return add(next, { kind: "notice", at: state.at, tone: reason === "cancelled" ? "quiet" : "bad", text });
}

function updated(state: Conversation, update: Fields): Conversation {
  const { at } = state;
  switch (update["sessionUpdate"]) {
    case "agent_message_chunk": {
      const text = blockText(update["content"]);
      const last = state.entries.last();
      if (last?.kind === "agent")
        return text === "" ? state : replaceLast(state, { ...last, text: last.text + text });
      return text === "" ? state : add(state, { kind: "agent", at, text });
    }
    case "agent_thought_chunk": {
      const text = blockText(update["content"]);
      const last = state.entries.last();
      if (last?.kind === "thought") return replaceLast(state, { ...last, until: at, text: last.text + text });
      return text === "" ? state : add(state, { kind: "thought", at, until: at, text });
    }
    case "user_message_chunk": {
      const text = blockText(update["content"]);
      const last = state.entries.last();
      // Some agents say the prompt back; it stands there already.
      if (text === "" || (last?.kind === "user" && last.text.includes(text))) return state;
      if (last?.kind === "user") return replaceLast(state, { ...last, text: last.text + text });
      return add(state, { kind: "user", at, text });
    }
    case "plan": {
      const items = planItems(update["entries"]);
      if (state.plan !== null)
        return { ...state, entries: state.entries.with(state.plan, { kind: "plan", at, items }) };
      return { ...add(state, { kind: "plan", at, items }), plan: state.entries.length };
    }
    case "tool_call":
    case "tool_call_update":
      return tool(state, update);
    default:
      return state;
  }
}

/** A call and its updates are one entry: what an update leaves out stays as it was. */
function tool(state: Conversation, update: Fields): Conversation {
  const id = textOf(update["toolCallId"]);
  if (id === null) return state;
  const index = findTool(state, id);
  const known = index === null ? undefined : state.entries.at(index);
  const before: ToolEntry =
    known?.kind === "tool"
      ? known
      : {
          kind: "tool",
          at: state.at,
          id,
          title: "",
          toolKind: "other",
          status: "pending",
          endedAt: null,
          content: [],
          rawInput: undefined,
          rawOutput: undefined,
          locations: [],
        };
  const status = textOf(update["status"]) ?? before.status;
  const ended = status === "completed" || status === "failed" || status === "cancelled";
  const entry: ToolEntry = {
    ...before,
    title: textOf(update["title"]) ?? before.title,
    toolKind: textOf(update["kind"]) ?? before.toolKind,
    status,
    endedAt: ended ? (before.endedAt ?? state.at) : null,
    content: Array.isArray(update["content"]) ? toolContent(update["content"]) : before.content,
    rawInput: update["rawInput"] ?? before.rawInput,
    rawOutput: update["rawOutput"] ?? before.rawOutput,
    locations: Array.isArray(update["locations"]) ? locationPaths(update["locations"]) : before.locations,
  };
  if (index !== null) return { ...state, entries: state.entries.with(index, entry) };
  const added = add(state, entry);
  return { ...added, tools: added.tools.append(state.entries.length) };
}

/** Updates are about calls of late, so those are looked at first. */
function findTool(state: Conversation, id: string): number | null {
  for (let place = state.tools.length - 1; place >= 0; place -= 1) {
    const index = state.tools.at(place);
    const entry = index === undefined ? undefined : state.entries.at(index);
    if (index !== undefined && entry?.kind === "tool" && entry.id === id) return index;
  }
  return null;
}

function add(state: Conversation, entry: Entry): Conversation {
  const turns =
    state.turns.length === 0 ? state.turns.append({ at: entry.at, from: state.entries.length }) : state.turns;
  return { ...state, turns, entries: state.entries.append(entry) };
}

function replaceLast(state: Conversation, entry: Entry): Conversation {
  return { ...state, entries: state.entries.with(state.entries.length - 1, entry) };
}

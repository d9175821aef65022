import { shortId } from "../../src/protocol/outline.ts";
import { isRecorded, NOTICE, RECORD, updatesIn } from "../../src/protocol/updates.ts";
import type { SessionEvent } from "../../src/protocol/bundle.ts";
import { Log } from "../../src/protocol/log.ts";
import { type Fields, fieldsOf, isFields, numberOf, textOf } from "../playback/unknown.ts";
import { blockText, locationPaths, planItems, promptText, toolContent } from "./content.ts";
import {
  BEFORE_PROMPTS,
  type Conversation,
  type Entry,
  type IsEarlierCall,
  type ToolEntry,
} from "./entry.ts";
import { isOver } from "../playback/request.ts";
import type { Context } from "../playback/session-table.ts";

const EMPTY: Conversation = {
  entries: Log.empty(),
  turns: Log.empty(),
  tools: Log.empty(),
  at: 0,
  plan: { kind: "none" },
  request: { kind: "none" },
  head: "whole",
  isEarlierCall: () => false,
  begunAt: 0,
};

/** The conversation before a session's first line. */
export function emptyConversation(begunAt: number): Conversation {
  return { ...EMPTY, begunAt };
}

export interface Beginning extends Context {
  /** The newest time before the line. */
  readonly at: number;
  readonly begunAt: number;
  readonly isEarlierCall: IsEarlierCall;
}

/** The conversation from a line in the middle on: what went before is known by its outline alone. */
export function conversationFrom({
  at,
  begunAt,
  hasPlan,
  isEarlierCall,
  request,
  turn,
}: Beginning): Conversation {
  const under = turn ?? { line: BEFORE_PROMPTS, at: begunAt };
  return {
    ...EMPTY,
    turns: Log.from([{ ...under, from: 0 }]),
    at,
    plan: { kind: hasPlan ? "earlier" : "none" },
    request,
    head: "unknown",
    isEarlierCall,
    begunAt,
  };
}

/**
 * One step from a session's messages to its conversation. What an agent wrote is
 * of no promised shape: a message that says nothing readable changes nothing.
 */
export function conversationStep(before: Conversation, event: SessionEvent, line: number): Conversation {
  const at = Math.max(before.at, Date.parse(event.at) || 0);
  const state = at === before.at ? before : { ...before, at };
  const { message } = event;
  const params = fieldsOf(message["params"]);
  switch (message["method"]) {
    case undefined:
      return answered(state, line, message);
    case "session/prompt":
      return prompted(state, line, idOf(message), promptText(params["prompt"]));
    case "session/load":
      return { ...state, request: { kind: "load", id: idOf(message) } };
    case "session/cancel":
      return add(state, { kind: "notice", line, at, tone: "quiet", text: "Cancelled by the client" });
    case "session/request_permission": {
      const title = textOf(fieldsOf(params["toolCall"])["title"]);
      const text = title === null ? "Asked for permission" : `Asked for permission: ${title}`;
      return add(state, { kind: "notice", line, at, tone: "quiet", text });
    }
    case "session/update":
      if (state.request.kind === "load") return state;
      return updatesIn(message).reduce(
        (next, update) => updated(next, line, update, isRecorded(message) ? PARAGRAPH : ""),
        state,
      );
    case NOTICE: {
      const text = textOf(params["text"]) ?? "";
      const tone = params["tone"] === "bad" ? "bad" : "quiet";
      return text === "" ? state : add(state, { kind: "notice", line, at, tone, text });
    }
    case RECORD:
      return given(state, line, textOf(params["given"]) ?? "");
    default:
      return state;
  }
}

/** As the outline has it. */
function idOf(message: Fields): string {
  return JSON.stringify(message["id"] ?? null);
}

function prompted(state: Conversation, line: number, id: string, text: string): Conversation {
  const last = state.entries.last();
  const isThere = last?.kind === "user" && last.isGiven === true && last.text.includes(text);
  const from = state.entries.length - (isThere ? 1 : 0);
  const turns = state.turns.append({ line, at: state.at, from });
  const next: Conversation = { ...state, turns, plan: { kind: "none" }, request: { kind: "prompt", id } };
  const entry: Entry = { kind: "user", line, at: state.at, text };
  return isThere ? replaceLast(next, entry) : add(next, entry);
}

/** The person's words as the model was given them: shown where they are not told as a prompt, before or after. */
function given(state: Conversation, line: number, text: string): Conversation {
  const last = state.entries.last();
  if (text === "" || (last?.kind === "user" && text.includes(last.text))) return state;
  return add(state, { kind: "user", line, at: state.at, text, isGiven: true });
}

function answered(state: Conversation, line: number, message: Fields): Conversation {
  const { at, request } = state;
  const next: Conversation =
    request.kind !== "none" && idOf(message) === request.id ? { ...state, request: { kind: "none" } } : state;
  const { error } = message;
  if (isFields(error)) {
    const text = textOf(error["message"]) ?? "The agent answered with an error";
    return add(next, { kind: "notice", line, at, tone: "bad", text });
  }
  const reason = textOf(fieldsOf(message["result"])["stopReason"]);
  if (next === state || reason === null || reason === "end_turn") return next;
  // Who cancelled has been told already.
  if (reason === "cancelled" && next.entries.last()?.kind === "notice") return next;
  const text = `The turn ended early: ${reason.replaceAll("_", " ")}`;
  const tone = reason === "cancelled" ? "quiet" : "bad";
  const notice: Entry = { kind: "notice", line, at, tone, text };
  return reason === "cancelled" ? addAfter(next, notice) : add(next, notice);
}

/** What parts blocks that are whole by themselves. */
const PARAGRAPH = "\n\n";

/** `between`: what parts a text from the one of its kind before it. */
function updated(state: Conversation, line: number, update: Fields, between: string): Conversation {
  const { at } = state;
  switch (update["sessionUpdate"]) {
    case "agent_message_chunk": {
      const text = blockText(update["content"]);
      const last = state.entries.last();
      if (last?.kind === "agent")
        return text === "" ? state : replaceLast(state, { ...last, text: last.text + between + text });
      return text === "" ? state : addAfter(state, { kind: "agent", line, at, text });
    }
    case "agent_thought_chunk": {
      const text = blockText(update["content"]);
      const last = state.entries.last();
      if (last?.kind === "thought")
        return replaceLast(state, { ...last, until: at, text: last.text + (text && between + text) });
      return text === "" ? state : addAfter(state, { kind: "thought", line, at, until: at, text });
    }
    case "user_message_chunk": {
      const text = blockText(update["content"]);
      const last = state.entries.last();
      // Some agents say the prompt back; it stands there already.
      if (text === "" || (last?.kind === "user" && last.text.includes(text))) return state;
      if (last?.kind === "user") return replaceLast(state, { ...last, text: last.text + between + text });
      return addAfter(state, { kind: "user", line, at, text });
    }
    case "plan":
      return plan(state, line, update);
    case "tool_call":
    case "tool_call_update":
      return tool(state, line, update);
    default:
      return state;
  }
}

/** A turn has one plan, which stands where it was first made. */
function plan(state: Conversation, line: number, update: Fields): Conversation {
  const { at, entries } = state;
  const items = planItems(update["entries"]);
  switch (state.plan.kind) {
    case "earlier":
      return state;
    case "here": {
      const { index } = state.plan;
      const begun = entries.at(index)?.line ?? line;
      return {
        ...state,
        entries: entries.with(index, { kind: "plan", line: begun, changed: line, at, items }),
      };
    }
    case "none":
      return {
        ...add(state, { kind: "plan", line, changed: line, at, items }),
        plan: { kind: "here", index: entries.length },
      };
  }
}

/** A call and its updates are one entry: what an update leaves out stays as it was. */
function tool(state: Conversation, line: number, update: Fields): Conversation {
  // As the outline has it, which tells the calls that began before this window.
  const id = shortId(textOf(update["toolCallId"]));
  if (id === null) return state;
  const index = findTool(state, id);
  if (index === null && state.isEarlierCall(id, update["sessionUpdate"] !== "tool_call")) return state;
  const known = index === null ? undefined : state.entries.at(index);
  const before: ToolEntry =
    known?.kind === "tool"
      ? known
      : {
          kind: "tool",
          line,
          changed: line,
          at: state.at,
          id,
          title: "",
          toolKind: "other",
          status: "pending",
          endedAt: null,
          tookMs: null,
          content: [],
          rawInput: undefined,
          rawOutput: undefined,
          locations: [],
        };
  const status = textOf(update["status"]) ?? before.status;
  const entry: ToolEntry = {
    ...before,
    changed: line,
    title: textOf(update["title"]) ?? before.title,
    toolKind: textOf(update["kind"]) ?? before.toolKind,
    status,
    tookMs: numberOf(fieldsOf(fieldsOf(update["_meta"])["runreel"])["durationMs"]) ?? before.tookMs,
    endedAt: isOver(status) ? (before.endedAt ?? state.at) : null,
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

/** An entry that begins here whatever was said before it. */
function add(state: Conversation, entry: Entry): Conversation {
  const turns =
    state.turns.length === 0
      ? state.turns.append({ line: BEFORE_PROMPTS, at: state.begunAt, from: state.entries.length })
      : state.turns;
  const head = state.head === "unknown" ? "whole" : state.head;
  return { ...state, head, turns, entries: state.entries.append(entry) };
}

/** An entry that is one of its own only if what was said before it was something else. */
function addAfter(state: Conversation, entry: Entry): Conversation {
  const next = add(state, entry);
  return state.head === "unknown" ? { ...next, head: "cut" } : next;
}

function replaceLast(state: Conversation, entry: Entry): Conversation {
  return { ...state, entries: state.entries.with(state.entries.length - 1, entry) };
}

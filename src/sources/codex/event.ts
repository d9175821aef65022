import type { SessionEvent } from "../../protocol/bundle.ts";
import { callOf, endedCall, type ToolCall } from "./call.ts";
import { outcomeOf, type Outcome } from "./outcome.ts";
import { planOf } from "./plan.ts";
import { type CodexRecord, codexRecord, type Fields, textOf } from "./record.ts";
import { errorText, questionText } from "./words.ts";
import { isInjected, saidIn, thoughtIn } from "./said.ts";

/**
 * A record as a line of the log. What is said twice in a file is shown where it says more: prompts as the
 * person typed them, answers, thoughts and searches as the model gave them.
 */
export function eventOf(record: Fields): Omit<SessionEvent, "seq"> {
  const at = textOf(record["timestamp"]) ?? "";
  const known = codexRecord(record);
  const shown = known === null ? null : shownOf(known);
  if (shown !== null) return { at, ...shown };
  const type = nameOf(record, known);
  const given = known === null ? "" : givenIn(known);
  const params = { type, record, ...(given === "" ? {} : { given }) };
  return { at, direction: "inbound", message: { method: "runreel/record", params } };
}

/** What the person said, as the model was given it; "" where it is nothing of the kind. */
function givenIn(record: CodexRecord): string {
  if (record.kind !== "response_item/message" || record.payload.role !== "user") return "";
  const text = saidIn(record.payload.content);
  return isInjected(text) ? "" : text;
}

function nameOf(record: Fields, known: CodexRecord | null): string {
  if (known?.kind === "other" && known.name !== "") return known.name;
  if (known !== null && known.kind !== "other") return known.kind;
  return textOf(record["type"]) ?? textOf(record["role"]) ?? "record";
}

type Shown = Omit<SessionEvent, "seq" | "at">;

/** Null: it says nothing to the conversation, or what another record says better. */
function shownOf(record: CodexRecord): Shown | null {
  const call = callOf(record);
  if (call !== null) {
    // The plan it makes stands beside the call, which is one like any other.
    const plan = planOf(record);
    return updated(callUpdate(call), ...(plan === null ? [] : [{ sessionUpdate: "plan", entries: plan }]));
  }
  const outcome = outcomeOf(record);
  if (outcome !== null) return updated(outcomeUpdate(outcome, endedCall(record)));
  switch (record.kind) {
    case "event_msg/user_message":
      return prompted(record.payload.message, record.payload);
    case "event_msg/task_complete":
    case "event_msg/turn.completed":
      return turnOver(record);
    case "event_msg/turn_aborted":
      return answered({ result: { stopReason: "cancelled" } });
    case "response_item/message": {
      const text = record.payload.role === "assistant" ? saidIn(record.payload.content) : "";
      return text === "" ? null : updated(chunk("agent_message_chunk", text));
    }
    case "response_item/reasoning": {
      const text = thoughtIn(record.payload);
      return text === "" ? null : updated(chunk("agent_thought_chunk", text));
    }
    case "compacted":
      return notice("quiet", "What was said until here was summed up to make room");
    case "event_msg/error":
      return notice("bad", errorText(record.payload));
    case "event_msg/stream_error":
      return notice(
        "quiet",
        record.payload.message ?? "The connection to the model broke; it is tried again",
      );
    case "event_msg/exec_approval_request":
    case "event_msg/apply_patch_approval_request":
    case "event_msg/elicitation_request":
    case "event_msg/request_user_input":
      return notice("quiet", questionText(record.payload));
    default:
      return null;
  }
}

function prompted(message: string, { images, local_images }: PromptImages): Shown {
  const shown = [...images, ...local_images].map(() => ({ type: "image" }));
  const prompt = [{ type: "text", text: message }, ...shown];
  return { direction: "outbound", message: { id: "turn", method: "session/prompt", params: { prompt } } };
}

interface PromptImages {
  readonly images: readonly unknown[];
  readonly local_images: readonly unknown[];
}

function turnOver(record: CodexRecord): Shown {
  const error = record.kind === "event_msg/task_complete" ? record.payload.error : null;
  if (error === null) return answered({ result: { stopReason: "end_turn" } });
  return answered({ error: { code: -1, message: textOf(error["message"]) ?? "The turn failed" } });
}

function answered(answer: Fields): Shown {
  return { direction: "inbound", message: { id: "turn", ...answer } };
}

/** A record says whole blocks: `_meta` tells that they are no parts of a stream. */
function updated(update: Fields, ...more: readonly Fields[]): Shown {
  const rest = more.length === 0 ? {} : { more };
  const params = { update, ...rest, _meta: { runreel: { recorded: true } } };
  return { direction: "inbound", message: { method: "session/update", params } };
}

function notice(tone: "quiet" | "bad", text: string): Shown {
  return { direction: "inbound", message: { method: "runreel/notice", params: { tone, text } } };
}

function chunk(sessionUpdate: string, text: string): Fields {
  return { sessionUpdate, content: { type: "text", text } };
}

function callUpdate({ changes, id, input, isOver, kind, paths, title, tool }: ToolCall): Fields {
  const diffs = changes.map(({ newText, oldText, path }) => ({ type: "diff", path, oldText, newText }));
  return {
    sessionUpdate: "tool_call",
    toolCallId: id,
    title,
    kind,
    status: isOver ? "completed" : "in_progress",
    ...(paths.length === 0 ? {} : { locations: paths.map((path) => ({ path })) }),
    ...(diffs.length === 0 ? {} : { content: diffs }),
    ...(input === undefined ? {} : { rawInput: input }),
    _meta: { runreel: { tool } },
  };
}

/** The output goes beside what the call has: the changes of a patch stay. */
function outcomeUpdate({ durationMs, goesOn, id, isError, text }: Outcome, call: ToolCall | null): Fields {
  const words = goesOn === null ? text : `${text}${text === "" ? "" : "\n"}[goes on as command ${goesOn}]`;
  return {
    sessionUpdate: "tool_call_update",
    toolCallId: id,
    ...(call === null || call.tool === "apply_patch" ? {} : { title: call.title, kind: call.kind }),
    status: isError ? "failed" : "completed",
    ...(words === "" ? {} : { rawOutput: words }),
    ...(durationMs === null ? {} : { _meta: { runreel: { durationMs } } }),
  };
}

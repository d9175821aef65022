import { MAIN_SESSION } from "../../protocol/turn-lines.ts";
import { callOf, resultsOf } from "./calls.ts";
import { contentOf, promptOf, resultContent } from "./content.ts";
import { diffsAsked } from "./diffs.ts";
import { agentKey } from "./layout.ts";
import { planOf, isPlanResult } from "./plans.ts";
import { wordsOf } from "./prompts.ts";
import {
  type Block,
  blocksOf,
  type ClaudeRecord,
  isAside,
  isSynthetic,
  readRecord,
  textsOf,
  timeOf,
} from "./records.ts";
import { toolOf } from "./tools.ts";
import { compactionOf, errorOf, retryOf } from "./troubles.ts";

type Fields = Readonly<Record<string, unknown>>;

/** A line of a session's log, without its number. */
type Event = {
  readonly at: string;
  readonly direction: "inbound" | "outbound";
  readonly message: Record<string, unknown>;
};

/** What a producer keeps of a result beside its text is carried up to this length, as JSON. */
const MOST_OUTPUT_CHARS = 100_000;

/** Written when a session is opened again, for the model alone. */
const UNASKED = "No response requested.";

/** A record as a message of ACP. It follows from the record alone. */
export function eventOf(value: Fields): Event {
  const record = readRecord(value);
  if (record === null) return carried("", "unknown", value);
  const at = timeOf(record) === null ? "" : (record.timestamp ?? "");
  if (isAside(record)) return carried(at, "sidechain", value);
  const message = messageOf(record);
  if (message === null) return carried(at, record.type ?? "unknown", value);
  const direction = message["method"] === "session/prompt" ? "outbound" : "inbound";
  return { at, direction, message: { jsonrpc: "2.0", ...message } };
}

function carried(at: string, type: string, record: Fields): Event {
  return {
    at,
    direction: "inbound",
    message: { jsonrpc: "2.0", method: "runreel/record", params: { type, record } },
  };
}

function messageOf(record: ClaudeRecord): Fields | null {
  switch (record.type) {
    case "assistant":
      return answerMessage(record);
    case "user":
    case "attachment": {
      const results = resultsOf(record);
      return results.length > 0 ? resultMessage(record, results) : wordsMessage(record);
    }
    case "system":
      return systemMessage(record);
    default:
      return null;
  }
}

function wordsMessage(record: ClaudeRecord): Fields | null {
  const words = wordsOf(record);
  switch (words.is) {
    case "prompt": {
      const params = {
        sessionId: sessionOf(record),
        prompt: promptOf(words.text, words.blocks),
        ...meta(record),
      };
      return { id: "turn", method: "session/prompt", params };
    }
    case "remark": {
      const said = promptOf(words.text, words.blocks);
      return updateMessage(
        record,
        said.map((content) => ({ sessionUpdate: "user_message_chunk", content })),
      );
    }
    case "interrupted":
      return answered("cancelled");
    case "summary":
      // That it was compacted is told by the record before.
      return notice("quiet", `The conversation goes on from this summary:\n\n${words.text}`);
    case "command":
      return notice("quiet", words.text);
    case "task":
      return notice("quiet", words.text);
    case "aside":
      return null;
  }
}

function systemMessage(record: ClaudeRecord): Fields | null {
  if (record.subtype === "turn_duration" || record.subtype === "stop_hook_summary")
    return answered("end_turn");
  const quiet = compactionOf(record) ?? retryOf(record);
  if (quiet !== null) return notice("quiet", quiet);
  const error = errorOf(record);
  return error === null ? wordsMessage(record) : notice("bad", error);
}

function answerMessage(record: ClaudeRecord): Fields | null {
  const error = errorOf(record);
  const updates = updatesOf(record);
  if (error !== null && updates.every(({ sessionUpdate }) => sessionUpdate === "agent_message_chunk"))
    return notice("bad", error);
  if (isSynthetic(record)) {
    const text = textsOf(blocksOf(record.message?.content ?? []));
    return text === "" || text === UNASKED ? null : notice("quiet", text);
  }
  return updateMessage(record, updates);
}

function updatesOf(record: ClaudeRecord): Fields[] {
  let calls = 0;
  return blocksOf(record.message?.content ?? []).flatMap((block): Fields[] => {
    switch (block.type) {
      case "text":
        return chunk("agent_message_chunk", block.text);
      case "thinking":
        return chunk("agent_thought_chunk", block.thinking);
      case "tool_use":
        calls += 1;
        return callUpdate(record, block, calls - 1);
      case null:
      case undefined:
        return [];
      default: {
        const content = contentOf(block);
        return content === null ? [] : [{ sessionUpdate: "agent_message_chunk", content }];
      }
    }
  });
}

function chunk(sessionUpdate: string, text: string | null | undefined): Fields[] {
  return text ? [{ sessionUpdate, content: { type: "text", text } }] : [];
}

function callUpdate(record: ClaudeRecord, block: Block, place: number): Fields[] {
  const call = callOf(record, block, place);
  if (call === null) return [];
  const plan = planOf(call.name, call.input);
  if (plan !== null) return [{ sessionUpdate: "plan", entries: plan }];
  const { kind, path, title } = toolOf(call.name, call.input, record.cwd ?? null);
  const content = diffsAsked(call.input);
  return [
    {
      sessionUpdate: "tool_call",
      toolCallId: call.id,
      title,
      kind,
      status: "in_progress",
      ...(call.input === undefined ? {} : { rawInput: call.input }),
      ...(path === null ? {} : { locations: [{ path }] }),
      ...(content.length === 0 ? {} : { content }),
      _meta: { runreel: { tool: call.name } },
    },
  ];
}

function resultMessage(record: ClaudeRecord, results: ReturnType<typeof resultsOf>): Fields | null {
  const updates = results
    .filter((result) => !isPlanResult(result))
    .map((result): Fields => {
      const { details, durationMs, id, isError } = result;
      const content = resultContent(result);
      return {
        sessionUpdate: "tool_call_update",
        toolCallId: id,
        status: isError ? "failed" : "completed",
        ...(content === null ? {} : { content }),
        ...(isCarried(details) ? { rawOutput: details } : {}),
        ...(durationMs === null ? {} : { _meta: { runreel: { durationMs } } }),
      };
    });
  return updateMessage(record, updates);
}

function isCarried(details: unknown): boolean {
  if (typeof details !== "object" || details === null) return false;
  return JSON.stringify(details).length < MOST_OUTPUT_CHARS;
}

/** Null: it says nothing. */
function updateMessage(record: ClaudeRecord, [update, ...more]: readonly Fields[]): Fields | null {
  if (update === undefined) return null;
  const rest = more.length === 0 ? {} : { more };
  return {
    method: "session/update",
    params: { sessionId: sessionOf(record), update, ...rest, ...meta(record) },
  };
}

function answered(stopReason: string): Fields {
  return { id: "turn", result: { stopReason } };
}

function notice(tone: "quiet" | "bad", text: string): Fields {
  return { method: "runreel/notice", params: { tone, text } };
}

function sessionOf({ agentId, isSidechain }: ClaudeRecord): string {
  return isSidechain === true && agentId ? agentKey(agentId) : MAIN_SESSION;
}

/** Whole blocks are said, not parts of them: see `isRecorded`. */
function meta({ message, uuid }: ClaudeRecord): Fields {
  const model = message?.model;
  return { _meta: { runreel: { ...(uuid ? { uuid } : {}), ...(model ? { model } : {}) } } };
}

import assert from "node:assert/strict";
import { test } from "node:test";
import { talkOf } from "../../src/sources/waza/talk.ts";
import { toolKind } from "../../src/sources/tool-kind.ts";

const nothing = { transcript: [], tools: [], prompt: null, finalOutput: null, tokens: null };

/** Each message short: what it is, of which call, and what it says. */
function short(talk: ReturnType<typeof talkOf>): string[] {
  return talk.map(({ message }) => {
    const update: unknown = Object(message["params"])["update"];
    const { content, kind, sessionUpdate, status, toolCallId } = Object(update);
    if (sessionUpdate === undefined)
      return String(message["method"] ?? JSON.stringify(message["error"] ?? "end"));
    return [sessionUpdate, toolCallId, kind, status, content?.text]
      .filter((part) => part !== undefined)
      .join(" ");
  });
}

test("a transcript in the names of either age is the same talk", () => {
  const newer = [
    { type: "user.message", content: "Deploy" },
    { type: "assistant.turn_start" },
    { type: "tool.execution_start", tool_call_id: "a", tool_name: "read_file", arguments: { path: "x" } },
    { type: "tool.execution_start", tool_call_id: "b", tool_name: "bash", arguments: { command: "ls" } },
    { type: "tool.execution_complete", tool_call_id: "b", tool_result: { content: "ok" }, success: true },
    { type: "tool.execution_complete", tool_call_id: "a", success: false },
    { type: "assistant.message", content: "Done" },
    { type: "session.idle" },
    { type: "🦄.unicorn" },
  ];
  const older = newer.map((event) => ({
    ...event,
    type:
      {
        "tool.execution_start": "ToolExecutionStart",
        "tool.execution_complete": "ToolExecutionComplete",
        "assistant.message": "Turn",
      }[event.type] ?? event.type,
  }));
  const expected = [
    "session/prompt",
    "tool_call deploy#1/c1 read in_progress",
    "tool_call deploy#1/c2 execute in_progress",
    "tool_call_update deploy#1/c2 completed",
    "tool_call_update deploy#1/c1 failed",
    "agent_message_chunk Done",
    '"end"',
  ];
  assert.deepEqual(short(talkOf("deploy#1", { ...nothing, transcript: newer })), expected);
  assert.deepEqual(short(talkOf("deploy#1", { ...nothing, transcript: older })), expected);
});

test("what came in pieces is said once, messages stand apart, and an id that comes again is another call", () => {
  const transcript = [
    { type: "assistant.message_delta", content: "Do" },
    { type: "assistant.message_delta", content: "ne" },
    { type: "assistant.message", content: "Done" },
    { type: "assistant.message", content: "Twice" },
    { type: "tool.execution_start", tool_call_id: "a", tool_name: "grep" },
    { type: "tool.execution_complete", tool_call_id: "a" },
    { type: "tool.execution_start", tool_call_id: "a", tool_name: "grep" },
    { type: "tool.execution_complete", tool_call_id: "a" },
    { type: "tool.execution_complete", tool_call_id: "lost", tool_name: "view" },
    { type: "assistant.message_delta", content: "half" },
  ];
  assert.deepEqual(short(talkOf("t#1", { ...nothing, transcript })), [
    "agent_message_chunk Done",
    "agent_message_chunk \n\nTwice",
    "tool_call t#1/c1 search in_progress",
    "tool_call_update t#1/c1 completed",
    "tool_call t#1/c2 search in_progress",
    "tool_call_update t#1/c2 completed",
    "tool_call t#1/c3 read completed",
    "agent_message_chunk half",
  ]);
});

test("without a transcript there are the prompt, the tools and the answer that the file has", () => {
  const tools = [{ tool_call_id: "x", tool_name: "edit_file", args: {}, result: "r", success: true }];
  const said = { ...nothing, prompt: "Go", tools, finalOutput: "Gone", tokens: 12 };
  const talk = talkOf("t#1", said);
  assert.deepEqual(short(talk), [
    "session/prompt",
    "tool_call t#1/c1 edit completed",
    "agent_message_chunk Gone",
    '"end"',
  ]);
  assert.deepEqual(talk.at(-1)?.message["result"], { stopReason: "end_turn", usage: { totalTokens: 12 } });
  assert.deepEqual(talkOf("t#1", nothing), []);
});

test("a session that failed ends its turn with why", () => {
  const transcript = [
    { type: "user.message", content: "Go" },
    { type: "session.error", message: "no such model" },
  ];
  assert.deepEqual(short(talkOf("t#1", { ...nothing, transcript })), [
    "session/prompt",
    '{"code":-32000,"message":"no such model"}',
  ]);
});

test("tools are of the kind that their names say", () => {
  const kinds = ["read_file", "createFile", "bash", "web_fetch", "report_intent", "mcp__ghost"].map(toolKind);
  assert.deepEqual(kinds, ["read", "edit", "execute", "fetch", "think", "other"]);
});

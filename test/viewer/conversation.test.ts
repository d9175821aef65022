import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import type { SessionEvent } from "../../src/protocol/bundle.ts";
import type { Conversation, Entry } from "../../viewer/conversation/entry.ts";
import { conversationFrom, conversationStep, emptyConversation } from "../../viewer/conversation/fold.ts";
import { newestTurns } from "../../viewer/conversation/turns.ts";
import { answer, chunk, prompt, said, T0, update } from "./made-run.ts";

function talk(...messages: Record<string, unknown>[]): SessionEvent[] {
  return messages.map((message, index) => said(index + 1, index * 100, message));
}
const fold = (events: readonly SessionEvent[]): Conversation =>
  events.reduce(conversationStep, emptyConversation(T0));
const kinds = (state: Conversation): Entry["kind"][] => [...state.entries].map((entry) => entry.kind);

test("chunks of one kind are one entry, and what comes between starts another", () => {
  const state = fold(
    talk(
      prompt(1, "Do it"),
      chunk("agent_thought", "Let me "),
      chunk("agent_thought", "see"),
      chunk("agent_message", "Half "),
      chunk("agent_message", "of it"),
      update({ sessionUpdate: "tool_call", toolCallId: "c1", title: "Read a.ts", kind: "read" }),
      chunk("agent_message", "The rest"),
      answer(1),
    ),
  );
  assert.deepEqual(kinds(state), ["user", "thought", "agent", "tool", "agent"]);
  assert.deepEqual(state.entries.at(1), {
    kind: "thought",
    line: 1,
    at: T0 + 100,
    until: T0 + 200,
    text: "Let me see",
  });
  assert.deepEqual(state.entries.at(2), { kind: "agent", line: 3, at: T0 + 300, text: "Half of it" });
  assert.equal(state.request.kind, "none");
});

test("a chunk leaves every other entry the very same object", () => {
  const events = talk(prompt(1, "Go"), chunk("agent_thought", "hm"), chunk("agent_message", "a"));
  const before = fold(events);
  const after = conversationStep(before, said(4, 400, chunk("agent_message", "b")), 3);
  assert.equal(after.entries.at(0), before.entries.at(0));
  assert.equal(after.entries.at(1), before.entries.at(1));
  assert.deepEqual(before.entries.at(2), { kind: "agent", line: 2, at: T0 + 200, text: "a" });
  assert.deepEqual(after.entries.at(2), { kind: "agent", line: 2, at: T0 + 200, text: "ab" });
});

test("a tool call and its updates are one entry with its times", () => {
  const state = fold(
    talk(
      prompt(1, "Go"),
      update({
        sessionUpdate: "tool_call",
        toolCallId: "c1",
        title: "ls",
        kind: "execute",
        status: "pending",
      }),
      update({ sessionUpdate: "tool_call_update", toolCallId: "c1", status: "in_progress" }),
      chunk("agent_message", "meanwhile"),
      update({
        sessionUpdate: "tool_call_update",
        toolCallId: "c1",
        status: "failed",
        content: [
          { type: "content", content: { type: "text", text: "no such folder" } },
          { type: "diff", path: "a.ts", newText: "x" },
        ],
        locations: [{ path: "a.ts", line: 3 }],
      }),
    ),
  );
  assert.deepEqual(kinds(state), ["user", "tool", "agent"]);
  const tool = state.entries.at(1);
  assert.ok(tool?.kind === "tool");
  assert.equal(tool.title, "ls");
  assert.equal(tool.status, "failed");
  assert.equal(tool.endedAt, T0 + 400);
  assert.deepEqual(tool.locations, ["a.ts:3"]);
  assert.deepEqual(tool.content, [
    { kind: "text", text: "no such folder" },
    { kind: "diff", path: "a.ts", oldText: null, newText: "x" },
  ]);
  assert.deepEqual([...state.tools], [1]);
});

test("an update of a call nobody announced makes it known", () => {
  const state = fold(
    talk(update({ sessionUpdate: "tool_call_update", toolCallId: "late", status: "completed" })),
  );
  assert.deepEqual(kinds(state), ["tool"]);
  assert.equal(state.turns.length, 1);
});

test("a plan replaces the plan of its own turn only", () => {
  const plan = (status: string) =>
    update({ sessionUpdate: "plan", entries: [{ content: "Look", status, priority: "high" }] });
  const state = fold(
    talk(
      prompt(1, "One"),
      plan("pending"),
      plan("completed"),
      answer(1),
      prompt(2, "Two"),
      plan("in_progress"),
    ),
  );
  assert.deepEqual(kinds(state), ["user", "plan", "user", "plan"]);
  const [, first, , second] = [...state.entries];
  assert.ok(first?.kind === "plan" && second?.kind === "plan");
  assert.equal(first.items[0]?.status, "completed");
  assert.equal(second.items[0]?.status, "in_progress");
});

test("errors, cancelling and early ends are told", () => {
  const state = fold(
    talk(
      prompt(1, "One"),
      { jsonrpc: "2.0", id: 1, error: { code: -32000, message: "Out of credit" } },
      prompt(2, "Two"),
      { jsonrpc: "2.0", method: "session/cancel", params: {} },
      answer(2, "cancelled"),
      prompt(3, "Three"),
      answer(3, "max_tokens"),
    ),
  );
  const notices = [...state.entries].flatMap((entry) =>
    entry.kind === "notice" ? [[entry.tone, entry.text]] : [],
  );
  assert.deepEqual(notices, [
    ["bad", "Out of credit"],
    ["quiet", "Cancelled by the client"],
    ["bad", "The turn ended early: max tokens"],
  ]);
});

test("a history told again while a session loads is not shown twice", () => {
  const state = fold(
    talk(
      prompt(1, "One"),
      chunk("agent_message", "first"),
      answer(1),
      { jsonrpc: "2.0", id: 7, method: "session/load", params: {} },
      update({ sessionUpdate: "user_message_chunk", content: { type: "text", text: "One" } }),
      chunk("agent_message", "first"),
      { jsonrpc: "2.0", id: 7, result: {} },
      prompt(2, "Two"),
      chunk("agent_message", "second"),
    ),
  );
  assert.deepEqual(kinds(state), ["user", "agent", "user", "agent"]);
  assert.deepEqual(
    [...state.turns].map((turn) => turn.from),
    [0, 2],
  );
});

test("whatever an agent writes, nothing throws", () => {
  fc.assert(
    fc.property(fc.array(fc.jsonValue(), { maxLength: 8 }), fc.jsonValue(), (values, other) => {
      const odd = values.flatMap((value) => [
        update({ sessionUpdate: "plan", entries: value }),
        update({
          sessionUpdate: "tool_call",
          toolCallId: "c",
          content: value,
          locations: value,
          title: other,
        }),
        update({ sessionUpdate: "agent_message_chunk", content: value }),
        { method: "session/update", params: value },
        { method: "session/prompt", params: { prompt: value } },
        { method: value, params: other },
        { id: value, result: other },
        { id: value, error: other },
      ]);
      fold(talk(...odd));
    }),
  );
});

test("from the middle on, what began before is neither told again nor taken for new", () => {
  const state = talk(
    chunk("agent_message", "of it"),
    update({ sessionUpdate: "tool_call_update", toolCallId: "c1", status: "completed" }),
    update({ sessionUpdate: "plan", entries: [{ content: "Look" }] }),
    chunk("agent_message", " all"),
    update({ sessionUpdate: "tool_call", toolCallId: "c2", title: "Read a.ts" }),
    answer(1),
  ).reduce(
    (before, event, index) => conversationStep(before, event, 256 + index),
    conversationFrom({
      turn: { line: 200, at: T0 },
      request: { kind: "prompt", id: "1" },
      hasPlan: true,
      at: T0,
      begunAt: T0,
      isEarlierCall: (call) => call === "c1",
    }),
  );
  assert.deepEqual(kinds(state), ["agent", "tool"]);
  assert.equal(state.head, "cut");
  assert.deepEqual(state.turns.at(0), { line: 200, at: T0, from: 0 });
  assert.equal(state.request.kind, "none");
});

test("the newest entries of all sessions, in turns by their start", () => {
  const turns = (ids: readonly number[], from: number) =>
    ids.flatMap((id, index) => [
      said(index * 2 + 1, from + index * 1000, prompt(id, `ask ${id}`)),
      said(index * 2 + 2, from + index * 1000 + 10, chunk("agent_message", `answer ${id}`)),
    ]);
  const sessions = [
    { id: "a", from: 0, known: 4, conversation: fold(turns([1, 2], 0)) },
    { id: "b", from: 0, known: 2, conversation: fold(turns([3], 500)) },
  ];
  const bounds = { limit: 100, notBefore: 0, first: null };
  const names = (found: ReturnType<typeof newestTurns>) =>
    found.turns.map(({ entries, line, sessionId }) => `${sessionId}${line}:${entries.length}`);
  const all = newestTurns(sessions, { ...bounds, notBefore: Number.NEGATIVE_INFINITY });
  assert.deepEqual(names(all), ["a0:2", "b0:2", "a2:2"]);
  assert.equal(all.hasEarlier, false);
  const some = newestTurns(sessions, { ...bounds, limit: 3 });
  assert.deepEqual(names(some), ["b0:1", "a2:2"]);
  assert.equal(some.hasEarlier, true);
  const late = newestTurns(sessions, { ...bounds, notBefore: T0 + 700 });
  assert.deepEqual(names(late), ["a2:2"]);
  assert.equal(late.hasEarlier, true);
  const held = newestTurns(sessions, { ...bounds, limit: 1, first: { sessionId: "b", line: 1 } });
  assert.deepEqual(names(held), ["b0:1", "a2:2"]);
});

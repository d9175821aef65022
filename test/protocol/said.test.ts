import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { noted, saidIn } from "../../src/protocol/said.ts";

const event = (message: Record<string, unknown>) =>
  saidIn({ seq: 1, at: "2026-01-02T03:04:05.000Z", message: { jsonrpc: "2.0", ...message } });
const update = (fields: Record<string, unknown>) =>
  event({ method: "session/update", params: { sessionId: "s", update: fields } });
const trace = (type: string, payload: Record<string, unknown>, more: Record<string, unknown> = {}) =>
  noted({ seq: 1, at: "2026-01-02T03:04:05.000Z", type, payload, ...more });

test("what people, agents and tools say is text; what is said about them is not", () => {
  const text = { type: "text", text: "Good day" };
  assert.deepEqual(
    event({ id: 1, method: "session/prompt", params: { prompt: [text, { type: "image" }] } }),
    {
      place: "whole",
      kind: "user",
      texts: ["Good day"],
    },
  );
  assert.deepEqual(update({ sessionUpdate: "agent_message_chunk", content: text }), {
    place: "part",
    kind: "agent",
    text: "Good day",
  });
  const call = {
    sessionUpdate: "tool_call",
    title: "Read a.ts",
    rawInput: { path: "a.ts", lines: [12, null] },
    content: [
      { type: "content", content: text },
      { type: "diff", path: "b.ts", oldText: null, newText: "new" },
    ],
    rawOutput: "out",
  };
  assert.deepEqual(update(call), {
    place: "whole",
    kind: "tool",
    texts: ["Read a.ts", "Good day", "b.ts", "new", "a.ts", '{"path":"a.ts","lines":[12,null]}', "out"],
  });
  assert.equal(update({ ...call, sessionUpdate: "tool_call_update" })?.place, "aside");
  assert.deepEqual(event({ id: 1, error: { code: -32000, message: "The agent went away" } }), {
    place: "whole",
    kind: "error",
    texts: ["The agent went away"],
  });
  assert.equal(event({ id: 1, result: { stopReason: "end_turn" } }), null);
  assert.equal(event({ id: 1, method: "session/new", params: { cwd: "/workspace" } }), null);
  assert.equal(update({ sessionUpdate: "available_commands_update", availableCommands: ["x"] }), null);
});

test("of a test it is text why it failed, and what its graders said and on what ground", () => {
  // What it is called is found in the outline, and is not to be found twice.
  assert.equal(trace("test_started", { test: "t07", suite: "sums" }), null);
  assert.deepEqual(trace("test_result", { state: "error", stage: "agent", reason: "timeout" }), {
    place: "whole",
    kind: "test",
    texts: ["agent", "timeout"],
  });
  const assertions = [{ text: "Says it", passed: false, evidence: "It says 0" }];
  assert.deepEqual(trace("grader_result", { name: "says", verdict: "fail", message: "No", assertions }), {
    place: "whole",
    kind: "grader",
    texts: ["says", "No", "Says it", "It says 0"],
  });
  assert.deepEqual(trace("test_result", { state: "error", error: "It went away" })?.kind, "error");
});

test("of the trace, names, details, commands and errors are text", () => {
  assert.deepEqual(
    trace("node_started", { statusDetail: "Load it" }, { nodeId: "load_pull_request", attemptId: "x#1" }),
    { place: "whole", kind: "step", texts: ["load_pull_request", "Load pull request", "Load it"] },
  );
  const action = { command: "gh", args: ["pr", "view"] };
  assert.deepEqual(trace("action_prepared", { action }), {
    place: "whole",
    kind: "step",
    texts: ["gh pr view"],
  });
  assert.deepEqual(trace("node_outcome", { outcome: "failed", error: "No JSON" }), {
    place: "whole",
    kind: "error",
    texts: ["No JSON"],
  });
  assert.equal(trace("artifact_written", { artifact: { path: "a" } }), null);
});

test("nothing that an agent may write makes it fail", () => {
  const anything = fc.dictionary(
    fc.constantFrom(
      "method",
      "params",
      "update",
      "sessionUpdate",
      "content",
      "title",
      "error",
      "prompt",
      "rawInput",
    ),
    fc.oneof(fc.anything({ maxDepth: 3 }), fc.constantFrom("session/update", "tool_call", "plan")),
  );
  fc.assert(
    fc.property(anything, (message) => {
      event(message);
      event({ method: "session/update", params: { update: message } });
      event({ method: "session/prompt", params: message });
      trace("node_started", message);
    }),
  );
});

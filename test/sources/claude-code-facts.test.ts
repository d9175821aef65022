import assert from "node:assert/strict";
import { test } from "node:test";
import { claudeCodeFormat } from "../../src/sources/claude-code/claude-code.ts";
import { updatesIn } from "../../src/protocol/updates.ts";
import { eventOf } from "../../src/sources/claude-code/events.ts";
import {
  call,
  CLAUDE_FILE,
  ClaudeRecords,
  factsOf,
  inShort,
  said,
  timeOf,
} from "../helpers/claude-records.ts";

const END = { stop_reason: "end_turn" };
const asCommand = (name: string, args = "") =>
  `<command-name>${name}</command-name>\n<command-message>${name.slice(1)}</command-message>\n<command-args>${args}</command-args>`;

/** The prompts that a record alone comes to, and the same of its event. */
function prompts(record: Record<string, unknown>): [facts: string[], event: unknown] {
  const facts = factsOf([record]).flatMap((fact) => (fact.is === "prompt" ? [fact.text] : []));
  return [facts, eventOf(record).message["method"] ?? "answer"];
}

test("a prompt is what a person typed, and its event says the same", () => {
  const records = new ClaudeRecords();
  const queued = (prompt: unknown, more: object = {}) =>
    records.record("attachment", {
      attachment: { type: "queued_command", prompt, commandMode: "prompt", ...more },
    });
  const typed: [Record<string, unknown>, string][] = [
    [records.user("Fix it"), "Fix it"],
    [records.user([said("Look at"), said("this")]), "Look at\n\nthis"],
    [records.user("<system-reminder>be kind</system-reminder>\nFix it"), "Fix it"],
    [records.user("what does <system-reminder> mean?"), "what does <system-reminder> mean?"],
    [records.user("Fix it", { origin: { kind: "human" } }), "Fix it"],
    [
      records.user(
        "<command-message>review</command-message>\n<command-name>/review</command-name>\n<command-args>42</command-args>",
      ),
      "/review 42",
    ],
    [records.user(asCommand("/goal", "make it fast")), "/goal make it fast"],
  ];
  for (const [record, text] of typed) assert.deepEqual(prompts(record), [[text], "session/prompt"]);

  const image = records.user([
    { type: "image", source: { type: "base64", media_type: "image/png", data: "AAAA" } },
  ]);
  assert.deepEqual(prompts(image), [[""], "session/prompt"]);

  // Said while the agent works: its turn goes on.
  for (const remark of [
    queued("And be quick"),
    queued([said("And be quick")], { origin: { kind: "human" } }),
  ]) {
    assert.deepEqual(prompts(remark), [[], "session/update"]);
    const [update] = updatesIn(eventOf(remark).message);
    assert.deepEqual(update, { sessionUpdate: "user_message_chunk", content: said("And be quick") });
  }

  const other = [
    records.user("Text of a skill", { isMeta: true }),
    records.user("Summary", { isCompactSummary: true }),
    records.user("Look around", { isSidechain: true }),
    records.result("t1", "done"),
    records.user([{ type: "tool_result", tool_use_id: "t1", content: "no" }, said("and so on")]),
    records.user("[Request interrupted by user for tool use]"),
    records.user(asCommand("/exit")),
    records.user("<local-command-stdout>Bye!</local-command-stdout>"),
    records.user("<bash-input>ls</bash-input>"),
    records.user("<task-notification><task-id>a1</task-id></task-notification>"),
    records.user("Somebody else asks", { origin: { kind: "task-notification" } }),
    records.user("<system-reminder>be kind</system-reminder>"),
    records.user(""),
    queued("<task-notification><task-id>a1</task-id></task-notification>", {
      commandMode: "task-notification",
    }),
    queued("Not a person", { origin: { kind: "teammate" } }),
    records.record("queue-operation", { operation: "enqueue", content: "And be quick" }),
    records.record("last-prompt", { lastPrompt: "Fix it" }),
  ];
  for (const record of other) {
    const [facts, method] = prompts(record);
    assert.deepEqual(facts, [], JSON.stringify(record));
    assert.notEqual(method, "session/prompt", JSON.stringify(record));
  }
});

test("a turn ends once, where the file says so", () => {
  const records = new ClaudeRecords();
  const ends = (...between: Record<string, unknown>[]) =>
    inShort(factsOf([records.user("Go"), ...between])).filter((fact) => /^(?:prompt|over)/.test(fact));
  const thought = { type: "thinking", thinking: "Done?" };
  const over = [
    records.record("system", { subtype: "stop_hook_summary" }),
    records.record("system", { subtype: "turn_duration" }),
  ];

  assert.deepEqual(ends(records.answer("a", thought, END)), ["prompt Go"], "its text is still to come");
  const whole = [records.answer("a", thought, END), records.answer("a", said("Done."), END), ...over];
  assert.deepEqual(ends(...whole), ["prompt Go", "over ok"]);
  assert.deepEqual(ends(...over), ["prompt Go", "over ok"]);
  assert.deepEqual(ends(records.answer("a", said("And"), END), records.answer("a", said("more"), END)), [
    "prompt Go",
    "over ok",
  ]);
  assert.deepEqual(ends(records.user([said("[Request interrupted by user]")]), ...over), [
    "prompt Go",
    "over cancelled",
  ]);
  assert.deepEqual(ends(records.answer("a", said("No."), { stop_reason: "refusal" })), [
    "prompt Go",
    "over failed The model refused to answer",
  ]);
  const failed = records.answer("e", said("API Error: 500"), {
    model: "<synthetic>",
    isApiErrorMessage: true,
  });
  assert.deepEqual(ends(failed, ...over), ["prompt Go", "over failed API Error: 500"]);
  const again = records.answer("s", said("No response requested."), { model: "<synthetic>" });
  assert.deepEqual(ends(...whole, again), ["prompt Go", "over ok"]);

  const woken = [
    records.answer("b", call("t1")),
    records.result("t1", "x"),
    records.answer("c", said("All done."), END),
  ];
  assert.deepEqual(
    ends(...whole, ...woken),
    ["prompt Go", "over ok", "over ok"],
    "it went on unasked, and stopped",
  );
});

test("where nothing is said at a turn's end, the next prompt tells that the agent had stopped", () => {
  const records = new ClaudeRecords();
  const answered = [records.user("One"), records.answer("a", said("Done."))];
  const facts = factsOf([...answered, records.user("Two")]);
  assert.deepEqual(inShort(facts), [
    "prompt One",
    "usage claude:a 10",
    "answer Done.",
    "over ok",
    "prompt Two",
  ]);
  const over = facts.find(({ is }) => is === "turn-over");
  assert.equal(over?.is === "turn-over" && over.at, Date.parse(timeOf(2)), "when it had answered");

  const typedBetween = records.record("attachment", {
    attachment: { type: "queued_command", prompt: "Two" },
  });
  for (const between of [[typedBetween], [records.answer("b", call("t1")), records.user("Two")]])
    assert.ok(!inShort(factsOf([...answered, ...between])).includes("over ok"));
});

test("an answer counts once, with its most output; a copy says so", () => {
  const records = new ClaudeRecords();
  const facts = factsOf([
    records.answer("a", said("…"), { output: 1 }),
    records.answer("b", said("other"), { output: 4 }),
    records.answer("a", call("t1"), { output: 90 }),
    records.answer("a", call("t2"), { output: 90 }),
    records.answer("a", call("t3"), { output: 7 }),
    records.answer("s", said("No response requested."), { model: "<synthetic>" }),
    records.answer("f", said("x"), { forkedFrom: { sessionId: "other", messageUuid: "u" } }),
    records.answer("r", said("x"), { sessionId: "0d3f5d1e-0000-4a4b-9a53-0d8f6f0c7a11" }),
    records.answer("side", said("x"), { isSidechain: true }),
  ]);
  assert.deepEqual(
    inShort(facts).filter((fact) => fact.startsWith("usage")),
    [
      "usage claude:a 1",
      "usage claude:b 4",
      "usage claude:a 90",
      "usage claude:f 10 copied",
      "usage claude:r 10 copied",
      "usage claude:side 10",
    ],
  );
});

test("cached tokens are told by what they cost, in every age of the format", () => {
  const records = new ClaudeRecords();
  const tokens = (usage: object) => {
    const message = { id: "a", model: "m", content: [], usage };
    const [fact] = factsOf([records.record("assistant", { message })]).filter(({ is }) => is === "usage");
    return fact?.is === "usage" ? fact.tokens : null;
  };
  const none = {
    inputTokens: 0,
    cacheReadTokens: 0,
    cacheWriteTokens: 0,
    cacheWrite1hTokens: 0,
    outputTokens: 0,
  };
  assert.deepEqual(tokens({}), none);
  assert.deepEqual(
    tokens({
      input_tokens: 2,
      cache_creation_input_tokens: 30,
      cache_read_input_tokens: 50,
      output_tokens: 7,
    }),
    {
      ...none,
      inputTokens: 2,
      cacheReadTokens: 50,
      cacheWriteTokens: 30,
      outputTokens: 7,
    },
  );
  const parts = { ephemeral_5m_input_tokens: 4, ephemeral_1h_input_tokens: 6 };
  const both = { ...none, cacheWriteTokens: 10, cacheWrite1hTokens: 6 };
  assert.deepEqual(tokens({ cache_creation: parts }), both);
  assert.deepEqual(tokens({ cache_creation: parts, cache_creation_input_tokens: 10 }), both);
  assert.deepEqual(tokens({ input_tokens: -5, output_tokens: "many", cache_creation: null }), none);
});

test("calls and results have ids in every age, and what went wrong is told", () => {
  const records = new ClaudeRecords();
  const withoutId = records.answer(
    "a",
    { type: "tool_use", name: "Bash", input: { command: "ls" } },
    { uuid: "here" },
  );
  const ofIt = records.user([{ type: "tool_result", content: "ok" }], { sourceToolAssistantUUID: "here" });
  assert.deepEqual(inShort(factsOf([withoutId, ofIt])).slice(1), [
    "call here#0 Bash: ls",
    "result here#0 done 2",
  ]);

  const results: [content: unknown, fields: object, expected: string][] = [
    ["größe", {}, "result t done 7"],
    [[said("a"), { type: "image", source: {} }, said("b")], {}, "result t done 4"],
    ["bad", { is_error: true }, "result t failed 3"],
    ["Exit code 1\nno", {}, "result t failed 14"],
    ["Exit code 0", {}, "result t done 11"],
    ["<tool_use_error>x</tool_use_error>", {}, "result t failed 34"],
    ["The user doesn't want to proceed with this", {}, "result t failed 42"],
    [undefined, {}, "result t done 0"],
  ];
  for (const [content, fields, expected] of results)
    assert.deepEqual(inShort(factsOf([records.result("t", content, fields)])), [expected]);

  const took = (toolUseResult: unknown) => {
    const fact = factsOf([records.result("t", "x", { toolUseResult })]).find(({ is }) => is === "result");
    return fact?.is === "result" ? fact.durationMs : undefined;
  };
  assert.equal(took({ durationMs: 12 }), 12);
  assert.equal(took({ totalDurationMs: 900, durationMs: 3 }), 900);
  assert.equal(took({ durationSeconds: 1.5 }), 1500);
  assert.equal(took("Error: no"), null);
});

test("compactions, retries, errors, other models and questions are marked", () => {
  const records = new ClaudeRecords();
  const error = {
    status: 529,
    error: { type: "error", error: { type: "overloaded_error", message: "Overloaded" } },
  };
  const ask = { questions: [{ question: "To main?" }] };
  const facts = factsOf([
    records.record("system", {
      subtype: "compact_boundary",
      compactMetadata: { trigger: "auto", preTokens: 155_782 },
    }),
    records.user("In short…", { isCompactSummary: true }),
    records.user("In short, of an older version", { isCompactSummary: true }),
    records.record("system", {
      subtype: "api_error",
      error,
      retryInMs: 4123.7,
      retryAttempt: 2,
      maxRetries: 10,
    }),
    records.record("system", { subtype: "api_error" }),
    records.answer("a", call("t1", "AskUserQuestion", ask)),
    records.answer("b", said("x"), { model: "claude-haiku-4-5" }),
  ]);
  assert.deepEqual(
    inShort(facts).filter((fact) => !/^(?:usage|call|answer)/.test(fact)),
    [
      "compacted: Compacted automatically, at 155,782 tokens",
      "compacted: Compacted",
      "retry: Retry 2 of 10 in 4.1 s: Overloaded",
      "retry: Retry",
      "asks: To main?",
      "model: claude-opus-4-8 → claude-haiku-4-5",
    ],
  );
  assert.ok(facts.some((fact) => fact.is === "call" && fact.asks));
});

test("a subagent begins and is over once, whoever tells of it", () => {
  const records = new ClaudeRecords();
  const agents = (...each: Record<string, unknown>[]) =>
    inShort(factsOf(each)).filter((fact) => fact.startsWith("agent"));
  const start = records.answer("a", call("t1", "Task", { description: "Look around" }));
  const progress = records.record("progress", {
    parentToolUseID: "t1",
    data: { type: "agent_progress", agentId: "x1", message: {} },
  });
  const done = records.result("t1", "…", {
    toolUseResult: { agentId: "x1", status: "completed", totalDurationMs: 5 },
  });
  const both = ["agent-x1 of t1 begins", "agent-x1 of t1 over"];
  assert.deepEqual(agents(start, progress, progress, done), both);
  assert.deepEqual(agents(start, done), both);

  const launched = records.result("t1", "…", {
    toolUseResult: { agentId: "x1", isAsync: true, status: "async_launched" },
  });
  const note = "<task-notification>\n<task-id>x1</task-id>\n<status>completed</status>\n</task-notification>";
  const shell = note.replace("x1", "b7");
  const enqueued = records.record("queue-operation", { operation: "enqueue", content: note });
  const handed = records.record("attachment", { attachment: { type: "queued_command", prompt: note } });
  assert.deepEqual(agents(start, launched), both.slice(0, 1));
  assert.deepEqual(agents(start, launched, records.user(shell), enqueued, handed), both);
  const fetched = { retrieval_status: "success", task: { task_id: "x1", status: "completed" } };
  assert.deepEqual(agents(start, launched, records.result("t2", "…", { toolUseResult: fetched })), both);

  const odd = records.result("t1", "…", { toolUseResult: { agentId: "../x", status: "completed" } });
  assert.deepEqual(agents(start, odd), []);
});

test("in a subagent's own file the session asks, and its last answer says that it is over", () => {
  const records = new ClaudeRecords();
  const own = { isSidechain: true, agentId: "x1" };
  const file = { dir: "/projects/-home-kim-shop/s/subagents", name: "agent-x1.jsonl" };
  const asked = records.user("Look around", own);
  const facts = factsOf(
    [asked, records.answer("a", said("Seen."), { ...own, stop_reason: "end_turn" })],
    file,
  );
  assert.deepEqual(inShort(facts), ["prompt Look around", "usage claude:a 10", "answer Seen.", "over ok"]);
  assert.notEqual(facts[0]?.is, "about", "it begins when it is asked, and no earlier");
  assert.equal(eventOf(asked).message["method"], "session/prompt");
});

test("what is known of the session as a whole is told when it changes", () => {
  const records = new ClaudeRecords();
  const facts = factsOf([
    { type: "summary", summary: "Of another session", leafUuid: "elsewhere" },
    { type: "summary", summary: "Of this one", leafUuid: "u1" },
    records.user("Go"),
    records.user("On", { cwd: "/home/kim/shop/src", gitBranch: "fix" }),
    { type: "ai-title", aiTitle: "Fix the cart", sessionId: "s" },
    { type: "ai-title", aiTitle: "Fix the cart", sessionId: "s" },
    { type: "custom-title", customTitle: "Cart", sessionId: "s" },
  ]);
  const sessionId = CLAUDE_FILE.name.replace(".jsonl", "");
  assert.deepEqual(
    facts.flatMap((fact) => (fact.is === "about" ? [fact.about] : [])),
    [
      { sessionId },
      {
        title: { text: "Of this one", rank: "summary" },
        project: "/home/kim/shop",
        branch: "main",
        version: "2.1.150",
      },
      { branch: "fix" },
      { title: { text: "Fix the cart", rank: "generated" } },
      { title: { text: "Cart", rank: "named" } },
    ],
  );
});

test("a file is a session by its first records, and files of others are none", () => {
  const { isSession, isSessionName } = claudeCodeFormat;
  const records = new ClaudeRecords();
  assert.ok(isSessionName("a.jsonl") && !isSessionName(".jsonl") && !isSessionName("a.json"));
  const summary = { type: "summary", summary: "Before", leafUuid: "u" };
  assert.ok(isSession([summary, records.user("Go")]));
  assert.ok(isSession([{ type: "mode", mode: "normal", sessionId: "s" }]));
  assert.ok(isSession(Array.from({ length: 20 }, () => summary)), "a long head");
  const others = [
    [],
    [summary],
    [{ type: "file-history-snapshot", messageId: "m", snapshot: {} }],
    [{ timestamp: timeOf(1), type: "session_meta", payload: { id: "s" } }],
    [{ timestamp: timeOf(1), type: "user", data: { sessionId: "s" } }],
    [{ seq: 1, at: timeOf(1), type: "node_started", nodeId: "n" }],
    [null, 1, "x", [records.user("Go")]],
  ];
  for (const each of others) assert.ok(!isSession(each), JSON.stringify(each));
});

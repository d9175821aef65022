import assert from "node:assert/strict";
import { mkdir, symlink, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { test } from "node:test";
import fc from "fast-check";
import { writeClaudeDemo } from "../../scripts/demo/claude-demo.ts";
import { claudeCodeFormat } from "../../src/sources/claude-code/claude-code.ts";
import { eventOf } from "../../src/sources/claude-code/events.ts";
import { updatesIn } from "../../src/protocol/updates.ts";
import { call, ClaudeRecords, factsOf, inShort, said } from "../helpers/claude-records.ts";
import { tempDir } from "../helpers/temp-dir.ts";
import { lines } from "../data/recorded.ts";

const { agentsOf } = claudeCodeFormat;
const records = new ClaudeRecords();

/** The updates of a record's event; none where it is no update. */
function updates(record: Record<string, unknown>): readonly Record<string, unknown>[] {
  const { message } = eventOf(record);
  return message["method"] === "session/update" ? updatesIn(message) : [];
}

const text = (said: string) => ({ type: "text", text: said });

test("a record that says several things is one line with all of them", () => {
  const record = records.record("assistant", {
    message: {
      id: "a",
      model: "claude-opus-4-8",
      content: [
        { type: "thinking", thinking: "Hm." },
        said("I will look."),
        call("t1", "Read", { file_path: "/home/kim/shop/a.ts" }),
      ],
    },
  });
  assert.deepEqual(updates(record), [
    { sessionUpdate: "agent_thought_chunk", content: text("Hm.") },
    { sessionUpdate: "agent_message_chunk", content: text("I will look.") },
    {
      sessionUpdate: "tool_call",
      toolCallId: "t1",
      title: "Read a.ts",
      kind: "read",
      status: "in_progress",
      rawInput: { file_path: "/home/kim/shop/a.ts" },
      locations: [{ path: "/home/kim/shop/a.ts" }],
      _meta: { runreel: { tool: "Read" } },
    },
  ]);
});

test("editing tools tell what they change, when they begin and when they are done", () => {
  const path = "/home/kim/shop/a.ts";
  const asked = (name: string, input: object) =>
    updates(records.answer("a", call("t", name, input)))[0]?.["content"];
  const diff = (oldText: string | null, newText: string) => ({ type: "diff", path, oldText, newText });
  assert.deepEqual(asked("Edit", { file_path: path, old_string: "a", new_string: "" }), [diff("a", "")]);
  assert.deepEqual(asked("Write", { file_path: path, content: "b" }), [diff(null, "b")]);
  const edits = [
    { old_string: "a", new_string: "b" },
    { old_string: "c", new_string: "d" },
  ];
  assert.deepEqual(asked("MultiEdit", { file_path: path, edits }), [diff("a", "b"), diff("c", "d")]);
  assert.equal(asked("Read", { file_path: path }), undefined);

  const done = (content: string, toolUseResult?: object, is_error = false) =>
    updates(records.result("t", content, { toolUseResult, is_error }))[0];
  const written = { type: "update", filePath: path, content: "b", originalFile: "was" };
  assert.deepEqual(done("The file has been updated.", written)?.["content"], [diff("was", "b")]);
  assert.deepEqual(
    done("The file /x has been updated successfully.")?.["content"],
    undefined,
    "what the call says stands",
  );
  const failed = done("<tool_use_error>String not found</tool_use_error>", undefined, true);
  assert.deepEqual(
    [failed?.["status"], failed?.["content"]],
    ["failed", [{ type: "content", content: text("String not found") }]],
  );
});

test("a to-do list is the plan, beside the call that wrote it, which is one like any other", () => {
  const todos = [{ content: "Test", status: "in_progress", activeForm: "Testing" }];
  const { params } = eventOf(records.answer("a", call("t", "TodoWrite", { todos }))).message;
  const [written, plan] = updatesIn({ params });
  assert.equal(written?.["sessionUpdate"], "tool_call");
  assert.equal(written["toolCallId"], "t");
  assert.deepEqual(plan, {
    sessionUpdate: "plan",
    entries: [{ content: "Test", status: "in_progress", priority: "medium" }],
  });
  const result = records.result("t", "Todos have been modified", {
    toolUseResult: { oldTodos: [], newTodos: todos },
  });
  assert.equal(updates(result)[0]?.["status"], "completed");
});

test("what a result says is carried as far as it is small", () => {
  const picture = (data: string) => ({
    type: "image",
    source: { type: "base64", media_type: "image/png", data },
  });
  const [update] = updates(
    records.result("t", [said("see"), picture("AAAA"), picture("A".repeat(400_000))], {
      toolUseResult: { durationMs: 7, output: "x".repeat(200_000) },
    }),
  );
  assert.deepEqual(update?.["content"], [
    { type: "content", content: text("see") },
    { type: "content", content: { type: "image", data: "AAAA", mimeType: "image/png" } },
    { type: "content", content: text("[image of 300 kB]") },
  ]);
  assert.deepEqual(update?.["_meta"], { runreel: { durationMs: 7 } });
  assert.ok(!("rawOutput" in update));
  const details = { stdout: "x" };
  assert.deepEqual(updates(records.result("t", "x", { toolUseResult: details }))[0]?.["rawOutput"], details);
});

test("what is no part of the conversation is told beside it, and what nobody knows is carried", () => {
  const message = (record: Record<string, unknown>) => eventOf(record).message;
  const notice = (tone: string, said: string) => ({
    jsonrpc: "2.0",
    method: "runreel/notice",
    params: { tone, text: said },
  });
  const bash = records.user("<bash-input>ls</bash-input>");
  assert.deepEqual(message(bash), notice("quiet", "! ls"));
  const failed = records.answer("e", said("API Error: 500"), {
    model: "<synthetic>",
    isApiErrorMessage: true,
  });
  assert.deepEqual(message(failed), notice("bad", "API Error: 500"));
  assert.deepEqual(message(records.record("system", { subtype: "turn_duration", durationMs: 5 }))["result"], {
    stopReason: "end_turn",
  });
  assert.deepEqual(message(records.user("[Request interrupted by user]"))["result"], {
    stopReason: "cancelled",
  });

  const odd = { type: "from-the-future", deep: { er: [1] } };
  const carried = { method: "runreel/record", params: { type: "from-the-future", record: odd } };
  assert.deepEqual(eventOf(odd), { at: "", direction: "inbound", message: { jsonrpc: "2.0", ...carried } });
  const side = records.user("Look around", { isSidechain: true });
  assert.deepEqual(message(side)["params"], { type: "sidechain", record: side });
  const signed = records.answer("a", { type: "thinking", thinking: "", signature: "…" });
  assert.equal(message(signed)["method"], "runreel/record");
});

/** Records of the right shape with values of any: what a later version might write. */
const oddRecord = fc.dictionary(
  fc.constantFrom(
    "type",
    "subtype",
    "uuid",
    "timestamp",
    "sessionId",
    "message",
    "toolUseResult",
    "attachment",
    "data",
    "content",
    "isSidechain",
    "isMeta",
    "origin",
    "error",
    "compactMetadata",
    "retryInMs",
    "operation",
    "leafUuid",
    "summary",
  ),
  fc.oneof(
    fc.constantFrom(
      "user",
      "assistant",
      "system",
      "attachment",
      "progress",
      "queue-operation",
      "api_error",
      "compact_boundary",
    ),
    fc.jsonValue(),
    fc.record({
      id: fc.jsonValue(),
      model: fc.jsonValue(),
      type: fc.constantFrom("queued_command", "agent_progress"),
      prompt: fc.jsonValue(),
      usage: fc.jsonValue(),
      content: fc.oneof(
        fc.jsonValue(),
        fc.array(
          fc.record({
            type: fc.constantFrom("text", "image", "tool_use", "tool_result", "thinking", "document", "odd"),
            id: fc.jsonValue(),
            name: fc.oneof(
              fc.jsonValue(),
              fc.constantFrom("TodoWrite", "Edit", "MultiEdit", "AskUserQuestion", "mcp__a__b"),
            ),
            input: fc.jsonValue(),
            text: fc.jsonValue(),
            source: fc.jsonValue(),
            content: fc.jsonValue(),
          }),
        ),
      ),
    }),
  ),
);

test("no record is too odd: each has an event, always the same, and facts", () => {
  const any = fc.oneof(oddRecord, fc.dictionary(fc.string(), fc.jsonValue()));
  const run = fc.property(fc.array(any), (odd) => {
    const reader = claudeCodeFormat.facts({ dir: "/p", name: "s.jsonl" });
    let prompts = 0;
    for (const [line, record] of odd.entries()) {
      const event = eventOf(record);
      assert.deepEqual(JSON.parse(JSON.stringify(event)), JSON.parse(JSON.stringify(eventOf(record))));
      assert.equal(event.message["jsonrpc"], "2.0");
      assert.ok(event.at === "" || Number.isFinite(Date.parse(event.at)));
      if (event.message["method"] === "session/prompt") prompts += 1;
      for (const fact of reader.take(record, line)) {
        if (fact.is === "prompt") prompts -= 1;
        if (fact.is !== "about") assert.ok(Number.isFinite(fact.at));
      }
    }
    assert.equal(prompts, 0, "a turn of the trace for each turn of the conversation");
    for (const value of [null, 1, "x", [odd]]) assert.deepEqual(reader.take(value, 0), []);
  });
  fc.assert(run, { numRuns: 500 });
});

test("subagents are found beside a session, and nothing that leads elsewhere", async (t) => {
  const root = await tempDir(t);
  const session = await writeClaudeDemo(root, { until: "agent" });
  const file = { dir: session.dir, name: `${session.id}.jsonl` };
  const folder = join(session.dir, session.id, "subagents");
  const [agent, ...others] = await agentsOf(file);
  assert.ok(agent !== undefined && others.length === 0);
  assert.match(agent.id, /^agent-[\da-f]{17}$/);
  assert.deepEqual(
    [agent.dir, agent.name, agent.label],
    [folder, `${agent.id}.jsonl`, "Find uses of discount"],
  );
  const calls = factsOf(await lines(session.file)).flatMap((fact) => (fact.is === "call" ? [fact.id] : []));
  assert.equal(agent.call, calls.at(-1));

  await writeFile(join(root, "secret.jsonl"), "{}\n");
  await symlink(join(root, "secret.jsonl"), join(folder, "agent-link.jsonl"));
  await writeFile(join(folder, "agent-a b.jsonl"), "{}\n");
  await writeFile(join(folder, "notes.jsonl"), "{}\n");
  await mkdir(join(folder, "agent-dir.jsonl"));
  await writeFile(join(folder, "agent-torn.jsonl"), "");
  await writeFile(join(folder, "agent-torn.meta.json"), '{"agentType": "Exp');
  const found = await agentsOf(file);
  assert.deepEqual(
    found.map(({ id }) => id),
    [agent.id, "agent-torn"].toSorted(),
  );
  assert.deepEqual(found.find(({ id }) => id === "agent-torn")?.label, "");
  assert.deepEqual(await agentsOf({ dir: session.dir, name: "other.jsonl" }), []);
});

test("subagents that older versions wrote among the sessions are those of the session they name", async (t) => {
  const dir = await tempDir(t);
  const put = async (name: string, ...each: object[]) =>
    writeFile(join(dir, name), each.map((record) => `${JSON.stringify(record)}\n`).join(""));
  const own = { sessionId: "first", isSidechain: true, agentId: "a1" };
  const asked = new ClaudeRecords().user("Look around\nand say", own);
  await put("first.jsonl", new ClaudeRecords().user("Go", { sessionId: "first" }));
  await put("agent-a1.jsonl", asked);
  await put("agent-b2.jsonl", { ...asked, sessionId: "gone" });
  await put("agent-c3.jsonl");
  const agents = async (name: string) => (await agentsOf({ dir, name })).map(({ id, label }) => [id, label]);
  assert.deepEqual(await agents("first.jsonl"), [["agent-a1", "Look around and say"]]);
  assert.deepEqual(await agents("other.jsonl"), []);
  await put("agent-c3.jsonl", { ...asked, agentId: "c3" });
  assert.deepEqual(
    (await agents("first.jsonl")).map(([id]) => id),
    ["agent-a1", "agent-c3"],
  );

  const isAgent = async (name: string, record: object) => claudeCodeFormat.isAgent?.([record], { dir, name });
  assert.equal(await isAgent("agent-a1.jsonl", asked), true);
  assert.equal(
    await isAgent("agent-b2.jsonl", { ...asked, sessionId: "gone" }),
    false,
    "nobody else shows it",
  );
  assert.equal(await isAgent("first.jsonl", { ...asked, isSidechain: false }), false);
});

test("a session that is played is read as it was told", async (t) => {
  const session = await writeClaudeDemo(await tempDir(t));
  const told = inShort(factsOf(await lines(session.file), { dir: session.dir, name: `${session.id}.jsonl` }));
  assert.deepEqual(
    told
      .filter((fact) => /^(?:prompt|over|retry|asks|compacted|agent)/.test(fact))
      .map((fact) => fact.slice(0, 12)),
    [
      "prompt The d",
      ...told.filter((fact) => fact.startsWith("agent-")).map((fact) => fact.slice(0, 12)),
      "retry: Retry",
      "over ok",
      "prompt Good.",
      "asks: Commit",
      "compacted: C",
      "over ok",
    ],
  );
  assert.equal(told.filter((fact) => fact.startsWith("agent-")).length, 2);
  const of = (what: string) => told.filter((fact) => fact.startsWith(what)).length;
  assert.equal(of("call"), of("result"));
});

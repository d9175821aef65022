import assert from "node:assert/strict";
import { existsSync } from "node:fs";
import { readdir, realpath } from "node:fs/promises";
import { basename, dirname, join } from "node:path";
import { test } from "node:test";
import { eventOf } from "../../src/sources/claude-code/events.ts";
import { claudeCodeFormat } from "../../src/sources/claude-code/claude-code.ts";
import type { Fact, UsageFact } from "../../src/sources/coding/fact.ts";
import { conversationStep, emptyConversation } from "../../viewer/conversation/fold.ts";
import { factsOf } from "../helpers/claude-records.ts";
import { DATA, json, lines } from "./recorded.ts";

const CLAUDE = join(DATA, "claude-code");
const skip = existsSync(CLAUDE) ? false : `no recorded sessions of Claude Code in ${CLAUDE}`;

/**
 * What each file comes to, counted by eye in the files: prompts that a person typed, turns that the file
 * says have ended, calls, results, and those that failed.
 */
const COUNTED: Readonly<
  Record<string, readonly [prompts: number, over: number, calls: number, results: number, failed: number]>
> = {
  "PackmindHub+context-evaluator__66a75a73-185d__b3b64df4.jsonl": [1, 0, 25, 25, 6],
  "PackmindHub+context-evaluator__d2482b67-f255__ab90fc27.jsonl": [2, 1, 29, 29, 4],
  "entireio+cli__170cebcc-4cb9__c06cf3bb.jsonl": [10, 10, 15, 15, 0],
  "entireio+cli__21a2e002-8b63__bebd31ce.jsonl": [8, 7, 96, 96, 3],
  "entireio+cli__559081d6-534c__fa37a0ca.jsonl": [2, 1, 9, 9, 2],
  "entireio+cli__5a3bb1c8-c3ce__fe2e53ac.jsonl": [1, 0, 1, 0, 0],
  "entireio+git-sync__5ed1d306-9e1c__832eace7.jsonl": [2, 2, 7, 7, 0],
  "entireio+git-sync__ff0a7d3f-e73b__fd8e1b8e.jsonl": [10, 10, 89, 89, 1],
  "entireio+skills__35ea950f-b370__b3341730.jsonl": [14, 14, 68, 68, 1],
  "growth-1e0a84da/05.jsonl": [1, 0, 183, 182, 6],
  "with-subagents/170cebcc-4cb9-42aa-a322-6e590fc9db0d.jsonl": [10, 10, 15, 15, 0],
};

async function sessionFiles(): Promise<string[]> {
  const names = await readdir(CLAUDE, { recursive: true });
  return names.filter((name) => name.endsWith(".jsonl")).toSorted();
}

async function read(name: string): Promise<{ records: Record<string, unknown>[]; facts: Fact[] }> {
  const path = join(CLAUDE, name);
  const records = (await lines(path)).map((record) => Object(record));
  return { records, facts: factsOf(records, { dir: dirname(path), name: basename(path) }) };
}

function newest(facts: readonly Fact[]): UsageFact[] {
  return [...new Map(facts.flatMap((fact) => (fact.is === "usage" ? [[fact.key, fact]] : []))).values()];
}

function sums(answers: readonly UsageFact[]) {
  const sum = (name: keyof UsageFact["tokens"]) => answers.reduce((all, { tokens }) => all + tokens[name], 0);
  return {
    messages: answers.length,
    in: sum("inputTokens"),
    cw: sum("cacheWriteTokens"),
    cr: sum("cacheReadTokens"),
    h1: sum("cacheWrite1hTokens"),
    out: sum("outputTokens"),
  };
}

test("every recorded session comes to the turns, calls and failures that stand in it", { skip }, async () => {
  for (const [name, counted] of Object.entries(COUNTED)) {
    const { facts } = await read(name);
    const count = (is: Fact["is"]) => facts.filter((fact) => fact.is === is).length;
    const failed = facts.filter((fact) => fact.is === "result" && fact.isError).length;
    assert.deepEqual(
      [count("prompt"), count("turn-over"), count("call"), count("result"), failed],
      counted,
      name,
    );
    const calls = new Set(facts.flatMap((fact) => (fact.is === "call" ? [fact.id] : [])));
    assert.equal(calls.size, count("call"), "no two calls have one id");
    for (const fact of facts)
      if (fact.is === "result") assert.ok(calls.delete(fact.id), `${name}: ${fact.id}`);
    assert.equal(calls.size, count("call") - count("result"));
  }
});

test("tokens are those that were expected of every file", { skip }, async () => {
  const expected = Object(await json(join(DATA, "expected-usage.json")));
  let met = 0;
  for (const name of await sessionFiles()) {
    const wanted = expected[name];
    if (wanted === undefined) continue;
    const { facts } = await read(name);
    const { cr, cw, h1, messages, out } = wanted;
    assert.deepEqual(sums(newest(facts)), { messages, in: wanted["in"], cw, cr, h1, out }, name);
    met += 1;
    const told = new Map<string, number>();
    for (const fact of facts) {
      if (fact.is !== "usage") continue;
      assert.ok(fact.tokens.outputTokens > (told.get(fact.key) ?? -1), "told again only with more");
      told.set(fact.key, fact.tokens.outputTokens);
    }
  }
  assert.equal(met, 9);
});

test("no record is lost, and the conversation of them has no entry without a name", { skip }, async () => {
  for (const name of await sessionFiles()) {
    const { facts, records } = await read(name);
    assert.ok(claudeCodeFormat.isSession(records.slice(0, 20)), name);
    let conversation = emptyConversation(0);
    let prompts = 0;
    for (const [line, record] of records.entries()) {
      const event = eventOf(record);
      if (event.message["method"] === "session/prompt") prompts += 1;
      // What is no part of the conversation is carried as it is.
      const { params } = event.message;
      if (event.message["method"] === "runreel/record") assert.equal(Object(params)["record"], record);
      conversation = conversationStep(conversation, { seq: line + 1, ...event }, line);
    }
    assert.equal(facts.filter(({ is }) => is === "prompt").length, prompts, name);
    for (const entry of conversation.entries.slice(0, conversation.entries.length)) {
      if (entry.kind !== "tool") continue;
      assert.notEqual(entry.title, "", `${name}: line ${entry.line}`);
      assert.notEqual(entry.status, "pending", `${name}: line ${entry.line}`);
    }
  }
});

test("a session that grew says of its beginning what it said before", { skip }, async () => {
  const stages = (await sessionFiles()).filter((name) => name.startsWith("growth-"));
  assert.equal(stages.length, 6);
  const last = await read(stages.at(-1) ?? "");
  for (const stage of stages) {
    const { facts, records } = await read(stage);
    assert.deepEqual(last.records.slice(0, records.length), records, stage);
    assert.deepEqual(last.facts.slice(0, facts.length), facts, stage);
  }
});

test("the subagents of a recorded session are tied to the calls that started them", { skip }, async () => {
  // A session's place is a real path.
  const dir = await realpath(join(CLAUDE, "with-subagents"));
  const [name] = (await readdir(dir)).filter((each) => each.endsWith(".jsonl"));
  assert.ok(name !== undefined);
  const agents = await claudeCodeFormat.agentsOf({ dir, name });
  const { facts } = await read(join("with-subagents", name));
  const started = new Map(
    facts.flatMap((fact) => (fact.is === "call" && fact.tool === "Task" ? [[fact.id, fact.title]] : [])),
  );
  assert.equal(agents.length, 2);
  for (const { call, id, label } of agents) {
    assert.equal(started.get(call ?? ""), label);
    const told = facts.filter((fact) => fact.is === "agent" && fact.agent === id && fact.call === call);
    assert.deepEqual(
      told.map((fact) => fact.is === "agent" && fact.isOver),
      [false, true],
    );
  }
});

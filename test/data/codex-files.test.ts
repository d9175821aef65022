import assert from "node:assert/strict";
import { existsSync } from "node:fs";
import { readdir } from "node:fs/promises";
import { join } from "node:path";
import { test } from "node:test";
import * as v from "valibot";
import { SessionEvent } from "../../src/protocol/bundle.ts";
import { codexFormat } from "../../src/sources/codex/codex.ts";
import type { Fact } from "../../src/sources/coding/fact.ts";
import type { Entry } from "../../viewer/conversation/entry.ts";
import { conversationStep, emptyConversation } from "../../viewer/conversation/fold.ts";
import { factsOf, only } from "../helpers/codex-session.ts";
import { DATA, json, lines } from "./recorded.ts";

const CODEX = join(DATA, "codex");
const skip = existsSync(CODEX) ? false : `no recorded sessions of Codex in ${CODEX}`;

/** Turns, calls, results and errors as they stand in the files, counted by other means. */
const STANDING = new Map([
  ["EntityProcess+agentv__019eef3d-abd1__3c2ba9fc.jsonl", { turns: 26, calls: 150, results: 149, errors: 3 }],
  ["entireio+git-sync__019ddd6f-3680__f11070c3.jsonl", { turns: 4, calls: 20, results: 20, errors: 0 }],
  ["entireio+git-sync__019ed628-d563__19f5f3e7.jsonl", { turns: 1, calls: 4, results: 4, errors: 0 }],
  ["entireio+skills__019d78fc-c449__fb15cc63.jsonl", { turns: 2, calls: 33, results: 33, errors: 1 }],
  ["entireio+skills__019dad77-8919__94a92282.jsonl", { turns: 1, calls: 2, results: 2, errors: 0 }],
]);

function standing(facts: readonly Fact[]) {
  return {
    turns: only(facts, "prompt").length,
    calls: only(facts, "call").length,
    results: only(facts, "result").length,
    errors: only(facts, "result").filter(({ isError }) => isError).length,
  };
}

function events(records: readonly unknown[]): SessionEvent[] {
  return records.map((record, seq) => v.parse(SessionEvent, { seq, ...codexFormat.eventOf(Object(record)) }));
}

function shown(records: readonly unknown[]): readonly Entry[] {
  let conversation = emptyConversation(0);
  for (const [line, event] of events(records).entries())
    conversation = conversationStep(conversation, event, line);
  return conversation.entries.slice(0, conversation.entries.length);
}

function promptsIn(entries: readonly Entry[]): string[] {
  return entries.flatMap((entry) => (entry.kind === "user" ? [entry.text] : []));
}

test(
  "the recorded sessions use what was counted for them, and have the turns and calls that stand in them",
  { skip },
  async () => {
    const expected = Object(await json(join(DATA, "expected-usage.json")));
    for (const [name, told] of STANDING) {
      const records = await lines(join(CODEX, name));
      assert.ok(codexFormat.isSession(records));
      const facts = factsOf(records);
      assert.deepEqual(standing(facts), told, name);
      const usage = only(facts, "usage");
      const sum = (key: "inputTokens" | "cacheReadTokens" | "outputTokens") =>
        usage.reduce((all, { tokens }) => all + tokens[key], 0);
      const { cached, calls, in: input, out } = expected[name];
      assert.deepEqual(
        [
          usage.length,
          sum("inputTokens") + sum("cacheReadTokens"),
          sum("cacheReadTokens"),
          sum("outputTokens"),
        ],
        [calls, input, cached, out],
        name,
      );
      assert.equal(new Set(usage.map(({ key }) => key)).size, usage.length);
      assert.ok(usage.every(({ isCopied, model }) => !isCopied && model !== null));
    }
  },
);

test(
  "the conversation of each recorded session shows every prompt and every answer once, and every call by its name",
  { skip },
  async () => {
    for (const name of STANDING.keys()) {
      const records = await lines(join(CODEX, name));
      const entries = shown(records);
      const facts = factsOf(records);
      assert.deepEqual(
        promptsIn(entries),
        only(facts, "prompt").map(({ text }) => text),
        name,
      );
      const said = entries.flatMap((entry) => (entry.kind === "agent" ? [entry.text] : [])).join("\n");
      for (const { text } of only(facts, "answer")) assert.equal(said.split(text).length >= 2, true, name);
      const tools = entries.filter((entry) => entry.kind === "tool");
      assert.deepEqual(
        tools.map(({ id }) => id),
        only(facts, "call").map(({ id }) => id),
        name,
      );
      assert.ok(tools.every(({ title }) => title !== ""));
      const failed = tools.filter(({ status }) => status === "failed").map(({ id }) => id);
      const bad = only(facts, "result").filter(({ isError }) => isError);
      assert.deepEqual(
        failed,
        bad.map(({ id }) => id),
        name,
      );
    }
  },
);

test("what was made by hand for other readers is read too, and no line of it is lost", { skip }, async () => {
  const dir = join(CODEX, "fixtures-jazzyalex");
  for (const name of await readdir(dir)) {
    const records = await lines(join(dir, name));
    assert.equal(events(records).length, records.length);
    assert.equal(codexFormat.isSession(records), name !== "schema_drift.jsonl");
    factsOf(records);
  }
  const large = await lines(join(dir, "large.jsonl"));
  const prompts = ["Start", "Step 1", "Step 2", "Step 3", "Step 4", "Step 5"];
  assert.deepEqual(
    only(factsOf(large), "prompt").map(({ text }) => text),
    prompts,
  );
  assert.deepEqual(promptsIn(shown(large)), prompts);
});

test("a session that grew is told the same, however it was read", { skip }, async () => {
  const dir = join(CODEX, "growth-019ddeed");
  const names = (await readdir(dir)).toSorted();
  const last = factsOf(await lines(join(dir, names.at(-1) ?? "")));
  for (const name of names) {
    const facts = factsOf(await lines(join(dir, name)));
    assert.deepEqual(facts, last.slice(0, facts.length), name);
  }
});

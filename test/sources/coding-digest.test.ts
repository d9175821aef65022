import assert from "node:assert/strict";
import { test } from "node:test";
import { NO_USAGE } from "../../src/protocol/usage.ts";
import { DigestMaker } from "../../src/sources/coding/digest-maker.ts";
import type { Fact } from "../../src/sources/coding/fact.ts";

const at = Date.parse("2026-01-02T03:04:05.000Z");
const prompt = (text: string): Fact => ({ is: "prompt", at, text });
const titled = (text: string, rank: "named" | "generated" | "summary"): Fact => ({
  is: "about",
  about: { title: { text, rank } },
});
const call = (id: string, more: { readonly title?: string; readonly asks?: boolean } = {}): Fact => ({
  is: "call",
  at: at + 1,
  id,
  tool: "Bash",
  kind: "execute",
  title: more.title ?? "npm test",
  path: null,
  asks: more.asks ?? false,
});
const result = (id: string): Fact => ({
  is: "result",
  at: at + 2,
  id,
  isError: false,
  bytes: 0,
  durationMs: null,
});
const answer = (text: string): Fact => ({ is: "answer", at: at + 3, text });
const over: Fact = { is: "turn-over", at: at + 4, outcome: "ok", error: null };

function digestOf(...facts: readonly Fact[]) {
  const maker = new DigestMaker();
  for (const fact of facts) maker.take(fact);
  return maker.digest(NO_USAGE, true);
}

test("A session is called as it was named, else by a title that was made, a summary, or its first prompt", () => {
  const named = titled("Named", "named");
  const generated = titled("Made", "generated");
  const summary = titled("Summed up", "summary");
  assert.equal(digestOf().title, "");
  assert.equal(digestOf(prompt("Fix\n  it,\nplease"), prompt("Now that")).title, "Fix it, please");
  assert.equal(digestOf(summary, prompt("Fix it")).title, "Summed up");
  assert.equal(digestOf(prompt("Fix it"), generated, summary).title, "Made");
  assert.equal(digestOf(named, generated, summary, prompt("Fix it")).title, "Named");
  assert.equal(digestOf(named, titled("Named again", "named")).title, "Named again");
  assert.ok(digestOf(prompt("x".repeat(1_000_000))).title.length <= 121);
});

test("The model has the word from a prompt on; what has no result yet is open", () => {
  const state = (...facts: readonly Fact[]) => {
    const told = digestOf(...facts).state;
    return told.is === "working" ? told.calls.map(({ asks, id }) => (asks ? `${id}?` : id)) : told.is;
  };
  assert.equal(state(), "empty");
  assert.deepEqual(state(prompt("a")), []);
  assert.deepEqual(state(prompt("a"), call("1"), call("2"), result("1")), ["2"]);
  assert.deepEqual(state(prompt("a"), call("1"), call("1", { asks: true })), ["1?"]);
  assert.equal(state(prompt("a"), call("1"), over), "idle");
  assert.deepEqual(state(prompt("a"), over, prompt("b")), []);
  assert.deepEqual(state(prompt("a"), over, call("2")), ["2"], "it goes on unasked");
  assert.deepEqual(state(prompt("a"), call("lost"), call("2"), result("2"), answer("Done")), []);
  assert.equal(state(prompt("a"), over, result("late")), "idle");
});

test("Its last line is what was said or done last", () => {
  assert.equal(digestOf(prompt("Fix it")).lastLine, "Fix it");
  assert.equal(digestOf(prompt("Fix it"), call("1")).lastLine, "Bash: npm test");
  assert.equal(digestOf(prompt("Fix it"), call("1", { title: "" })).lastLine, "Bash");
  assert.equal(digestOf(prompt("Fix it"), call("1"), result("1"), answer("It\nworks")).lastLine, "It works");
});

test("Times are the records' own; a record without one says nothing of them", () => {
  const undated: Fact = { is: "prompt", at: Number.NaN, text: "a" };
  assert.equal(digestOf(undated).startedAt, null);
  const { newestAt, startedAt, turns } = digestOf(undated, prompt("b"), over);
  assert.deepEqual([startedAt, newestAt, turns], [at, at + 4, 2]);
});

test("A session's id is the first that its file tells, and of limits the last of each counts", () => {
  const about = (sessionId: string, project: string): Fact => ({
    is: "about",
    about: { sessionId, project },
  });
  const limits = (usedPercent: number): Fact => {
    const limit = { name: "primary", usedPercent, windowMinutes: null, resetsAt: null, at };
    return { is: "limits", at, limits: [limit] };
  };
  const digest = digestOf(about("own", "/a"), about("copied", "/b"), limits(1), limits(2));
  assert.equal(digest.sessionId, "own");
  assert.equal(digest.project, "/b");
  assert.deepEqual(
    digest.limits.map(({ usedPercent }) => usedPercent),
    [2],
  );
});

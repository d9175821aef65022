import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import type { NowRecord } from "../../src/protocol/now.ts";
import { MAIN_SESSION } from "../../src/protocol/turn-lines.ts";
import { NO_USAGE } from "../../src/protocol/usage.ts";
import type { SessionNews, ToldFact } from "../../src/sources/coding/digests.ts";
import { ANSWER_WAITS_MS } from "../../src/sums/now-records.ts";
import { SessionRecords } from "../../src/sums/session-records.ts";
import { ManualClock } from "../helpers/manual-clock.ts";

const AT = Date.parse("2026-01-02T03:04:05.000Z");

function news(facts: readonly ToldFact[], rest: Partial<SessionNews> = {}): SessionNews {
  return {
    place: "/sessions/a.jsonl",
    source: "claude-code",
    digest: {
      sessionId: "session-a",
      title: "A session",
      project: "/srv/sums",
      branch: null,
      startedAt: AT,
      newestAt: AT,
      turns: 1,
      usage: null,
      lastLine: "",
      limits: [],
      state: { is: "empty" },
    },
    session: MAIN_SESSION,
    news: facts,
    isLive: true,
    ...rest,
  };
}

function usage(key: string, outputTokens: number, costUsd: number, at = AT): ToldFact {
  return { is: "usage", at, key, model: "m", usage: { ...NO_USAGE, outputTokens, costUsd } };
}

function call(id: string, at = AT, asks = false): ToldFact {
  return { is: "call", at, id, tool: "Bash", kind: "execute", title: "npm test", path: "/a.ts", asks };
}

function result(id: string, at: number, isError = false): ToldFact {
  return { is: "result", at, id, isError, bytes: 12, durationMs: null };
}

/** A book that a test tells what to tell, and a list that knows one run, once it does. */
function setUp(isListed = true) {
  const clock = new ManualClock(AT);
  const told: NowRecord[] = [];
  const remembered: NowRecord[] = [];
  let tell: (one: SessionNews) => void = () => undefined;
  let changed: () => void = () => undefined;
  let listed = isListed;
  const records = new SessionRecords({
    book: {
      onNews(listener) {
        tell = listener;
        return () => (tell = () => undefined);
      },
    },
    runs: {
      nameOf: (place) => (listed ? { id: `run of ${place}`, title: "The run" } : undefined),
      onChange(listener) {
        changed = listener;
        return () => (changed = () => undefined);
      },
    },
    taker: { tell: (some) => told.push(...some), remember: (some) => remembered.push(...some) },
    clock,
  });
  const list = () => {
    listed = true;
    changed();
  };
  return { clock, told, remembered, records, list, tell: (one: SessionNews) => tell(one) };
}

test("an answer that grows is one record, with all that it took", () => {
  const { clock, told, tell } = setUp();
  tell(news([usage("a", 2, 0.1), call("c1")]));
  assert.deepEqual(
    told.map(({ type }) => type),
    ["tool_call"],
    "a call is told at once",
  );
  clock.advance(ANSWER_WAITS_MS - 1);
  tell(news([usage("a", 8, 0.4)]));
  clock.advance(ANSWER_WAITS_MS - 1);
  assert.equal(told.length, 1);
  clock.advance(1);
  assert.deepEqual(told[1], {
    type: "event",
    payload: {
      id: "a",
      ts: "2026-01-02T03:04:05.000Z",
      run_id: "run of /sessions/a.jsonl",
      run_title: "The run",
      source: "claude-code",
      project: "/srv/sums",
      session_id: "session-a",
      model: "m",
      cost_usd: 0.5,
      input_tokens: 0,
      output_tokens: 10,
      cache_read_tokens: 0,
      cache_create_tokens: 0,
    },
  });
  tell(news([usage("a", 1, 0.05)]));
  clock.advance(10_000);
  assert.equal(told.length, 2, "never twice");
  assert.equal(clock.waiting, 0);
});

test("what follows an answer ends it: another answer, a prompt, the turn's end", () => {
  const { told, tell } = setUp();
  const over: ToldFact = { is: "turn-over", at: AT, outcome: "ok", error: null };
  tell(news([usage("a", 1, 1), usage("b", 1, 1), { is: "prompt", at: AT, text: "go on" }]));
  tell(news([usage("c", 1, 1), over]));
  assert.deepEqual(
    told.map(({ payload }) => payload.id),
    ["a", "b", "c"],
  );
  // Of an agent beside it, it is no end.
  tell(news([usage("d", 1, 1)]));
  tell(news([over], { session: "agent-1" }));
  assert.equal(told.length, 3);
});

test("a call is a record as it begins and one as it ends, paired by id; with its result at hand it is one", () => {
  const { told, tell } = setUp();
  tell(news([call("c1"), call("c2", AT + 100, true)]));
  tell(news([result("c2", AT + 2_600), result("c1", AT + 5_000, true)]));
  tell(news([call("c3", AT + 6_000), result("c3", AT + 7_000)]));
  assert.deepEqual(
    told.map(({ payload, type }) => [
      type,
      payload.id,
      "status" in payload && [payload.status, payload.duration],
    ]),
    [
      ["tool_call", "c1", ["running", null]],
      ["tool_call", "c2", ["asks", null]],
      ["tool_result", "c2", ["ok", 2.5]],
      ["tool_result", "c1", ["error", 5]],
      ["tool_call", "c3", ["ok", 1]],
    ],
  );
});

test("what a copy of a session repeats is no record", () => {
  const { told, tell } = setUp();
  const mark: ToldFact = { is: "mark", at: AT, mark: "retry", text: "Retry 1 of 10" };
  const facts = [call("c1"), result("c1", AT + 1), mark];
  tell(news(facts));
  tell(news(facts, { place: "/sessions/b.jsonl" }));
  assert.equal(told.length, 2);
});

test("a turn that failed is a mark, but not beside the error that says so already", () => {
  const { told, tell } = setUp();
  const failed = (at: number, error: string | null): ToldFact => ({
    is: "turn-over",
    at,
    outcome: "failed",
    error,
  });
  tell(news([failed(AT, "overloaded")]));
  tell(news([{ is: "mark", at: AT + 1, mark: "error", text: "no credit" }, failed(AT + 2, "no credit")]));
  tell(news([{ is: "turn-over", at: AT + 3, outcome: "cancelled", error: null }]));
  assert.deepEqual(
    told.map(({ payload }) => "mark" in payload && [payload.mark, payload.text]),
    [
      ["error", "overloaded"],
      ["error", "no credit"],
    ],
  );
});

test("marks of one moment are told apart, those of a subagent too", () => {
  const { told, tell } = setUp();
  const retry = (text: string): ToldFact => ({ is: "mark", at: AT, mark: "retry", text });
  tell(news([retry("once more"), retry("and again")]));
  tell(news([retry("the agent's")], { session: "agent-a" }));
  assert.equal(told.length, 3);
  assert.equal(new Set(told.map(({ payload }) => payload.id)).size, 3);
});

test("what was only found is remembered, not told; what is older than hours is neither", () => {
  const { told, remembered, tell, clock } = setUp();
  const found = { isLive: false };
  tell(news([call("old", AT - 7 * 3_600_000), call("c1", AT - 1_000), usage("a", 1, 1, AT - 500)], found));
  tell(news([call("c2", AT + 1)], found));
  assert.deepEqual(
    [remembered, told].map((some) => some.map(({ payload }) => payload.id)),
    [["c1", "a"], ["c2"]],
  );
  // The end of a call from before is paired with it.
  tell(news([result("old", AT + 1_000)]));
  const [, end] = told;
  assert.ok(end?.type === "tool_result");
  assert.deepEqual([end.payload.tool_name, end.payload.duration], ["Bash", 7 * 3_600 + 1]);
  assert.equal(clock.waiting, 0);
});

test("a session that is not listed yet waits for its line", () => {
  const { told, tell, list, records, clock } = setUp(false);
  tell(news([call("c1")]));
  tell(news([call("c2")]));
  assert.equal(told.length, 0);
  list();
  assert.deepEqual(
    told.map(({ payload }) => payload.id),
    ["c1", "c2"],
  );
  tell(news([usage("a", 1, 1)]));
  records.close();
  clock.advance(10_000);
  assert.deepEqual([told.length, clock.waiting], [2, 0]);
});

test("however a file is cut into batches, each answer, call and result is told once, and no cost twice", () => {
  const step = fc.oneof(
    fc.record({ is: fc.constant("answer" as const), key: fc.nat(3), tokens: fc.integer({ min: 1, max: 9 }) }),
    fc.record({ is: fc.constant("call" as const) }),
    fc.record({ is: fc.constant("result" as const), which: fc.nat(9) }),
    fc.record({ is: fc.constant("prompt" as const) }),
  );
  const plans = fc.array(fc.record({ step, cut: fc.boolean(), waits: fc.nat(400) }), { maxLength: 60 });
  fc.assert(
    fc.property(plans, (plan) => {
      const { clock, told, tell } = setUp();
      let [turn, calls, outputTokens] = [0, 0, 0];
      const keys = new Set<string>();
      const open = new Set<string>();
      let ended = 0;
      let batch: ToldFact[] = [];
      for (const [index, { cut, step: one, waits }] of plan.entries()) {
        const at = AT + index;
        if (one.is === "answer") {
          // An answer that was followed by another never goes on.
          const key = `${turn}-${Math.max(one.key, ...[...keys].flatMap((each) => lastOf(each, turn)))}`;
          keys.add(key);
          outputTokens += one.tokens;
          batch.push(usage(key, one.tokens, one.tokens, at));
        } else if (one.is === "call") {
          calls += 1;
          open.add(`c${calls}`);
          batch.push(call(`c${calls}`, at));
        } else if (one.is === "result") {
          const id = [...open][one.which];
          if (id === undefined) continue;
          open.delete(id);
          ended += 1;
          batch.push(result(id, at));
        } else {
          turn += 1;
          batch.push({ is: "prompt", at, text: "go on" });
        }
        if (!cut) continue;
        tell(news(batch));
        batch = [];
        clock.advance(Math.min(waits, ANSWER_WAITS_MS - 1));
      }
      tell(news(batch));
      clock.advance(ANSWER_WAITS_MS);
      const idsOf = (type: NowRecord["type"]) =>
        told.flatMap((record) => (record.type === type ? [record.payload.id] : []));
      assert.deepEqual(idsOf("event").toSorted(), [...keys].toSorted());
      assert.deepEqual(idsOf("tool_call").length, calls);
      const withEnd = told.filter(
        ({ payload, type }) => type === "tool_call" && "status" in payload && payload.status === "ok",
      );
      assert.equal(idsOf("tool_result").length + withEnd.length, ended);
      assert.equal(new Set(idsOf("tool_result")).size, idsOf("tool_result").length);
      let sum = 0;
      for (const record of told) if (record.type === "event") sum += record.payload.output_tokens;
      assert.ok(sum <= outputTokens);
      assert.equal(clock.waiting, 0);
    }),
  );
});

/** The number of an answer of this turn. */
function lastOf(key: string, turn: number): number[] {
  const [ofTurn, number] = key.split("-").map(Number);
  return ofTurn === turn && number !== undefined ? [number] : [];
}

test("a question is told once: by the call that puts it, or where there is none by a mark", () => {
  const { told, tell } = setUp();
  const asks = (at: number): ToldFact => ({ is: "mark", at, mark: "asks", text: "To main?" });
  tell(news([call("c1", AT, true), asks(AT)]));
  tell(news([asks(AT + 1)]));
  assert.deepEqual(
    told.map(({ type }) => type),
    ["tool_call", "mark"],
  );
});

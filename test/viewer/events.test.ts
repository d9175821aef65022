import assert from "node:assert/strict";
import { readdir } from "node:fs/promises";
import { join } from "node:path";
import { test } from "node:test";
import fc from "fast-check";
import * as v from "valibot";
import { SessionEvent, TraceEvent } from "../../src/protocol/bundle.ts";
import { Log } from "../../src/protocol/log.ts";
import { lineOf, type LoggedEvent, typeOf } from "../../viewer/events/event-line.ts";
import {
  AT_FIRST,
  type EventFilter,
  EVERYTHING,
  isNarrow,
  judge,
  phraseOf,
} from "../../viewer/events/filter.ts";
import { offeredTypes } from "../../viewer/events/known-types.ts";
import { linesOf, rowText, testNameOf, wholeText } from "../../viewer/events/event-row.ts";
import { type EventsView, newestRows } from "../../viewer/events/rows.ts";
import { searchTextOf } from "../../viewer/events/search-text.ts";
import { RunIndex } from "../../viewer/playback/run-index.ts";
import { DATA, lines } from "../data/recorded.ts";
import { MadeEvaluation } from "./told-evaluation.ts";
import { answer, chunk, madeRun, prompt, said, session, T0, traced, update } from "./made-run.ts";

const inTrace = (event: TraceEvent): LoggedEvent => ({ of: "trace", event });
const inSession = (event: SessionEvent): LoggedEvent => ({ of: "session", sessionId: "main", event });
const traceText = (type: string, payload: Record<string, unknown>) =>
  lineOf(inTrace(traced(1, 0, type, "a#1", payload))).text;
const messageLine = (message: Record<string, unknown>) => lineOf(inSession(said(1, 0, message)));
const updateText = (fields: Record<string, unknown>) => messageLine(update(fields)).text;

test("an event of the trace is told in one line", () => {
  const failed = traced(1, 0, "node_outcome", "a#1", {
    outcome: "failed",
    error: "exit 7\nmore",
    durationMs: 700,
  });
  assert.deepEqual(lineOf(inTrace(failed)), {
    type: "node_outcome",
    way: null,
    where: "a#1",
    text: "failed after 0.7 s: exit 7",
  });
  const action = { actionType: "shell", command: "git", args: ["diff", "main"] };
  assert.equal(traceText("action_prepared", { action }), "git diff main");
  assert.equal(
    traceText("action_completed", { action: { ...action, exitCode: 0, durationMs: 20 } }),
    "exit 0 after 20 ms · git diff main",
  );
  const artifact = { path: "artifacts/x.txt", mediaType: "text/plain", bytes: 268 };
  assert.equal(
    lineOf(inTrace({ ...traced(1, 0, "artifact_written", "a#1"), artifact })).text,
    "text/plain · 268 B · artifacts/x.txt",
  );
  assert.equal(
    traceText("acp_prompt_prepared", { sessionId: "main", promptArtifact: artifact }),
    "prompt · 268 B · main",
  );
  assert.equal(
    traceText("test_started", { test: "t07", suite: "arithmetic", target: "mock" }),
    "arithmetic · mock",
  );
  assert.equal(
    traceText("test_started", { test: "t07", since: new Date(T0 - 3_300).toISOString() }),
    "began 3.3 s earlier, told now",
  );
  const assertions = [
    { text: "Is short", passed: true },
    { text: "Says undefined", passed: false },
  ];
  assert.equal(
    traceText("grader_result", {
      kind: "contains",
      name: "says it",
      verdict: "fail",
      score: 0.2,
      assertions,
    }),
    "contains says it: failed · 0.20 · Says undefined",
  );
  assert.equal(
    traceText("test_result", { state: "error", durationMs: 1400, stage: "agent", reason: "timeout" }),
    "error after 1.4 s · agent · timeout",
  );
  assert.equal(traceText("run_failed", { status: "failed", error: "went away" }), "went away");
  assert.equal(traceText("nobody_knows_it", { message: "but it speaks" }), "but it speaks");
});

test("a message is told in one line", () => {
  assert.deepEqual(messageLine(chunk("agent_message", "Hello")), {
    type: "agent_message_chunk",
    way: "in",
    where: "main",
    text: "Hello",
  });
  assert.deepEqual(messageLine(prompt(1, "Do\nit")), {
    type: "session/prompt",
    way: "out",
    where: "main",
    text: "Do",
  });
  assert.equal(messageLine(chunk("agent_message", "\n\n")).text, "(blank)");
  assert.equal(messageLine(answer(1)).text, "end turn");
  const usage = { inputTokens: 900, outputTokens: 120 };
  assert.equal(
    messageLine({ id: 2, result: { stopReason: "end_turn", usage } }).text,
    "end turn · 900 tokens in, 120 out",
  );
  assert.equal(messageLine({ id: 2, result: {} }).text, "done");
  assert.equal(
    messageLine({ id: 2, error: { code: -32000, message: "Too many" } }).text,
    "Too many (-32000)",
  );
  assert.equal(
    messageLine({ id: 3, result: { outcome: { outcome: "selected", optionId: "allow" } } }).text,
    "selected · allow",
  );
  const ask = { toolCall: { title: "Write a.txt" }, options: [{ name: "Allow" }, { name: "Reject" }] };
  assert.equal(
    messageLine({ id: 3, method: "session/request_permission", params: ask }).text,
    "Write a.txt · Allow, Reject",
  );
  assert.equal(
    messageLine({ id: 4, method: "fs/read_text_file", params: { path: "/a.ts", line: 5, limit: 10 } }).text,
    "/a.ts · 10 lines from line 5",
  );
  assert.equal(
    messageLine({ id: 5, method: "terminal/create", params: { command: "pnpm", args: ["test"] } }).text,
    "pnpm test",
  );
  assert.equal(messageLine({ id: 5, result: { exitCode: 1, signal: null } }).text, "exit 1");
  const call = { toolCallId: "c1", title: "ls -la", kind: "execute", status: "in_progress" };
  assert.equal(updateText({ sessionUpdate: "tool_call", ...call }), "execute · ls -la · in progress");
  assert.equal(
    updateText({
      sessionUpdate: "plan",
      entries: [
        { content: "Look", status: "completed" },
        { content: "Write", status: "in_progress" },
      ],
    }),
    "1 of 2 done · Write",
  );
  assert.equal(
    updateText({
      sessionUpdate: "available_commands_update",
      availableCommands: [{ name: "plan" }, { name: "web" }],
    }),
    "2 commands · plan, web",
  );
  assert.equal(updateText({ sessionUpdate: "current_mode_update", currentModeId: "ask" }), "ask");
  assert.equal(
    updateText({
      sessionUpdate: "usage_update",
      used: 12_000,
      size: 200_000,
      cost: { amount: 0.11, currency: "USD" },
    }),
    "12,000 of 200,000 tokens · 0.11 USD",
  );
});

test("whatever stands in an event, it is told and can be searched", () => {
  fc.assert(
    fc.property(fc.jsonValue(), fc.jsonValue(), fc.string(), (left, right, type) => {
      const fields = { action: left, error: right, outcome: type, artifact: left };
      const inUpdate = { sessionUpdate: type, content: left, entries: right, title: left };
      for (const logged of [
        inTrace({ ...traced(1, 0, type), payload: fields }),
        inSession(said(1, 0, { method: left, params: right, result: left, error: right })),
        inSession(said(1, 0, { method: type, params: right })),
        inSession(said(1, 0, { id: 1, result: left })),
        inSession(said(1, 0, update(inUpdate))),
      ]) {
        assert.ok(!lineOf(logged).text.includes("\n"));
        assert.equal(typeof typeOf(logged), "string");
        assert.ok(searchTextOf(logged).length < 6000);
      }
    }),
  );
});

test("what lies deep is searched without going there step by step", () => {
  let deep: unknown = "bottom";
  for (let level = 0; level < 100_000; level += 1) deep = [deep];
  assert.ok(searchTextOf(inTrace(traced(1, 0, "x", undefined, { deep }))).includes("bottom"));
});

test("every event of the recorded runs has words of its own", async (t) => {
  const roots = ["runs-0.4.1", "runs-0.19.1"].map((name) => join(DATA, "acpx", name));
  const files: string[] = [];
  for (const root of roots)
    for (const name of await readdir(root, { recursive: true }).catch((): string[] => []))
      if (/(trace|events)\.ndjson$/.test(name)) files.push(join(root, name));
  if (files.length === 0) return t.skip(`no recorded runs in ${DATA}`);
  for (const file of files) {
    const isTrace = file.endsWith("trace.ndjson");
    for (const line of await lines(file)) {
      const logged = isTrace ? inTrace(v.parse(TraceEvent, line)) : inSession(v.parse(SessionEvent, line));
      const { text } = lineOf(logged);
      assert.ok(text !== "" && text.length <= 301, `${typeOf(logged)}: "${text}"`);
    }
  }
});

test("a filter leaves what has its types and its words", () => {
  const outcome = inTrace(traced(1, 0, "node_outcome", "draft#1", { outcome: "failed", error: "No JSON" }));
  const beat = inTrace(traced(2, 0, "node_heartbeat", "draft#1", { statusDetail: "at work" }));
  const verdict = (logged: LoggedEvent, part: Partial<typeof EVERYTHING>) => {
    const filter = { ...AT_FIRST, ...part };
    return judge(filter, phraseOf(filter), logged);
  };
  assert.equal(verdict(outcome, {}), "shown");
  assert.equal(verdict(beat, {}), "heartbeat");
  assert.equal(verdict(beat, { heartbeats: true }), "shown");
  assert.equal(verdict(beat, { types: new Set(["node_heartbeat"]) }), "shown");
  assert.equal(verdict(outcome, { types: new Set(["node_heartbeat"]) }), "filtered");
  assert.equal(verdict(outcome, { text: " no JSON " }), "shown");
  assert.equal(verdict(outcome, { text: "json no" }), "filtered");
  assert.equal(verdict(beat, { text: "else" }), "filtered");
  assert.equal(verdict(beat, { text: "work" }), "heartbeat");
  assert.ok(!isNarrow(AT_FIRST) && !isNarrow({ ...AT_FIRST, text: "  " }));
  assert.ok(isNarrow({ ...AT_FIRST, text: "a" }) && isNarrow({ ...AT_FIRST, types: new Set(["a"]) }));
});

test("what a tool call was named by then stands where an event does not name it", () => {
  const news = (fields: Record<string, unknown>) =>
    update({ sessionUpdate: "tool_call_update", toolCallId: "call_1", ...fields });
  const ask = { toolCall: { toolCallId: "call_1" }, options: [{ name: "Allow" }] };
  const events = [
    update({ sessionUpdate: "tool_call", toolCallId: "call_1", title: "Terminal" }),
    news({ status: "in_progress" }),
    news({ title: "ls -la" }),
    said(3, 0, { id: 3, method: "session/request_permission", params: ask }).message,
    news({ status: "completed" }),
    news({ toolCallId: "call_2", status: "completed" }),
  ].map((message, seq) => said(seq, seq * 100, message));
  const run = madeRun({ sessions: session("main", events) });
  const index = new RunIndex();
  index.extend(run);
  const texts = (filter: EventFilter, at: number) => {
    const { value } = newestRows(run, index, at, { limit: 10, depth: 10, first: null, filter });
    return value?.rows.map(rowText);
  };
  const all = [
    "Terminal",
    "Terminal · in progress",
    "ls -la",
    "ls -la · Allow",
    "ls -la · completed",
    "call_2 · completed",
  ];
  assert.deepEqual(texts(AT_FIRST, Number.POSITIVE_INFINITY), all);
  assert.deepEqual(texts(AT_FIRST, T0 + 199), all.slice(0, 2));
  assert.deepEqual(texts({ ...AT_FIRST, text: "LS -la" }, Number.POSITIVE_INFINITY), all.slice(2, 5));
});

test("the parts of a message are one row where nothing else came between", () => {
  const main = [
    said(0, 0, prompt(1, "Go")),
    said(1, 100, chunk("agent_thought", "hm ")),
    said(2, 200, chunk("agent_message", "\nOne ")),
    said(3, 300, chunk("agent_message", "two\nthr")),
    said(4, 500, chunk("agent_message", "ee")),
    said(5, 700, chunk("agent_message", " four")),
    said(6, 800, answer(1)),
  ];
  const trace = [
    traced(0, 400, "node_heartbeat", "a#1"),
    traced(1, 600, "action_prepared", "a#1", { action: { command: "ls" } }),
  ];
  const run = madeRun({ trace: Log.from(trace), sessions: session("main", main) });
  const index = new RunIndex();
  index.extend(run);
  const ask = (filter: EventFilter, at: number) => {
    const { value } = newestRows(run, index, at, { limit: 10, depth: 10, first: null, filter });
    assert.ok(value !== null);
    return value;
  };
  const texts = ["Go", "hm ", "One two", "ls", "four", "end turn"];
  const all = ask(AT_FIRST, Number.POSITIVE_INFINITY);
  assert.deepEqual(all.rows.map(rowText), texts);
  assert.equal(all.count, 8);
  const message = all.rows[2];
  assert.ok(message !== undefined);
  assert.deepEqual([message.first.at, message.rest.length], [T0 + 200, 2], "signs of life part nothing");
  assert.equal(wholeText(message), "\nOne two\nthree");
  // At a moment it has the parts that were known.
  assert.deepEqual(ask(AT_FIRST, T0 + 350).rows.map(rowText), texts.slice(0, 3));
  assert.deepEqual(ask(AT_FIRST, T0 + 250).rows.map(rowText), ["Go", "hm ", "One "]);
  // What the filter leaves out lies between all the same.
  const words = { ...AT_FIRST, types: new Set(["agent_message_chunk"]) };
  assert.deepEqual(ask(words, Number.POSITIVE_INFINITY).rows.map(rowText), ["One two", "four"]);
});

test("types are on offer of which there were events by then, each in its place", () => {
  assert.deepEqual(offeredTypes(["odd", "plan"], ["node_started", "plan"], new Set(["gone"])), [
    "node_started",
    "plan",
    "gone",
    "odd",
  ]);
  const trace = [
    traced(0, 100, "node_started", "a#1"),
    traced(1, 900, "node_outcome", "a#1", { outcome: "ok" }),
  ];
  const call = { sessionUpdate: "tool_call", toolCallId: "c1", title: "ls" };
  const events = [
    said(0, 200, prompt(1, "Go")),
    said(1, 300, update(call)),
    ...Array.from({ length: 50 }, (_, seq) => said(seq + 2, 400, chunk("agent_message", "w"))),
  ];
  const run = madeRun({ trace: Log.from(trace), sessions: session("main", events) });
  const index = new RunIndex();
  index.extend(run);
  const offered = (at: number) => {
    const { value } = newestRows(run, index, at, { limit: 10, depth: 10, first: null, filter: AT_FIRST });
    assert.ok(value !== null);
    return offeredTypes(value.types.keys(), value.otherTypes);
  };
  assert.deepEqual(offered(T0 + 250), ["node_started", "session/prompt"]);
  assert.deepEqual(offered(T0 + 500), ["node_started", "session/prompt", "agent_message_chunk", "tool_call"]);
  assert.ok(offered(T0 + 900).includes("node_outcome"));
});

/** A run of many heartbeats, few outcomes and as many words. */
function mixedRun() {
  const trace = Array.from({ length: 3000 }, (_, seq) =>
    seq % 100 === 7
      ? traced(seq, seq * 10, "node_outcome", `n#${seq}`, { outcome: "ok" })
      : traced(seq, seq * 10, "node_heartbeat", `n#${seq}`, { statusDetail: "at work" }),
  );
  const events = Array.from({ length: 3000 }, (_, seq) =>
    said(seq, seq * 10 + 5, chunk("agent_message", `w${seq} `)),
  );
  return madeRun({ trace: Log.from(trace), sessions: session("main", events) });
}

function shown(asked: Parameters<typeof newestRows>[3], at = Number.POSITIVE_INFINITY): EventsView {
  const run = mixedRun();
  const index = new RunIndex();
  index.extend(run);
  const { isReady, value } = newestRows(run, index, at, asked);
  assert.ok(isReady && value !== null);
  return value;
}

test("heartbeats are left out and counted, and make no room for themselves", () => {
  const view = shown({ limit: 200, first: null, filter: AT_FIRST, depth: 4096 });
  assert.ok(view.count >= 200 && view.count === view.rows.flatMap((row) => [...linesOf(row)]).length);
  assert.ok(view.rows.every(({ first }) => typeOf(first) !== "node_heartbeat"));
  assert.equal(view.heartbeats, view.types.get("node_heartbeat"));
  assert.ok(view.heartbeats > 150 && view.hasEarlier);
});

test("however much is asked for, what is looked at is bounded, and that is told", () => {
  const events = Array.from({ length: 50_000 }, (_, seq) => traced(seq, seq, "odd_one", "a#1"));
  const long = madeRun({ trace: Log.from(events) });
  const index = new RunIndex();
  index.extend(long);
  const ask = (filter: EventFilter, first: string | null) => {
    const extent = { limit: 1e6, depth: 1e6, first, filter };
    const { value } = newestRows(long, index, Number.POSITIVE_INFINITY, extent);
    assert.ok(value !== null && value.hasEarlier && value.isFull);
    return value;
  };
  const rows = ask(AT_FIRST, null);
  assert.equal(rows.rows.length, 4000);
  assert.deepEqual(rows.types, new Map([["odd_one", 4000]]));
  // What a reader has before them stays while more comes in, but not for ever.
  assert.equal(ask(AT_FIRST, "trace/45000").rows[0]?.first.key, "trace/45000");
  assert.equal(ask(AT_FIRST, "trace/10").rows.length, 6000);
  const none = ask({ ...AT_FIRST, text: "nothing says this" }, null);
  assert.deepEqual([none.rows.length, none.types.get("odd_one")], [0, 32_768]);
});

test("few matches are looked for so far and no further, and that is told", () => {
  const filter = { ...AT_FIRST, types: new Set(["node_outcome"]) };
  const near = shown({ limit: 200, first: null, filter, depth: 1000 });
  assert.equal(near.rows.length, 5);
  assert.ok(near.hasEarlier);
  assert.equal(near.backTo, T0 + 29_995 - 999 * 5);
  const all = shown({ limit: 200, first: null, filter, depth: 10_000 });
  assert.deepEqual([all.rows.length, all.hasEarlier, all.backTo], [30, false, T0]);
  const early = shown({ limit: 200, first: null, filter, depth: 10_000 }, T0 + 5000);
  assert.equal(early.rows.length, 5, "and of a moment, what was known then");
  const text = shown({ limit: 200, first: null, filter: { ...AT_FIRST, text: "w299" }, depth: 10_000 });
  assert.deepEqual(text.rows.map(rowText), [
    "w299 ",
    Array.from({ length: 10 }, (_, last) => `w299${last} `).join(""),
  ]);
});

test("each line of an evaluation names its test, and those of one test are listed apart", () => {
  const made = new MadeEvaluation();
  made.started(0, "one#1");
  made.started(1, "two#1");
  made.graded(2, "one#1");
  made.graded(2, null, { name: "loose" });
  made.ended(3, "one#1", {}, ["Ask one", "Say one"]);
  made.ended(4, "two#1", {}, ["Ask two", "Say two"]);
  const run = made.run();
  const index = new RunIndex();
  index.extend(run);
  const told = (step: number | null, ms: number, text = "") => {
    const filter = { ...AT_FIRST, text };
    const { value } = newestRows(run, index, T0 + ms, { limit: 50, depth: 50, first: null, filter, step });
    assert.ok(value !== null);
    assert.equal(value.hasEarlier, false);
    return value.rows.map(({ first }) => `${testNameOf(first)} ${typeOf(first)}`);
  };
  const one = [
    "one test_started",
    "one grader_result",
    "one session/prompt",
    "one agent_message_chunk",
    "one result",
    "one test_result",
  ];
  assert.deepEqual(told(0, 9).toSorted(), one.toSorted());
  assert.deepEqual(told(1, 2), ["two test_started"]);
  assert.equal(told(null, 9).filter((line) => line.startsWith("two ")).length, 5);
  assert.deepEqual(told(null, 2), [
    "one test_started",
    "two test_started",
    "one grader_result",
    "null grader_result",
  ]);
  assert.equal(told(null, 9, "two").length, 5, "what was said is found by the name of its test");
});

import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import * as v from "valibot";
import { SessionEvent } from "../../src/protocol/bundle.ts";
import { codexFormat } from "../../src/sources/codex/codex.ts";
import { factsOf, HandClock, only, recordsOf, startCodex } from "../helpers/codex-session.ts";
import { tempDir } from "../helpers/temp-dir.ts";

const event = (payload: object, timestamp = "2026-03-02T09:00:00Z") => ({
  timestamp,
  type: "event_msg",
  payload,
});
const item = (payload: object, timestamp = "2026-03-02T09:00:00Z") => ({
  timestamp,
  type: "response_item",
  payload,
});
const given = (text: string) =>
  item({ type: "message", role: "user", content: [{ type: "input_text", text }] });

test("a session is told as turns, calls with their results, answers and marks", async (t) => {
  const [dir, clock] = [await tempDir(t), new HandClock()];
  const session = await startCodex(dir, clock, { cwd: "/srv/shop", branch: "totals" });
  await session.rename("Totals");
  await session.prompt("Why is it off?");
  clock.pass(1_000);
  await session.exec("pnpm test", "1 failed", 1, 2.5);
  await session.patch("*** Begin Patch\n*** Add File: a.ts\n+export {};\n*** End Patch");
  await session.tokens({ input: 900, cached: 500, output: 40, reasoning: 10 });
  await session.say("It is fixed");
  await session.endTurn();
  session.useModel("gpt-5.4-mini");
  clock.pass(1_000);
  await session.prompt("And now?");
  await session.compact();
  await session.call("rm -rf build", { sandbox_permissions: "require_escalated" });
  await session.abort();
  const facts = factsOf(await recordsOf(session.file));
  assert.deepEqual(
    facts.map((fact) => {
      switch (fact.is) {
        case "about":
          return `about ${Object.keys(fact.about).join(" ")}`;
        case "call":
          return `call ${fact.tool} ${fact.kind} ${fact.title}${fact.asks ? " asks" : ""}`;
        case "result":
          return `result ${fact.isError ? "bad" : "good"} ${fact.durationMs ?? "-"}`;
        case "mark":
          return `mark ${fact.mark}`;
        case "turn-over":
          return `over ${fact.outcome}`;
        case "usage":
          return `usage ${fact.model} ${Object.values(fact.tokens).join(" ")}`;
        default:
          return fact.is;
      }
    }),
    [
      "about sessionId project version branch",
      "about title",
      "prompt",
      "call exec_command execute pnpm test",
      "result bad 2500",
      "call apply_patch edit Add a.ts",
      "result good -",
      "usage gpt-5.4 400 500 0 0 40",
      "answer",
      "over ok",
      "mark model",
      "prompt",
      "mark compacted",
      "call exec_command execute rm -rf build asks",
      "mark aborted",
      "over cancelled",
    ],
  );
});

test("a total that is told again is no answer, nor is one that tells nothing", () => {
  const usage = { input_tokens: 10, cached_input_tokens: 4, cache_write_input_tokens: 2, output_tokens: 1 };
  const info = { total_token_usage: usage, last_token_usage: usage };
  const count = (more: unknown) => event({ type: "token_count", info: more });
  const facts = factsOf([
    count(null),
    count(info),
    count(info),
    count({ prompt: 5, completion: 2 }),
    count({}),
  ]);
  assert.deepEqual(
    only(facts, "usage").map(({ model, tokens }) => [model, ...Object.values(tokens)]),
    [
      [null, 4, 4, 2, 0, 1],
      [null, 5, 0, 0, 0, 2],
    ],
  );
});

test("what was typed is the prompt, and what was given to the model where nothing was typed", () => {
  const typed = (message: string) => event({ type: "user_message", message });
  const said = item({ type: "message", role: "assistant", content: [{ type: "output_text", text: "ok" }] });
  const prompts = (...records: object[]) =>
    only(factsOf([...records, said]), "prompt").map(({ text }) => text);
  const around = given("<environment_context>\n<cwd>/work</cwd>\n</environment_context>");
  assert.deepEqual(prompts(around, given("One"), typed("One"), said, given("<skill>x</skill>")), ["One"]);
  // What the tool adds is not held for a prompt where prompts are told as they were typed.
  assert.deepEqual(prompts(given("One"), typed("One"), said, given("A note of the tool's")), ["One"]);
  assert.deepEqual(prompts(around, given("One"), said, given("Two")), ["One", "Two"]);
  assert.deepEqual(prompts(typed("One"), given("One"), said, given("Two")), ["One", "Two"]);
});

test("how a command came out is read above its output, never in it", () => {
  const call = (id: string) =>
    item({ type: "function_call", name: "exec_command", arguments: '{"cmd":"x"}', call_id: id });
  const results = (output: unknown) => {
    const facts = factsOf([call("a"), item({ type: "function_call_output", call_id: "a", output })]);
    return only(facts, "result").map(({ bytes, durationMs, isError }) => [isError, durationMs, bytes]);
  };
  const notes = (code: number) =>
    `Chunk ID: 1\nWall time: 1.5 seconds\nProcess exited with code ${code}\nOutput:\n`;
  assert.deepEqual(results(`${notes(0)}Process exited with code 1\n`), [[false, 1_500, 27]]);
  assert.deepEqual(results(`${notes(127)}no`), [[true, 1_500, 2]]);
  assert.deepEqual(results("Exit code: 2\nWall time: 0 seconds\nOutput:\nno"), [[true, 0, 2]]);
  assert.deepEqual(results("Exit code: 1 is what it said"), [[true, null, 0]]);
  const json = { output: "hé", metadata: { exit_code: 3, duration_seconds: 0.5 } };
  assert.deepEqual(results(JSON.stringify(json)), [[true, 500, 3]]);
  assert.deepEqual(results([{ type: "input_text", text: "fine" }]), [[false, null, 4]]);
  assert.deepEqual(results({ content: "no", success: false }), [[true, null, 2]]);
  assert.deepEqual(results("aborted by user after 2.1s"), [[true, null, 26]]);
});

test("a call has one result, whichever record tells it first, and a command that goes on is named by those who wait for it", () => {
  const call = (id: string, name: string, input: object) =>
    item({ type: "function_call", name, arguments: JSON.stringify(input), call_id: id });
  const output = (id: string, text: string) =>
    item({ type: "function_call_output", call_id: id, output: text });
  const ended = (id: string, exit_code: number) =>
    event({
      type: "exec_command_end",
      call_id: id,
      exit_code,
      aggregated_output: "",
      duration: { secs: 4, nanos: 5e8 },
    });
  const facts = factsOf([
    call("a", "exec_command", { cmd: "false" }),
    ended("a", 1),
    output("a", "Process exited with code 1\nOutput:\n"),
    call("b", "exec_command", { cmd: "pnpm test" }),
    output("b", "Wall time: 1.0 seconds\nProcess running with session ID 77\nOutput:\n"),
    call("c", "write_stdin", { session_id: 77, chars: "" }),
    output("c", "Wall time: 3.0 seconds\nProcess exited with code 1\nOutput:\n"),
    ended("b", 1),
  ]);
  assert.deepEqual(
    only(facts, "call").map(({ title }) => title),
    ["false", "pnpm test", "Wait for pnpm test"],
  );
  assert.deepEqual(
    only(facts, "result").map(({ durationMs, id, isError }) => [id, isError, durationMs]),
    [
      ["a", true, 4_500],
      ["b", false, 1_000],
      ["c", true, 3_000],
    ],
  );
});

test("limits of the plan are told as every version tells them", () => {
  const limits = (rate_limits: object, type = "token_count") =>
    only(factsOf([event({ type, rate_limits })]), "limits").flatMap((fact) =>
      fact.limits.map(({ name, resetsAt, usedPercent, windowMinutes }) => [
        name,
        usedPercent,
        windowMinutes,
        resetsAt,
      ]),
    );
  assert.deepEqual(
    limits({ primary: { used_percent: 7, window_minutes: 300, resets_at: 1_772_450_000 }, secondary: null }),
    [["primary", 7, 300, 1_772_450_000_000]],
  );
  assert.deepEqual(limits({ secondary: { used_percent: 12.5, resets_in_seconds: 60 } }), [
    ["secondary", 12.5, null, Date.parse("2026-03-02T09:01:00Z")],
  ]);
  assert.deepEqual(limits({ primary: { used_percent: 1, reset_at: 10 } }, "account/rateLimits/updated"), [
    ["primary", 1, null, 10_000],
  ]);
  assert.deepEqual(limits({ primary_used_percent: 3, primary_window_minutes: 299 }), [
    ["primary", 3, 299, null],
  ]);
  assert.deepEqual(limits({ primary: null, secondary: null }), []);
});

test("a turn that ends with an error has failed, one that only lost its way has not, and what nobody asked for is no turn", () => {
  const over = (...records: object[]) =>
    only(factsOf(records), "turn-over").map(({ error, outcome }) => [outcome, error]);
  const typed = event({ type: "user_message", message: "Go" });
  const done = (more: object) => event({ type: "task_complete", last_agent_message: null, ...more });
  const failed = event({ type: "error", message: "Rate limit reached" });
  assert.deepEqual(over(typed, done({ error: { message: "No quota" } })), [["failed", "No quota"]]);
  assert.deepEqual(over(typed, failed, done({})), [["failed", "Rate limit reached"]]);
  assert.deepEqual(over(typed, failed, done({ last_agent_message: "Done" })), [["ok", null]]);
  assert.deepEqual(
    over(event({ type: "task_started", turn_id: "x" }), { type: "compacted", payload: {} }, done({})),
    [],
  );
  assert.deepEqual(over(typed, event({ type: "turn_aborted", reason: "replaced" })), [["interrupted", null]]);
});

test("no value a line may hold makes the reader fail, and each is a line of the log", () => {
  const kinds = ["session_meta", "turn_context", "compacted", "response_item", "event_msg", "x"];
  const inner = [
    "message",
    "reasoning",
    "function_call",
    "function_call_output",
    "token_count",
    "web_search_call",
  ];
  const ends = [
    "exec_command_end",
    "user_message",
    "task_started",
    "error",
    "mcp_tool_call_end",
    "custom_tool_call",
  ];
  const keys = [
    "call_id",
    "name",
    "arguments",
    "output",
    "info",
    "rate_limits",
    "source",
    "content",
    "role",
    "id",
  ];
  const value = fc.oneof(
    fc.jsonValue(),
    fc.constantFrom("a", "apply_patch", "*** Begin Patch\n*** Add File: x\n+"),
  );
  const payload = fc
    .tuple(fc.constantFrom(...inner, ...ends), fc.dictionary(fc.constantFrom(...keys), value))
    .map(([type, rest]) => ({ ...rest, type }));
  const record = fc.record({
    timestamp: fc.oneof(fc.constant("2026-03-02T09:00:00Z"), fc.jsonValue()),
    type: fc.oneof(fc.constantFrom(...kinds), fc.jsonValue()),
    payload: fc.oneof(payload, fc.jsonValue()),
  });
  fc.assert(
    fc.property(fc.array(fc.oneof(record, fc.jsonValue()), { maxLength: 30 }), (records) => {
      for (const fact of factsOf(records)) JSON.stringify(fact);
      for (const each of records) {
        const fields: Record<string, unknown> =
          typeof each === "object" && each !== null ? Object.fromEntries(Object.entries(each)) : {};
        assert.ok(v.is(SessionEvent, { seq: 0, ...codexFormat.eventOf(fields) }));
      }
      codexFormat.isSession(records);
    }),
    { numRuns: 300 },
  );
});

import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { T0, tableOf, traced } from "./made-run.ts";

const EDGE = Number.POSITIVE_INFINITY;

const two = [
  traced(1, 0, "run_started"),
  traced(2, 10, "node_started", "draft#1", { nodeType: "acp", statusDetail: "starting" }),
  traced(3, 20, "node_heartbeat", "draft#1", { statusDetail: "at work" }),
  { ...traced(4, 30, "acp_prompt_prepared", "draft#1"), sessionId: "main" },
  traced(5, 900, "node_outcome", "draft#1", { outcome: "failed", error: "no answer" }),
  traced(6, 910, "node_started", "draft#2", { nodeType: "acp" }),
  { ...traced(7, 920, "acp_prompt_prepared", "draft#2"), sessionId: "main" },
];

test("an attempt runs from its start to its outcome", () => {
  const table = tableOf(two);
  assert.deepEqual(table.attempt(0, EDGE, null), {
    line: 1,
    nodeId: "draft",
    nodeType: "acp",
    number: 1,
    startedAt: T0 + 10,
    finishedAt: T0 + 900,
    outcome: "failed",
    error: "no answer",
    statusDetail: null,
  });
  assert.equal(table.attempt(1, EDGE, null).number, 2);
  assert.equal(table.runningAt(EDGE), 1);
  assert.equal(table.runningAt(T0 + 905), null);
  assert.equal(table.runningAt(T0 + 899), 0);
});

test("a heartbeat says what an attempt is at, until its outcome", () => {
  const table = tableOf(two);
  const detailAt = (ms: number) => table.attempt(0, T0 + ms, null).statusDetail;
  assert.deepEqual([10, 19, 20, 899, 900].map(detailAt), [
    "starting",
    "starting",
    "at work",
    "at work",
    null,
  ]);
});

test("a run's end ends what still ran, and says that nobody wrote how", () => {
  const table = tableOf([...two, traced(8, 2000, "run_failed", undefined, { error: "Interrupted" })]);
  assert.equal(table.attempt(1, EDGE, null).finishedAt, T0 + 2000);
  assert.equal(table.attempt(1, EDGE, null).outcome, "interrupted");
  assert.equal(table.attempt(1, T0 + 1999, null).outcome, null);
  assert.equal(table.runningAt(EDGE), null);
  const cut = tableOf(two).attempt(1, EDGE, T0 + 1500);
  assert.deepEqual([cut.finishedAt, cut.outcome], [T0 + 1500, "interrupted"]);
});

test("how many had started by a moment", () => {
  const table = tableOf(two);
  assert.deepEqual(
    [0, 9, 10, 909, 910, 9999].map((ms) => table.begunBy(T0 + ms)),
    [0, 0, 1, 1, 2, 2],
  );
});

test("events that name no known attempt, or nothing at all, change nothing", () => {
  const table = tableOf([
    traced(1, 0, "node_outcome", "ghost#1", { outcome: "ok" }),
    traced(2, 1, "node_started"),
    { seq: 3, at: "never", type: "something_new", payload: null },
  ]);
  assert.equal(table.count, 0);
});

const types = fc.constantFrom(
  "node_started",
  "node_outcome",
  "node_outcome",
  "node_heartbeat",
  "acp_prompt_prepared",
  "run_failed",
);

test("what an attempt was at a moment is what a trace cut there says", () => {
  const lines = fc.array(fc.tuple(types, fc.integer({ min: 1, max: 4 }), fc.nat(30), fc.nat(3)), {
    maxLength: 80,
  });
  fc.assert(
    fc.property(lines, fc.nat(1500), (made, ms) => {
      let time = 0;
      const events = made.map(([type, attempt, later, word], seq) => {
        time += later;
        const payload = { outcome: `o${word}`, error: `e${word}`, statusDetail: `d${word}` };
        return { ...traced(seq, time, type, `a#${attempt}`, payload), sessionId: "main" };
      });
      const at = T0 + ms;
      const whole = tableOf(events);
      const cut = tableOf(events.filter((event) => Date.parse(event.at) <= at));
      assert.equal(whole.begunBy(at), cut.count);
      assert.equal(whole.runningAt(at), cut.runningAt(EDGE));
      for (let index = 0; index < cut.count; index += 1)
        assert.deepEqual(whole.attempt(index, at, null), cut.attempt(index, EDGE, null));
    }),
  );
});

test("what is said of a test after its result tells of its outcome, and not of when it ended", () => {
  const rows = [
    traced(1, 10, "test_started", "adds#1", { test: "adds" }),
    traced(2, 100, "test_result", "adds#1", { state: "failed" }),
    traced(3, 500, "test_result", "adds#1", { state: "failed", tokens: 12, error: "no answer" }),
  ];
  const table = tableOf(rows);
  const seen = (at: number) => {
    const { error, finishedAt } = table.attempt(0, at, null);
    return {
      error,
      finishedAt,
      line: table.endLineBy(0, at),
      tokens: table.tests.resultBy(0, at)?.tokens ?? null,
    };
  };
  assert.deepEqual(seen(T0 + 499), { error: null, finishedAt: T0 + 100, line: 1, tokens: null });
  assert.deepEqual(seen(EDGE), { error: "no answer", finishedAt: T0 + 100, line: 2, tokens: 12 });
  assert.equal(table.endLineOf(0), 2);
  assert.equal(table.word(table.outcomeCode(0)), "failed");
  assert.deepEqual(tableOf(rows.slice(0, 2)).attempt(0, EDGE, null), table.attempt(0, T0 + 499, null));
});

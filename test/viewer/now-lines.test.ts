import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import type { NowRecord } from "../../src/protocol/now.ts";
import { afterGap, type Line, MOST_LINES, withEnds, withRecords } from "../../viewer/now/lines.ts";
import { pausedText, shownOf } from "../../viewer/now/pausing.ts";
import { goingText, rowOf } from "../../viewer/now/rows.ts";
import { answerOf, callOf, endOf } from "./told-now.ts";

const at = (second: number) => ({ ts: new Date(Date.UTC(2026, 10, 20, 10, 0, second)).toISOString() });
const NOW = Date.UTC(2026, 10, 20, 10, 5);

const rowsOf = (lines: readonly Line[]) => lines.map((line) => rowOf(line, NOW));

test("the newest line stands first, and a call's end is told on its own line", () => {
  const begun = withRecords([], [callOf("a", at(1)), answerOf("m", at(2)), callOf("b", at(3))]);
  assert.deepEqual(
    rowsOf(begun).map(({ figure, word }) => `${word} ${figure}`),
    ["execute running", "answer $0.081", "execute running"],
  );
  const ended = withRecords(begun, [endOf("a", { ...at(9), status: "error", duration: 4.13 })]);
  assert.deepEqual(
    rowsOf(ended).map(({ figure }) => figure),
    ["running", "$0.081", "failed 4.1 s"],
  );
  assert.deepEqual(
    ended.map(({ key }) => key),
    begun.map(({ key }) => key),
    "no line moves",
  );
});

test("what is told twice is one line, and a call that ended does not run again", () => {
  const told: NowRecord[] = [callOf("a", at(1)), endOf("a", at(2)), answerOf("a", at(3))];
  const lines = withRecords([], told);
  assert.equal(lines.length, 2, "a call and an answer of one id are two");
  assert.equal(withRecords(lines, told), lines);
  assert.equal(withRecords(lines, [endOf("nobody knows its call", at(4))]), lines);
});

test("a call that asks is told as that, until it goes on", () => {
  const asks = withRecords([], [callOf("a", { ...at(1), status: "asks", title: "npm publish" })]);
  const [row] = rowsOf(asks);
  assert.deepEqual([row?.word, row?.what, row?.figure], ["asks", "npm publish", "waiting"]);
  const goesOn = rowsOf(withRecords(asks, [callOf("a", { ...at(1), status: "running" })]))[0];
  assert.deepEqual([goesOn?.word, goesOn?.figure], ["execute", "running"]);
});

test("however records come, the lines are the newest of them, each once", () => {
  const record = fc
    .record({ id: fc.constantFrom("a", "b", "c", "d", "e"), second: fc.nat(59), kind: fc.nat(2) })
    .map(
      ({ id, kind, second }): NowRecord => [callOf, endOf, answerOf][kind]?.(id, at(second)) ?? callOf(id),
    );
  fc.assert(
    fc.property(fc.array(fc.array(record, { maxLength: 20 }), { maxLength: 8 }), (bursts) => {
      const byBurst = bursts.reduce<readonly Line[]>(withRecords, []);
      const atOnce = withRecords([], bursts.flat());
      assert.deepEqual(new Set(byBurst.map(({ key }) => key)), new Set(atOnce.map(({ key }) => key)));
      assert.equal(new Set(byBurst.map(({ key }) => key)).size, byBurst.length);
      const times = byBurst.map((line) => line.at);
      assert.deepEqual(
        times,
        times.toSorted((a, b) => b - a),
      );
    }),
  );
});

test("a hundred lines are kept", () => {
  const many = Array.from({ length: 250 }, (_, place) => callOf(`c${place}`, at(place / 10)));
  const lines = withRecords([], many);
  assert.equal(lines.length, MOST_LINES);
  assert.equal(lines[0]?.record.payload.id, "c249");
});

test("paused, lines stand still while what becomes of them is told, and new ones are counted", () => {
  const held = withRecords([], [callOf("a", at(1)), callOf("b", at(2))]);
  const told = [callOf("c", at(3)), endOf("a", at(4)), callOf("older", at(0))];
  const later = withRecords(held, told);
  const { fresh, lines } = shownOf(later, withEnds(held, told));
  assert.deepEqual(
    rowsOf(lines).map(({ figure }) => figure),
    ["running", "1.5 s"],
  );
  assert.equal(fresh, 2);
  assert.equal(shownOf(later, null).lines, later);
  // Those that have gone meanwhile stay to be read.
  const flood = withRecords(
    later,
    Array.from({ length: 150 }, (_, place) => callOf(`f${place}`, at(30))),
  );
  assert.equal(shownOf(flood, held).lines.length, 2);
  assert.ok(flood.every(({ record }) => record.payload.id !== "b"));
  assert.deepEqual(
    rowsOf(withEnds(held, [endOf("b", at(40)), callOf("g", at(41))])).map(({ figure }) => figure),
    ["1.5 s", "running"],
    "and end as they do",
  );
  assert.equal(pausedText(shownOf(flood, held).fresh, MOST_LINES), "Paused · 100+ new");
  assert.equal(pausedText(0, MOST_LINES), "Paused");
});

test("after a gap, a call that nobody tells of any more is not taken to go on", () => {
  const before = withRecords([], [callOf("over", at(1)), callOf("gone", at(2)), callOf("goes", at(3))]);
  const lines = afterGap(withRecords(before, [endOf("over", at(4))]), [
    callOf("goes", at(3)),
    answerOf("m", at(9)),
  ]);
  assert.deepEqual(
    lines.map(({ nr, record }) => [record.payload.id, nr]),
    [
      ["m", 4],
      ["goes", 3],
      ["over", 1],
    ],
  );
});

test("a line leads to its run at its moment", () => {
  const [row] = rowsOf(withRecords([], [callOf("a", { ...at(7), run_id: "codex:x/y" })]));
  assert.equal(row?.href, "/runs/codex%3Ax%2Fy?at=2026-11-20T10%3A00%3A07.000Z");
  const [undated] = rowsOf(withRecords([], [callOf("a", { ts: "some day", run_id: "r" })]));
  assert.equal(undated?.href, "/runs/r");
});

test("what a line says of each kind of record", () => {
  const lines = withRecords(
    [],
    [
      answerOf("1", { ...at(1), cost_usd: null, model: null, cache_read_tokens: 0 }),
      callOf("2", { ...at(2), kind: "other", tool_name: "mcp__db__query", title: "select 1" }),
      { type: "mark", payload: { ...answerOf("3").payload, ...at(3), mark: "retry", text: "Retry 2 of 10" } },
      {
        type: "test_result",
        payload: {
          ...answerOf("4").payload,
          ...at(4),
          test: "t07",
          state: "failed",
          score: 0.2,
          duration: 1.4,
          cost_usd: null,
        },
      },
      callOf("5", { ...at(5), title: "first line\nsecond" }),
      callOf("6", { ...at(6), kind: "think", tool_name: "TaskUpdate", title: "4 in_progress" }),
    ],
  );
  assert.deepEqual(
    rowsOf(lines).map(({ figure, tone, what, word }) => [word, tone, what, figure]),
    [
      ["tool", "action", "TaskUpdate · 4 in_progress", "running"],
      ["execute", "action", "first line", "running"],
      ["result", "bad", "t07 failed, 0.20", "1.4 s"],
      ["retry", "wait", "Retry 2 of 10", ""],
      ["tool", "action", "mcp__db__query · select 1", "running"],
      ["answer", "answer", "no model told · 1,204 out", "unpriced"],
    ],
  );
  assert.equal(goingText(NOW - 12_000, NOW), "running 12 s");
  assert.equal(goingText(NOW - 2 * 3_600_000, NOW), "no result");
});

import assert from "node:assert/strict";
import { test } from "node:test";
import { csvParse, csvParseRows } from "d3-dsv";
import fc from "fast-check";
import { tallyOf } from "../../src/protocol/tally.ts";
import { compare } from "../../viewer/compare/comparison.ts";
import { comparisonCsv } from "../../viewer/compare/comparison-csv.ts";
import type { TestAt } from "../../viewer/playback/tests-at.ts";
import { testsAt } from "../../viewer/playback/tests-at.ts";
import { resultsCsv } from "../../viewer/results/csv.ts";
import { csvName, csvText } from "../../viewer/text/csv-text.ts";
import { T0, tableOf, traced } from "./made-run.ts";

const ADDS: TestAt = {
  line: 0,
  name: "adds, carries",
  suite: "arithmetic",
  target: "mock",
  state: "failed",
  score: 0.2,
  durationMs: 1400,
  tokens: 812,
  costUsd: 0.004,
  error: null,
};

test("results are a line a test, under their columns", () => {
  const text = resultsCsv("run-1", [ADDS, { ...ADDS, state: "error", score: null, error: "line 1\nline 2" }]);
  assert.equal(
    text,
    [
      "run,suite,test,target,state,score,duration_ms,tokens,cost_usd,error",
      'run-1,arithmetic,"adds, carries",mock,failed,0.2,1400,812,0.004,',
      'run-1,arithmetic,"adds, carries",mock,error,,1400,812,0.004,"line 1\nline 2"',
      "",
    ].join("\n"),
  );
});

test("no text of an agent is a formula in a spreadsheet", () => {
  for (const evil of ["=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "\r=1", " =1", "＝1", '=HYPERLINK("x")']) {
    const [, row] = csvParseRows(resultsCsv("r", [{ ...ADDS, name: evil, error: evil }]));
    assert.equal(row?.[2], `'${evil}`);
    assert.equal(row?.[9], `'${evil}`);
  }
  const [, row] = csvParseRows(resultsCsv("r", [{ ...ADDS, name: "a=b", durationMs: -3 }]));
  assert.deepEqual([row?.[2], row?.[6]], ["a=b", "-3"], "a number is one, and no text");
});

test("what was written is read again as it was, whatever is in it", () => {
  fc.assert(
    fc.property(fc.array(fc.array(fc.string(), { minLength: 2, maxLength: 4 }), { minLength: 1 }), (rows) => {
      const read = csvParseRows(csvText(rows));
      assert.deepEqual(
        read.map((row) => row.map((cell) => cell.replace(/^'(?=[\s\u00a0]*[=+\-@＝＋－＠]|[\t\r\n])/, ""))),
        // An apostrophe that was there is led by none.
        rows.map((row) => row.map((cell) => cell.replace(/^'(?=[\s\u00a0]*[=+\-@＝＋－＠]|[\t\r\n])/, ""))),
      );
    }),
  );
});

test("the results are those of the playhead", () => {
  const table = tableOf([
    traced(1, 0, "test_started", "a#1", { test: "a" }),
    traced(2, 1000, "test_result", "a#1", { state: "error", error: "no answer" }),
    traced(3, 1000, "test_started", "b#1", { test: "b" }),
    traced(4, 2000, "test_result", "b#1", { state: "passed", score: 1 }),
  ]);
  const at = (ms: number) =>
    csvParse(
      resultsCsv("r", testsAt({ table, count: table.begunBy(T0 + ms), at: T0 + ms, endedAt: null })),
    ).map(({ error, state, test }) => [test, state, error]);
  assert.deepEqual(at(500), [["a", "running", ""]]);
  assert.deepEqual(at(1500), [
    ["a", "error", "no answer"],
    ["b", "running", ""],
  ]);
  assert.deepEqual(at(2500), [
    ["a", "error", "no answer"],
    ["b", "passed", ""],
  ]);
});

test("a comparison is a line a test too, with what it was and what it is", () => {
  const sides = [ADDS, { ...ADDS, state: "passed" as const, score: 1 }].map((test) => ({
    tests: [test],
    tally: tallyOf([], 1),
    tookMs: null,
    isOver: true,
  }));
  const [before, after] = sides;
  assert.ok(before !== undefined && after !== undefined);
  const [row] = csvParse(comparisonCsv(compare(before, after), "run-1", "run-2"));
  assert.deepEqual(
    [row?.["change"], row?.["run_before"], row?.["run_after"], row?.["state_before"], row?.["state_after"]],
    ["newly passing", "run-1", "run-2", "failed", "passed"],
  );
  assert.deepEqual([row?.["score_before"], row?.["score_after"], row?.["error_after"]], ["0.2", "1", ""]);
});

test("a file's name is one that every system takes", () => {
  assert.equal(
    csvName(["arithmetic.eval.yaml", "2026-01-02T03-04-05"]),
    "arithmetic.eval.yaml-2026-01-02T03-04-05.csv",
  );
  assert.equal(csvName(["../../etc/passwd", "a b:c"]), "etc-passwd-a-b-c.csv");
  assert.equal(csvName(["", "评估"]), "results.csv");
  assert.ok(csvName(["x".repeat(400)]).length < 130);
});

import assert from "node:assert/strict";
import { test } from "node:test";
import { csvParse, csvParseRows } from "d3-dsv";
import fc from "fast-check";
import { tallyOf } from "../../src/protocol/tally.ts";
import { compare } from "../../viewer/compare/comparison.ts";
import { comparisonCsv } from "../../viewer/compare/comparison-csv.ts";
import type { TestAt } from "../../viewer/compare/side.ts";
import { RunIndex } from "../../viewer/playback/run-index.ts";
import { resultsCsv } from "../../viewer/results/csv.ts";
import { EVERY_TEST, type ResultFilter } from "../../viewer/results/filter.ts";
import { AT_FIRST, type Order } from "../../viewer/results/order.ts";
import { resultsAt } from "../../viewer/results/picture.ts";
import { csvName, csvText } from "../../viewer/text/csv-text.ts";
import { madeEvaluation } from "./made-evaluation.ts";
import { T0 } from "./made-run.ts";

const ADDS: TestAt = {
  line: 0,
  name: "adds, carries",
  suite: "arithmetic",
  target: "mock",
  isBaseline: false,
  state: "failed",
  score: 0.2,
  durationMs: 1400,
  tokens: 812,
  costUsd: 0.004,
  error: null,
};

/** An earlier attempt has a line of its own. */
const ROW = { ...ADDS, number: 1 };

test("results are a line a row, under their columns", () => {
  const text = resultsCsv("run-1", [
    ROW,
    { ...ROW, number: 2, state: "error", score: null, error: "line 1\nline 2" },
  ]);
  assert.equal(
    text,
    [
      "run,suite,test,target,attempt,state,score,duration_ms,tokens,cost_usd,error",
      'run-1,arithmetic,"adds, carries",mock,1,failed,0.2,1400,812,0.004,',
      'run-1,arithmetic,"adds, carries",mock,2,error,,1400,812,0.004,"line 1\nline 2"',
      "",
    ].join("\n"),
  );
});

test("no text of an agent is a formula in a spreadsheet", () => {
  for (const evil of ["=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "\r=1", " =1", "＝1", '=HYPERLINK("x")']) {
    const [, row] = csvParseRows(resultsCsv("r", [{ ...ROW, name: evil, error: evil }]));
    assert.equal(row?.[2], `'${evil}`);
    assert.equal(row?.[10], `'${evil}`);
  }
  const [, row] = csvParseRows(resultsCsv("r", [{ ...ROW, name: "a=b", durationMs: -3 }]));
  assert.deepEqual([row?.[2], row?.[7]], ["a=b", "-3"], "a number is one, and no text");
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

test("the lines are what the table shows: as of the playhead, filtered, in its order", () => {
  const run = madeEvaluation([
    { id: "a", begun: 0, ended: 1000, result: { state: "error", error: "no answer", score: null } },
    { id: "b", begun: 1000, ended: 2000 },
    { id: "a", attempt: 2, begun: 2500, ended: 3000, result: { score: 0.9 } },
  ]);
  const at = (ms: number, order: Order = AT_FIRST, filter: ResultFilter = EVERY_TEST) => {
    const { value } = resultsAt(run, new RunIndex(), T0 + ms, { order, filter });
    return csvParse(resultsCsv("r", value?.rows ?? [])).map(({ attempt, error, state, test }) =>
      [test, attempt, state, error].join(" ").trim(),
    );
  };
  assert.deepEqual(at(500), ["a 1 running"]);
  assert.deepEqual(at(1500), ["a 1 error no answer", "b 1 running"]);
  assert.deepEqual(at(2200), ["a 1 error no answer", "b 1 passed"]);
  assert.deepEqual(at(4000, { by: "score", isDown: true }), ["b 1 passed", "a 2 passed"]);
  const all = { ...EVERY_TEST, allAttempts: true };
  assert.deepEqual(at(4000, AT_FIRST, all), ["a 2 passed", "a 1 error no answer", "b 1 passed"]);
  assert.deepEqual(at(4000, AT_FIRST, { ...all, text: "answer" }), ["a 1 error no answer"]);
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

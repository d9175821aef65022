import assert from "node:assert/strict";
import { test } from "node:test";
import type { RunSummary } from "../../src/protocol/bundle.ts";
import { hasWords, kindOf, searchWords, summaryTitle } from "../../src/protocol/run-words.ts";
import { tallyOf, type Tally, type TestState } from "../../src/protocol/tally.ts";
import { failuresText, verdictOf } from "../../src/protocol/verdict.ts";
import { labelOf } from "../../src/sources/agentv/label.ts";
import { asOf } from "../../viewer/playback/as-of.ts";
import { redoneIn } from "../../viewer/playback/rerun.ts";
import { RunIndex } from "../../viewer/playback/run-index.ts";
import { tallyAt } from "../../viewer/playback/tally-at.ts";
import { T0 } from "./made-run.ts";
import { MadeEvaluation } from "./told-evaluation.ts";
import { doneText, rateText, restText, tallyWords } from "../../viewer/catalog/tally-text.ts";
import { percent } from "../../viewer/ui/percent.ts";

function tally(planned: number, counts: Partial<Record<TestState, number>>): Tally {
  const each = (state: TestState) => Array.from({ length: counts[state] ?? 0 }, () => state);
  return tallyOf([...each("passed"), ...each("failed"), ...each("error"), ...each("skipped")], planned);
}

const recorded = tally(10, { passed: 8, failed: 1, error: 1 });
const run = (parts: Partial<RunSummary>): RunSummary => ({
  runId: "2026-11-20T04-45-31-933Z",
  source: "agentv",
  flowName: "evals/arithmetic.eval.yaml",
  status: "completed",
  startedAt: "2026-11-20T04:45:31.933Z",
  updatedAt: "2026-11-20T04:45:31.933Z",
  path: "/runs/it",
  tally: recorded,
  ...parts,
});

test("an evaluation that has ended is judged by its tests", () => {
  assert.equal(verdictOf("completed", recorded), "failed");
  assert.equal(verdictOf("completed", tally(3, { passed: 3 })), "passed");
  assert.equal(verdictOf("completed", tally(3, { passed: 2, skipped: 1 })), "passed");
  assert.equal(verdictOf("completed", tally(3, { skipped: 3 })), "skipped");
  assert.equal(verdictOf("completed", tally(3, { passed: 2 })), "incomplete");
  assert.equal(verdictOf("completed", tally(3, { error: 3 })), "failed");
  assert.equal(verdictOf("completed", undefined), null);
  for (const status of ["starting", "running", "finalising", "stalled", "failed"] as const)
    assert.equal(verdictOf(status, recorded), null, `${status} has no verdict`);
});

test("its line in the list tells how far it has come, and how it came out", () => {
  assert.equal(doneText(tally(12, { passed: 5, failed: 1 })), "6/12");
  assert.equal(doneText(tally(12, {})), "0/12");
  assert.equal(rateText(tally(12, { passed: 9, failed: 3 })), "75 %");
  assert.equal(rateText(tally(12, { error: 3 })), null);
  assert.equal(restText(tally(12, { passed: 9, failed: 3 })), "3 failed");
  assert.equal(restText(tally(24, { passed: 24 })), "24 passed");
  assert.equal(restText(recorded), "1 failed · 1 error");
  assert.equal(restText(tally(5, { error: 2, skipped: 1 })), "2 errors · 1 skipped · 2 not run");
  assert.equal(tallyWords(recorded), "10 of 10 tests done: 8 passed, 1 failed, 1 error");
  assert.equal(failuresText(tally(2, { passed: 2 })), "");
});

test("all and nothing are said of all and nothing alone", () => {
  assert.deepEqual([0, 0.00001, 0.5, 0.99999, 1].map(percent), ["0 %", "0.1 %", "50 %", "99.9 %", "100 %"]);
});

test("an evaluation is called as its file, and is found by that, its kind and how it came out", () => {
  assert.equal(summaryTitle(run({})), "arithmetic.eval");
  assert.equal(summaryTitle(run({ flowName: "C:\\evals\\a_b-c.eval.yml" })), "a_b-c.eval");
  assert.equal(summaryTitle(run({ flowName: "code-explainer" })), "code-explainer");
  assert.equal(summaryTitle(run({ flowName: "" })), "2026-11-20T04-45-31-933Z");
  assert.equal(summaryTitle(run({ runTitle: "Nightly" })), "Nightly");
  assert.deepEqual(["acpx", "agentv", "waza", "other"].map(kindOf), ["flow", "AgentV", "waza", "other"]);
  const { tally: _, ...plain } = run({ source: "acpx", flowName: "review_it" });
  const found = (typed: string, of: RunSummary) => hasWords(of, searchWords(typed));
  for (const typed of ["agentv arith", "evaluation failed", "1 error", "completed"])
    assert.ok(found(typed, run({})), typed);
  assert.ok(!found("failed", run({ tally: tally(2, { passed: 2 }) })));
  assert.ok(found("passed", run({ tally: tally(2, { passed: 2 }) })));
  assert.ok(found("flow review", plain));
  assert.ok(!found("evaluation", plain));
});

test("a run is told from others of its evaluation by its experiment and its targets", () => {
  assert.equal(labelOf("default", new Set()), null);
  assert.equal(labelOf(null, new Set(["mock"])), "mock");
  assert.equal(labelOf("nightly", new Set(["b", "a"])), "nightly · a, b");
  assert.equal(labelOf("", new Set(["a", "b", "c"])), "3 targets");
});

test("a run whose tests all had a result and that goes on is a rerun, from its first redone test on", () => {
  const made = new MadeEvaluation();
  made.started(0, "one#1");
  made.ended(1, "one#1", { state: "failed" });
  made.started(1, "two#1");
  made.ended(2, "two#1");
  made.started(5, "one#2");
  made.ended(6, "one#2");
  made.started(6, "one#3");
  const run = made.run();
  const index = new RunIndex();
  const redone = (ms: number) => {
    const view = asOf(run, index, T0 + ms, null);
    return redoneIn(view, tallyAt(run, view.steps));
  };
  assert.deepEqual([1, 2, 4, 5, 9].map(redone), [0, 0, 0, 1, 1]);
});

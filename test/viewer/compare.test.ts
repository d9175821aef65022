import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import type { RunSummary } from "../../src/protocol/bundle.ts";
import { Log } from "../../src/protocol/log.ts";
import { isTestState, type Tally, tallyOf, TEST_STATES } from "../../src/protocol/tally.ts";
import { CHANGES, compare, FIGURES, type Pair } from "../../viewer/compare/comparison.ts";
import { changeWords, figureText } from "../../viewer/compare/figure-words.ts";
import { type Side, sideOf, type TestAt } from "../../viewer/compare/side.ts";
import { askRunsOf, runsOf } from "../../viewer/compare/siblings.ts";
import { filtered } from "../../viewer/compare/pair-filter.ts";
import { linesOf } from "../../viewer/compare/trend-lines.ts";
import { variantOf } from "../../viewer/compare/variant.ts";
import { startTexts } from "../../viewer/ui/start-text.ts";
import { trendOf } from "../../viewer/compare/trend-points.ts";
import { RunIndex } from "../../viewer/playback/run-index.ts";
import { madeRun, stamp, traced } from "./made-run.ts";

function tested(name: string, parts: Partial<TestAt> = {}): TestAt {
  return {
    line: 0,
    name,
    suite: "arithmetic",
    target: "mock",
    isBaseline: false,
    state: "passed",
    score: 1,
    durationMs: 1000,
    tokens: 100,
    costUsd: 0.01,
    error: null,
    ...parts,
  };
}

/** As its source counts it. */
function talliedOf(tests: readonly TestAt[], planned: number): Tally {
  return tallyOf(tests.map(({ state }) => state).filter(isTestState), planned);
}

function side(tests: readonly TestAt[], parts: Partial<Side> = {}): Side {
  return { tests, tally: talliedOf(tests, tests.length), tookMs: 5000, isOver: true, ...parts };
}

const names = (pairs: readonly Pair[]) => pairs.map(({ change, name }) => `${change} ${name}`);

test("what fails anew stands first, and what is the same last", () => {
  const left = side([
    tested("same"),
    tested("gone"),
    tested("mended", { state: "error", score: 0 }),
    tested("a little worse", { score: 0.9 }),
    tested("much worse", { score: 0.9 }),
    tested("broken"),
  ]);
  const right = side([
    tested("same", { durationMs: 3000 }),
    tested("new"),
    tested("mended"),
    tested("a little worse", { score: 0.85 }),
    tested("much worse", { score: 0.81 }),
    tested("broken", { state: "failed", score: 0.2 }),
  ]);
  const { counts, pairs } = compare(left, right);
  assert.deepEqual(names(pairs), [
    "failing broken",
    "passing mended",
    "changed much worse",
    "changed a little worse",
    "right new",
    "left gone",
    "same same",
  ]);
  assert.deepEqual(counts, { failing: 1, passing: 1, changed: 2, pending: 0, right: 1, left: 1, same: 1 });
  assert.equal(pairs.at(-1)?.durationMs, 2000);
});

test("a test that a run has not come to yet is not missing there", () => {
  const left = side([tested("one"), tested("two"), tested("three")]);
  const begun = [tested("one"), tested("two", { state: "running", score: null })];
  const right = side(begun, { isOver: false, tally: talliedOf(begun, 3) });
  assert.deepEqual(names(compare(left, right).pairs), ["pending two", "pending three", "same one"]);
  assert.equal(compare(left, right).right.done, 1);
  assert.equal(compare(left, right).right.planned, 3);
  const ended = side([tested("one"), tested("two", { state: "untold", score: null })]);
  assert.deepEqual(names(compare(left, ended).pairs), ["changed two", "left three", "same one"]);
});

test("two models are compared test by test, though their targets differ; several in one run are told apart", () => {
  const old = side([tested("adds", { target: "small" })]);
  const newer = side([tested("adds", { target: "large", score: 0.9 })]);
  const one = compare(old, newer);
  assert.deepEqual(names(one.pairs), ["changed adds"]);
  assert.equal(one.hasTargets, false);

  const both = side([tested("adds", { target: "small" }), tested("adds", { target: "large", score: 0.9 })]);
  const several = compare(both, newer);
  assert.deepEqual(names(several.pairs), ["left adds", "same adds"]);
  assert.equal(several.hasTargets, true);
});

test("tests of one name are kept apart by their order, also where a name looks like two", () => {
  const twice = side([tested("a", { score: 0.5, state: "failed" }), tested("a")]);
  assert.equal(compare(twice, twice).pairs.length, 2);
  assert.ok(compare(twice, twice).pairs.every(({ change }) => change === "same"));
  const split = compare(side([tested("c", { suite: "a/b" })]), side([tested("b/c", { suite: "a" })]));
  assert.deepEqual(names(split.pairs), ["right b/c", "left c"]);
});

test("what a run came to: sums of what is told, and nothing where nobody told", () => {
  const some = side([
    tested("a", { tokens: null, costUsd: null }),
    tested("b", { state: "failed", score: 0.2, tokens: 50, costUsd: null }),
    tested("c", { state: "error", score: null, tokens: 10, costUsd: null }),
  ]);
  const { left, right } = compare(some, side([], { tookMs: null }));
  assert.deepEqual(
    [left.passRate, left.score, left.tokens, left.costUsd, left.done, left.durationMs],
    [0.5, 0.6, 60, null, 3, 5000],
  );
  assert.equal(left.target, "mock");
  assert.deepEqual(
    FIGURES.map((figure) => right[figure]),
    [null, 0, null, null, null, null],
  );
});

const anyTest = fc.record({
  name: fc.constantFrom("a", "b", "c", "d"),
  suite: fc.constantFrom(null, "s", "t"),
  target: fc.constantFrom("m", "n"),
  state: fc.constantFrom(...TEST_STATES, "running" as const, "untold" as const, "unfinished" as const),
  score: fc.option(fc.double({ min: 0, max: 1, noNaN: true })),
  durationMs: fc.option(fc.nat(10_000)),
  tokens: fc.option(fc.nat(10_000)),
  costUsd: fc.option(fc.double({ min: 0, max: 2, noNaN: true })),
});
const anySide = fc
  .record({
    tests: fc.array(
      anyTest.map((parts) => tested(parts.name, parts)),
      { maxLength: 12 },
    ),
    planned: fc.nat(12),
    tookMs: fc.option(fc.nat(100_000)),
    isOver: fc.boolean(),
  })
  .map(({ planned, tests, ...side }) => ({ ...side, tests, tally: talliedOf(tests, planned) }));
const MIRRORED = { failing: "passing", passing: "failing", left: "right", right: "left" } as const;

function mirrored(change: Pair["change"]): Pair["change"] {
  return change === "failing" || change === "passing" || change === "left" || change === "right"
    ? MIRRORED[change]
    : change;
}

test("the other way round every sign is the other one, and nothing is lost", () => {
  fc.assert(
    fc.property(anySide, anySide, (one, other) => {
      const there = compare(one, other);
      const back = compare(other, one);
      assert.deepEqual([there.left, there.right], [back.right, back.left]);
      const byKey = new Map(back.pairs.map((pair) => [pair.key, pair]));
      assert.equal(byKey.size, there.pairs.length);
      for (const pair of there.pairs) {
        const mirror = byKey.get(pair.key);
        assert.ok(mirror !== undefined);
        assert.equal(mirror.change, mirrored(pair.change));
        assert.deepEqual([mirror.left, mirror.right], [pair.right, pair.left]);
        for (const figure of ["score", "durationMs", "tokens", "costUsd"] as const) {
          const by = pair[figure];
          // Zero has two signs of its own.
          if (by === null) assert.equal(mirror[figure], null);
          else assert.equal((mirror[figure] ?? Number.NaN) + by, 0);
          if (changeWords(figure, by)?.verdict === "better")
            assert.equal(changeWords(figure, mirror[figure])?.verdict, "worse");
        }
      }
      const lefts = there.pairs.flatMap(({ left }) => left ?? []);
      const rights = there.pairs.flatMap(({ right }) => right ?? []);
      assert.deepEqual(new Set(lefts), new Set(one.tests));
      assert.deepEqual(new Set(rights), new Set(other.tests));
      assert.equal(
        Object.values(there.counts).reduce((sum, count) => sum + count, 0),
        there.pairs.length,
      );
      const order = there.pairs.map(({ change }) => CHANGES.indexOf(change));
      assert.deepEqual(
        order,
        order.toSorted((first, second) => first - second),
      );
    }),
  );
});

test("a run compared with itself is the same throughout", () => {
  fc.assert(
    fc.property(anySide, (one) => {
      const { pairs } = compare(one, one);
      assert.ok(
        pairs.every(({ change, left }) => change === (left?.state === "running" ? "pending" : "same")),
      );
    }),
  );
});

test("figures and their changes are told by sign, arrow and word", () => {
  assert.deepEqual(changeWords("passRate", 0.06), { text: "+6 points", arrow: "▲", verdict: "better" });
  assert.deepEqual(changeWords("passRate", -0.01), { text: "−1 point", arrow: "▼", verdict: "worse" });
  assert.deepEqual(changeWords("durationMs", 2500), { text: "+2.5 s", arrow: "▲", verdict: "worse" });
  assert.deepEqual(changeWords("costUsd", -0.02), { text: "−$0.02", arrow: "▼", verdict: "better" });
  assert.deepEqual(changeWords("score", 1e-9), { text: "±0", arrow: "", verdict: "no change" });
  assert.equal(changeWords("tokens", null), null);
  assert.deepEqual(
    [figureText("passRate", 8 / 9), figureText("passRate", 1), figureText("score", null)],
    ["88.9 %", "100 %", "–"],
  );
});

test("the filter keeps what changed, and what has all words in its names", () => {
  const { pairs } = compare(
    side([tested("adds"), tested("divides by zero")]),
    side([tested("adds"), tested("divides by zero", { state: "failed", score: 0 })]),
  );
  const kept = (text: string, changedOnly: boolean) =>
    filtered(pairs, { text, changedOnly }).map(({ name }) => name);
  assert.deepEqual(kept("", false), ["divides by zero", "adds"]);
  assert.deepEqual(kept("", true), ["divides by zero"]);
  assert.deepEqual(kept("ZERO arith", false), ["divides by zero"]);
  assert.deepEqual(kept("adds", true), []);
});

test("a side is read from a run's trace: the newest attempt counts", () => {
  const started = (seq: number, ms: number, attempt: string) =>
    traced(seq, ms, "test_started", attempt, { test: "adds", suite: "s", target: "m" });
  const ended = (seq: number, ms: number, attempt: string, state: string) =>
    traced(seq, ms, "test_result", attempt, { state, score: state === "passed" ? 1 : 0, tokens: 7 });
  const run = madeRun({
    trace: Log.from([
      started(1, 0, "s/adds/m#1"),
      ended(2, 1000, "s/adds/m#1", "failed"),
      started(3, 1000, "s/adds/m#2"),
      ended(4, 3000, "s/adds/m#2", "passed"),
      started(5, 3000, "s/subtracts/m#1"),
    ]),
    status: "completed",
    run: { startedAt: stamp(0), finishedAt: stamp(4000) },
    tally: tallyOf(["passed"], 3),
  });
  const index = new RunIndex();
  index.extend(run);
  const { isOver, tally, tests, tookMs } = sideOf(run, index);
  assert.deepEqual([isOver, tally, tookMs], [true, run.tally, 4000]);
  assert.deepEqual(
    tests.map(({ line, name, score, state, tokens }) => ({ line, name, score, state, tokens })),
    [
      { line: 2, name: "adds", score: 1, state: "passed", tokens: 7 },
      { line: 4, name: "adds", score: null, state: "untold", tokens: null },
    ],
  );
});

function summary(runId: string, minute: number, parts: Partial<RunSummary> = {}): RunSummary {
  return {
    runId,
    source: "agentv",
    flowName: "arithmetic.eval",
    status: "completed",
    startedAt: stamp(minute * 60_000),
    finishedAt: stamp(minute * 60_000 + 12_000),
    updatedAt: stamp(minute * 60_000 + 12_000),
    path: "",
    tally: tallyOf(["passed", "passed", "failed", "error"], 4),
    ...parts,
  };
}

test("runs of one evaluation: those of another, and those that are none, are left out", async () => {
  const name = { source: "agentv", flowName: "arithmetic.eval" };
  const { tally: _, ...flow } = summary("flow", 4);
  const all = [
    summary("old", 1),
    summary("other", 2, { flowName: "arithmetic.eval.2" }),
    summary("waza", 3, { source: "waza" }),
    flow,
    summary("new", 5),
  ];
  assert.deepEqual(
    runsOf(name, [...all, summary("old", 1)]).map(({ runId }) => runId),
    ["new", "old"],
  );
  const asked: unknown[] = [];
  const found = await askRunsOf(
    name,
    20,
    ({ after, search }) => {
      asked.push([search, after]);
      const runs = after === null ? all.slice(3) : all.slice(0, 3);
      return Promise.resolve({ runs, total: 5, next: after === null ? "flow" : null });
    },
    new AbortController().signal,
  );
  assert.deepEqual(
    found.map(({ runId }) => runId),
    ["new", "old"],
  );
  assert.deepEqual(asked, [
    ["arithmetic.eval", null],
    ["arithmetic.eval", "flow"],
  ]);
});

test("a trend is read from the oldest run to the newest", () => {
  const { finishedAt: _, ...going } = summary("b", 2, { status: "running" });
  const points = trendOf([going, summary("a", 1)]);
  assert.deepEqual(
    points.map(({ errors, failed, isOver, passed, passRate, runId, tookMs }) => [
      runId,
      passed,
      failed,
      errors,
      Number(passRate?.toFixed(3)),
      tookMs,
      isOver,
    ]),
    [
      ["a", 2, 1, 1, 0.667, 12_000, true],
      ["b", 2, 1, 1, 0.667, null, false],
    ],
  );
});

test("a trend has a line for each model, and no two of them look the same", () => {
  const of = (runId: string, minute: number, model: string) =>
    summary(runId, minute, { source: "waza", flowName: "deploy", runTitle: `deploy · ${model}` });
  const points = trendOf([of("c", 3, "gpt-4o"), of("b", 2, "claude"), of("a", 1, "gpt-4o")]);
  assert.deepEqual(
    points.map(({ variant }) => variant),
    ["gpt-4o", "claude", "gpt-4o"],
  );
  assert.deepEqual(
    linesOf(points).map(({ variant }) => variant),
    ["gpt-4o", "claude"],
  );
  const many = trendOf(Array.from({ length: 20 }, (_, index) => of(`${index}`, index, `model-${index}`)));
  const looks = linesOf(many).map(({ dash, token }) => `${token} ${dash.join(" ")}`);
  assert.equal(new Set(looks).size, 20);
  assert.equal(variantOf(summary("a", 1)), null);
  assert.equal(variantOf(summary("a", 1, { runTitle: "a name of its own" })), null);
});

test("times are told to the second where a minute has several", () => {
  const [first, second, later] = [stamp(0), stamp(20_000), stamp(60_000)].map((each) => Date.parse(each));
  const text = startTexts([first ?? 0, second ?? 0, later ?? 0]);
  assert.match(text(first ?? 0), /\d\d:\d\d:\d\d$/);
  assert.notEqual(text(first ?? 0), text(second ?? 0));
  assert.match(text(later ?? 0), /[^:]\b\d\d:\d\d$/);
  assert.match(startTexts([first ?? 0, first ?? 0])(first ?? 0), /[^:]\b\d\d:\d\d$/);
});

test("what no test tells of has no column, and a baseline no part in the mean score", () => {
  const bare = { tokens: null, costUsd: null };
  const { hasFigure, right } = compare(
    side([tested("adds", { ...bare, costUsd: 1 })]),
    side([
      tested("adds", bare),
      tested("divides", { ...bare, score: 0, target: "baseline", isBaseline: true }),
    ]),
  );
  assert.deepEqual(hasFigure, { score: true, durationMs: true, tokens: false, costUsd: false });
  assert.equal(right.score, 1);
  const { hasFigure: told } = compare(side([tested("adds")]), side([tested("adds")]));
  assert.deepEqual(told, { score: true, durationMs: true, tokens: true, costUsd: true });
});

import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { TEST_STATES } from "../../src/protocol/tally.ts";
import { asOf } from "../../viewer/playback/as-of.ts";
import { RunIndex } from "../../viewer/playback/run-index.ts";
import { layoutFor } from "../../viewer/results/columns.ts";
import { EVERY_TEST, type ResultFilter } from "../../viewer/results/filter.ts";
import { inHeldOrder } from "../../viewer/results/held-order.ts";
import { inView, keptTop, topToSee } from "../../viewer/results/kept-place.ts";
import {
  AT_FIRST,
  COLUMNS,
  comparison,
  type Order,
  pressed,
  readOrder,
  writeOrder,
} from "../../viewer/results/order.ts";
import { ResultPictures, resultsAt, type ResultsView, type Wish } from "../../viewer/results/picture.ts";
import type { ResultRow, RowState } from "../../viewer/playback/test-rows.ts";
import { cutRun, madeEvaluation, type MadeTest } from "./made-evaluation.ts";
import { T0 } from "./made-run.ts";
import { ServedRun } from "./served-run.ts";

const LIVE = Number.POSITIVE_INFINITY;
const WISH: Wish = { order: AT_FIRST, filter: EVERY_TEST };

const maybe = <Value>(value: fc.Arbitrary<Value>) => fc.option(value, { nil: null });
const anyResult = fc.record({
  state: fc.constantFrom(...TEST_STATES),
  score: maybe(fc.constantFrom(0, 0.2, 0.85, 1)),
  durationMs: maybe(fc.nat(9000)),
  tokens: maybe(fc.nat(9000)),
  costUsd: maybe(fc.constantFrom(0, 0.003, 1.5)),
  error: maybe(fc.constantFrom("out of time", "no answer")),
});
const anyTest = fc.record({
  id: fc.constantFrom(...Array.from({ length: 12 }, (_, index) => `t${index + 1}`)),
  suite: fc.constantFrom("sums", "texts"),
  target: fc.constantFrom("small", "large"),
  begun: fc.integer({ min: 1000, max: 20_000 }),
  lasts: fc.option(fc.nat(4000), { nil: undefined }),
  result: anyResult,
});

/** Tests, of which some are run again. Each attempt begins after the one before it. */
const anyTests = fc.array(anyTest, { maxLength: 40 }).map((all): MadeTest[] => {
  const counts = new Map<string, number>();
  return all
    .toSorted((left, right) => left.begun - right.begun)
    .map(({ lasts, ...made }) => {
      const name = `${made.suite}/${made.id}/${made.target}`;
      const attempt = (counts.get(name) ?? 0) + 1;
      counts.set(name, attempt);
      return { ...made, attempt, ...(lasts === undefined ? {} : { ended: made.begun + lasts }) };
    });
});
const anyMoment = fc.oneof(fc.integer({ min: 0, max: 25_000 }), fc.constant(LIVE));
const anyOrder = fc.record({ by: fc.constantFrom(...COLUMNS), isDown: fc.boolean() });
const anyFilter: fc.Arbitrary<ResultFilter> = fc.record({
  states: fc.subarray<RowState>([...TEST_STATES, "running"]).map((states) => new Set(states)),
  text: fc.constantFrom("", "T1", "large", "time"),
  allAttempts: fc.boolean(),
});
const anyWish = fc.record({ order: anyOrder, filter: anyFilter });

function valueOf(picture: { value: ResultsView | null; isReady: boolean }): ResultsView {
  assert.ok(picture.isReady && picture.value !== null);
  return picture.value;
}

test("at any moment the table is that of the run as it was then", () => {
  fc.assert(
    fc.property(anyTests, anyMoment, anyWish, (tests, ms, wish) => {
      const run = madeEvaluation(tests);
      const at = T0 + ms;
      const rewound = resultsAt(run, new RunIndex(), at, wish);
      const cut = resultsAt(cutRun(run, at), new RunIndex(), LIVE, wish);
      assert.deepEqual(valueOf(rewound), valueOf(cut));
    }),
  );
});

test("carried from moment to moment, on and back, it is what it would be if it were made anew", () => {
  const moves = fc.array(fc.tuple(anyMoment, anyWish), { minLength: 1, maxLength: 12 });
  fc.assert(
    fc.property(anyTests, moves, (tests, visited) => {
      const run = madeEvaluation(tests);
      const index = new RunIndex();
      const carried = new ResultPictures();
      for (const [ms, wish] of visited) {
        const at = T0 + ms;
        const picture = carried.at(asOf(run, index, at, null), wish);
        assert.deepEqual(valueOf(picture), valueOf(resultsAt(run, index, at, wish)));
      }
    }),
  );
});

test("as results come in it is the same, and what did not change stays the same object", () => {
  const tests = Array.from({ length: 60 }, (_, place): MadeTest => ({
    id: `t${place}`,
    begun: place * 100,
    ended: place * 100 + 250,
    result: { state: place % 4 === 0 ? "failed" : "passed", score: place / 60 },
  }));
  const whole = madeEvaluation(tests);
  const index = new RunIndex();
  const carried = new ResultPictures();
  let before: readonly ResultRow[] = [];
  for (let ms = 0; ms < 6500; ms += 50) {
    const run = cutRun(whole, T0 + ms);
    const { rows } = valueOf(carried.at(asOf(run, index, LIVE, null), WISH));
    assert.deepEqual(rows, valueOf(resultsAt(run, new RunIndex(), LIVE, WISH)).rows);
    if (ms > 2000) assert.ok(rows.filter((row) => !before.includes(row)).length <= 2, `${ms}`);
    before = rows;
  }
  assert.equal(before.length, 60);
});

test("failed ones come first, then what runs; by a column, without a figure last", () => {
  const run = madeEvaluation([
    { id: "adds", begun: 0, ended: 10 },
    { id: "gone", begun: 1, ended: 11, result: { state: "error", score: null, error: "no agent" } },
    { id: "t10", begun: 2, ended: 12, result: { state: "failed", score: 0.2 } },
    { id: "t9", begun: 3 },
    { id: "left out", begun: 4, ended: 14, result: { state: "skipped", score: null } },
  ]);
  const names = (order: Order) =>
    valueOf(resultsAt(run, new RunIndex(), LIVE, { ...WISH, order })).rows.map(({ name }) => name);
  assert.deepEqual(names(AT_FIRST), ["t10", "gone", "t9", "adds", "left out"]);
  const byScore = pressed(AT_FIRST, "score");
  assert.deepEqual(names(byScore), ["t10", "adds", "gone", "t9", "left out"]);
  assert.deepEqual(names(pressed(byScore, "score")), ["adds", "t10", "gone", "t9", "left out"]);
  assert.deepEqual(names({ by: "test", isDown: false }), ["adds", "gone", "left out", "t9", "t10"]);
});

test("every order is one: no two rows are alike to it, and it is remembered", () => {
  fc.assert(
    fc.property(anyTests, anyOrder, (tests, order) => {
      const { rows } = valueOf(resultsAt(madeEvaluation(tests), new RunIndex(), LIVE, { ...WISH, order }));
      const compare = comparison(order);
      for (const [place, row] of rows.entries())
        for (const later of rows.slice(place + 1)) {
          assert.ok(compare(row, later) < 0);
          assert.ok(compare(later, row) > 0);
        }
      assert.deepEqual(readOrder(writeOrder(order)), { ...order });
    }),
  );
  assert.deepEqual(readOrder("-nothing"), AT_FIRST);
});

test("a test that is run again shows its newest attempt, and the earlier ones below it if they are asked for", () => {
  const again: MadeTest[] = [
    { id: "a", begun: 0, ended: 10, result: { state: "failed", score: 0 } },
    { id: "b", begun: 20, ended: 30 },
    { id: "a", attempt: 2, begun: 40, ended: 50 },
  ];
  const run = madeEvaluation(again, 5);
  const shown = (at: number, filter: ResultFilter) =>
    valueOf(resultsAt(run, new RunIndex(), at, { ...WISH, filter })).rows.map(
      ({ attempts, name, number, state }) => `${name} ${number}/${attempts} ${state}`,
    );
  const all = { ...EVERY_TEST, allAttempts: true };
  assert.deepEqual(shown(LIVE, EVERY_TEST), ["a 2/2 passed", "b 1/1 passed"]);
  assert.deepEqual(shown(LIVE, all), ["a 2/2 passed", "a 1/2 failed", "b 1/1 passed"]);
  assert.deepEqual(shown(T0 + 45, EVERY_TEST), ["a 2/2 running", "b 1/1 passed"]);
  assert.deepEqual(shown(T0 + 35, all), ["a 1/1 failed", "b 1/1 passed"]);
  assert.deepEqual(shown(LIVE, { ...all, states: new Set(["failed"]) }), ["a 1/2 failed"]);
});

test("what was begun and never ended is running only while the run moves", () => {
  const run = madeEvaluation([{ id: "a", begun: 0 }]);
  const stateIn = (status: "running" | "stalled" | "completed") => {
    const { rows } = valueOf(resultsAt({ ...run, status }, new RunIndex(), LIVE, WISH));
    return rows[0]?.state;
  };
  assert.deepEqual(
    [stateIn("running"), stateIn("stalled"), stateIn("completed")],
    ["running", "unfinished", "untold"],
  );
});

test("while older tests are not told of, those known are shown, and it is not ready", async () => {
  const tests = Array.from({ length: 400 }, (_, place): MadeTest => ({
    id: `t${place}`,
    begun: place * 10,
    ended: place * 10 + 5,
  }));
  const served = new ServedRun(madeEvaluation(tests), () => 100);
  const partial = resultsAt(served.run, served.index, LIVE, WISH);
  assert.equal(partial.isReady, false);
  assert.ok((partial.value?.rows.length ?? 0) > 30 && (partial.value?.rows.length ?? 0) < 200);
  assert.equal(resultsAt(served.run, served.index, T0 + 500, WISH).value, null);
  await served.learn();
  assert.equal(valueOf(resultsAt(served.run, served.index, LIVE, WISH)).rows.length, 400);
  assert.equal(valueOf(resultsAt(served.run, served.index, T0 + 500, WISH)).rows.length, 51);
});

test("under a pointer no row moves: what ends stays, what is new comes last", () => {
  fc.assert(
    fc.property(anyTests, anyMoment, anyMoment, fc.boolean(), (tests, first, second, allAttempts) => {
      const run = madeEvaluation(tests);
      const wish = { ...WISH, filter: { ...EVERY_TEST, allAttempts } };
      const at = (ms: number) => valueOf(resultsAt(run, new RunIndex(), T0 + ms, wish)).rows;
      const before = at(Math.min(first, second));
      const now = at(Math.max(first, second));
      const held = inHeldOrder(before, now);
      assert.deepEqual(new Set(held), new Set(now));
      assert.equal(held.length, now.length);
      if (!allAttempts)
        assert.deepEqual(
          held.slice(0, before.length).map(({ node }) => node),
          before.map(({ node }) => node),
        );
    }),
  );
});

const BOX = { top: 0, height: 320, rowsTop: 32, headHeight: 32, rowHeight: 32 };
const letters = "abcdefghijklmnopqrstuvwxyz".split("");

test("who has scrolled goes on reading where they were; who is at the beginning stays there", () => {
  const more = ["1", "2", ...letters];
  assert.equal(keptTop(letters, more, BOX, null), 0);
  const scrolled = { ...BOX, top: 100 };
  assert.equal(keptTop(letters, more, scrolled, null), 164);
  // What stood first in view is another one now, further down: the next one tells.
  const moved = letters.filter((letter) => letter !== "d").concat("D");
  assert.equal(keptTop(letters, moved, scrolled, null), 68);
  assert.equal(keptTop(letters, ["f", ...letters.filter((letter) => letter !== "f")], scrolled, "g"), 100);
  assert.equal(keptTop(letters, ["1", ...letters], scrolled, "z"), 132, "what is not in view says nothing");
  assert.equal(keptTop(letters, ["0"], scrolled, null), 100);
});

test("a row that is to be seen is in view as a whole, by the shortest way", () => {
  fc.assert(
    fc.property(fc.nat(99), fc.nat(3000), fc.nat(200), (place, top, above) => {
      const box = { ...BOX, top, rowsTop: 32 + above };
      const put = { ...box, top: topToSee(place, box) };
      const { from, to } = inView(put);
      assert.ok(from <= place && place < to);
      const start = put.rowsTop + place * 32 - put.top;
      assert.ok(start >= 32 && start + 32 <= put.height);
    }),
  );
  assert.equal(topToSee(3, BOX), 0);
});

test("what there is no room for, or nothing to tell in, is no column; what is left out is told", () => {
  const longest = { test: 30, suite: 30, target: 30 };
  const none = { suites: false, targets: false, tokens: false, cost: false, earlier: false, longest };
  const all = { suites: true, targets: true, tokens: true, cost: true, earlier: true, longest };
  const brief = { ...all, longest: { test: 8, suite: 4, target: 4 } };
  const columns = (width: number, has: typeof all) => layoutFor(width, has, false).columns.join(" ");
  assert.equal(columns(900, all), COLUMNS.join(" "));
  assert.equal(columns(900, none), "state test score time");
  assert.equal(columns(600, { ...all, suites: false, targets: false }), "state test score time tokens cost");
  assert.equal(columns(632, { ...all, suites: false }), "state test target score time cost");
  assert.equal(columns(640, all), "state test suite target score time");
  assert.equal(layoutFor(640, all, false).isTight, false);
  assert.deepEqual(layoutFor(640, all, false).left, ["tokens", "cost"]);
  assert.equal(columns(640, brief), COLUMNS.join(" "), "names that need no room leave it to the figures");
  assert.deepEqual(layoutFor(900, all, false).left, []);
  for (const width of [320, 390, 440]) {
    assert.equal(columns(width, all), "state test score time");
    assert.equal(layoutFor(width, all, false).isTight, true);
    assert.equal(layoutFor(width, all, true).columns.join(" "), "state test score time tokens cost");
  }
  assert.equal(layoutFor(500, none, false).isTight, false);
});

test("every column is there where all are asked for, and then none is narrower than it may be", () => {
  const anyHas = fc.record({
    suites: fc.boolean(),
    targets: fc.boolean(),
    tokens: fc.boolean(),
    cost: fc.boolean(),
    earlier: fc.boolean(),
    longest: fc.record({ test: fc.nat(60), suite: fc.nat(60), target: fc.nat(60) }),
  });
  fc.assert(
    fc.property(fc.integer({ min: 200, max: 2000 }), anyHas, (width, has) => {
      const fitting = layoutFor(width, has, false);
      const whole = layoutFor(width, has, true);
      assert.deepEqual(new Set(whole.columns), new Set([...fitting.columns, ...fitting.left]));
      assert.deepEqual(whole.left, fitting.left);
      assert.equal(fitting.minWidth, 0);
      if (fitting.left.length === 0) assert.deepEqual(whole, fitting);
      else assert.ok(whole.minWidth > width);
    }),
  );
});

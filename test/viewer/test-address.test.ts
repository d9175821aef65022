import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { RunIndex } from "../../viewer/playback/run-index.ts";
import { stepNamed, testNameOf } from "../../viewer/steps/test-name.ts";
import { formatRoute, readRoute, type Route } from "../../viewer/ui/route.ts";
import { madeEvaluation } from "./made-evaluation.ts";
import { T0 } from "./made-run.ts";

const LIVE = Number.POSITIVE_INFINITY;
const read = (address: string) => readRoute(new URL(address, "http://reel.test"));

test("an address says the test, whatever it is called, beside all else", () => {
  const anyTest = fc.record(
    {
      node: fc.string({ minLength: 1, unit: "grapheme" }),
      attempt: fc.option(fc.integer({ min: 1, max: 999_999_999 }), { nil: null }),
    },
    { noNullPrototype: true },
  );
  fc.assert(
    fc.property(anyTest, fc.option(fc.nat(), { nil: null }), (named, at) => {
      const route: Route = { runId: "a/b", at, tab: "grading", beside: "other", test: named };
      assert.deepEqual(read(formatRoute(route)), route);
    }),
  );
});

test("what names no test is left out", () => {
  for (const query of ["test=", "attempt=2", "test=a&attempt=0", "test=a&attempt=-1", "test=a&attempt=1.5"]) {
    const named = query.includes("test=a") ? "?test=a" : "";
    assert.equal(formatRoute(read(`/runs/r?${query}`)), `/runs/r${named}`);
  }
  assert.equal(formatRoute(read("/?test=a")), "/");
});

test("an attempt is found by its name: without a number the newest that had begun, or else the newest", () => {
  const run = madeEvaluation([
    { id: "a", begun: 0, ended: 10 },
    { id: "b", begun: 20, ended: 30 },
    { id: "a", attempt: 2, begun: 40, ended: 50 },
  ]);
  const index = new RunIndex();
  index.extend(run);
  const { table } = index.trace;
  const names = [0, 1, 2].map((step) => testNameOf(table, step));
  assert.deepEqual(names, [
    { node: "a", attempt: 1 },
    { node: "b", attempt: null },
    { node: "a", attempt: null },
  ]);
  for (const [step, name] of names.entries()) assert.equal(name && stepNamed(table, name, LIVE), step);
  const newest = { node: "a", attempt: null };
  assert.equal(stepNamed(table, newest, T0 + 35), 0);
  assert.equal(stepNamed(table, newest, T0 - 1), 2);
  assert.equal(stepNamed(table, { node: "a", attempt: 3 }, LIVE), null);
  assert.equal(stepNamed(table, { node: "c", attempt: null }, LIVE), null);
});

import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { TEST_STATES, tallyOf, type TestState } from "../../src/protocol/tally.ts";
import { TallyCounts } from "../../src/protocol/tally-counts.ts";

test("counts that move with each result are those of the newest results", () => {
  const told = fc.array(fc.tuple(fc.nat(6), fc.constantFrom(...TEST_STATES)));
  const run = fc.property(told, fc.nat(9), (results, planned) => {
    const counts = new TallyCounts();
    const newest = new Map<number, TestState>();
    for (const [test, state] of results) {
      counts.move(newest.get(test), state);
      newest.set(test, state);
      assert.deepEqual(counts.tally(planned), tallyOf(newest.values(), planned));
    }
    counts.clear();
    assert.deepEqual(counts.tally(planned), tallyOf([], planned));
  });
  fc.assert(run);
});

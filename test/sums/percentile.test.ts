import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { percentile } from "../../src/sums/percentile.ts";

test("the nearest rank of 1 to 100 is the number itself", () => {
  const numbers = Array.from({ length: 100 }, (_, index) => index + 1);
  for (const p of [1, 50, 95, 99, 100]) assert.equal(percentile(numbers, p), p);
  assert.equal(percentile([7], 1), 7);
  assert.equal(percentile([1, 2], 50), 1);
});

test("a percentile is the smallest value that so many of all do not exceed", () => {
  const values = fc.array(fc.double({ min: 0, max: 1e6, noNaN: true }), { minLength: 1 });
  fc.assert(
    fc.property(values, fc.integer({ min: 1, max: 100 }), (values, p) => {
      const sorted = values.toSorted((left, right) => left - right);
      const atMost = (value: number) => values.filter((each) => each <= value).length;
      const wanted = sorted.find((value) => 100 * atMost(value) >= p * values.length);
      assert.equal(percentile(sorted, p), wanted);
    }),
  );
});

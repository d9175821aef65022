import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { projectedMonthEnd } from "../../src/sums/month-end.ts";

test("one dollar by the 10th of 31 days comes to 3.10", () => {
  assert.equal(projectedMonthEnd(1, 10, 31).toFixed(10), "3.1000000000");
});

test("on the last day a month has cost what it has; a steady one comes to the same on every day", () => {
  const month = fc.integer({ min: 28, max: 31 });
  const perDay = fc.double({ min: 0, max: 1_000, noNaN: true });
  fc.assert(
    fc.property(perDay, month, fc.nat(), (perDay, days, pick) => {
      const today = 1 + (pick % days);
      assert.equal(projectedMonthEnd(perDay, days, days), perDay);
      assert.ok(Math.abs(projectedMonthEnd(perDay * today, today, days) - perDay * days) < 1e-6);
    }),
  );
});

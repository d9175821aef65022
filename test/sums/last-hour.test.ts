import assert from "node:assert/strict";
import { test } from "node:test";
import { LastHour } from "../../src/sums/last-hour.ts";

test("what is older than an hour goes though nobody asks", () => {
  const hour = new LastHour();
  const start = Date.UTC(2026, 2, 10);
  const second = 1_000;
  for (let place = 0; place < 100_000; place += 1)
    hour.add(start + place * second, 1, start + place * second);
  assert.ok(hour.kept < 10_000, `${hour.kept} are kept`);
  const now = start + 99_999 * second;
  assert.equal(hour.since(now - 5 * 60 * second, now), 301);
  assert.ok(hour.minutes(now).every((cost, place) => place === 59 || cost === 60));
});

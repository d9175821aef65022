import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { Log } from "../../src/protocol/log.ts";
import { LogFold } from "../../viewer/playback/log-fold.ts";

interface Item {
  readonly value: number;
}
const items = (count: number): Item[] => Array.from({ length: count }, (_, value) => ({ value: value % 97 }));

function countingFold(from = 0) {
  const counter = { steps: 0 };
  const fold = new LogFold<Item, number>(from, 0, (sum, item) => {
    counter.steps += 1;
    return sum + item.value;
  });
  return { counter, fold };
}

test("at any length, in any order, it is the sum of the entries", () => {
  const all = Log.from(items(1500));
  fc.assert(
    fc.property(fc.array(fc.nat(1500), { maxLength: 30 }), fc.nat(700), (lengths, from) => {
      const { fold } = countingFold(from);
      for (const length of lengths.filter((each) => each >= from)) {
        const expected = all.slice(from, length).reduce((sum, item) => sum + item.value, 0);
        assert.equal(fold.at(all, length), expected);
      }
    }),
  );
});

test("going on costs the new entries, going back a bounded number", () => {
  const { counter, fold } = countingFold();
  let log = Log.from(items(10_000));
  fold.at(log, log.length);
  assert.equal(counter.steps, 10_000);
  log = log.append({ value: 1 });
  fold.at(log, log.length);
  assert.equal(counter.steps, 10_001);
  fold.at(log, 5000);
  assert.ok(counter.steps <= 10_001 + LogFold.EVERY);
  const before = counter.steps;
  // Pinned in the past while the log grows: neither side repeats its work.
  for (let turn = 0; turn < 100; turn += 1) {
    log = log.append({ value: 1 });
    fold.at(log, log.length);
    fold.at(log, 5000);
  }
  assert.equal(counter.steps, before + 100);
});

test("holes are passed over", () => {
  const { fold } = countingFold();
  assert.equal(fold.at(Log.tail<Item>(0, [{ value: 5 }, null, { value: 2 }]), 3), 7);
});

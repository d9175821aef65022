import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { Log } from "../../src/protocol/log.ts";

test("a past state stays what it was while the log grows", () => {
  let log = Log.empty<number>();
  const past: Log<number>[] = [];
  for (let value = 0; value < 3 * Log.PAGE; value += 1) {
    past.push(log);
    log = log.append(value);
  }
  for (const [length, state] of past.entries()) {
    assert.equal(state.length, length);
    assert.equal(state.at(length), undefined);
    assert.equal(state.last(), length === 0 ? undefined : length - 1);
  }
});

test("two futures of one past do not see each other", () => {
  const past = Log.from(Array.from({ length: Log.PAGE + 5 }, (_, value) => value));
  const left = past.append(-1).append(-2);
  const right = past.append(-3);
  assert.deepEqual(left.slice(past.length, left.length), [-1, -2]);
  assert.deepEqual(right.slice(past.length, right.length), [-3]);
  const early = past.prefix(Log.PAGE);
  assert.deepEqual(early.append(-4).last(), -4);
  assert.equal(past.at(Log.PAGE), Log.PAGE);
});

test("replacing an entry copies, and only what is asked for", () => {
  const past = Log.from([1, 2, 3]);
  const next = past.with(1, 20);
  assert.deepEqual(past.toJSON(), [1, 2, 3]);
  assert.deepEqual(next.toJSON(), [1, 20, 3]);
  assert.throws(() => past.with(3, 0), RangeError);
  assert.deepEqual(next.append(4).toJSON(), [1, 20, 3, 4]);
  assert.deepEqual(past.append(5).toJSON(), [1, 2, 3, 5]);
});

/** What a test may do to one of the logs it holds. */
const action = fc.record({
  of: fc.nat(),
  kind: fc.constantFrom("append", "prefix", "with"),
  at: fc.nat(1200),
});

test("any family of logs behaves like arrays that are copied", () => {
  fc.assert(
    fc.property(fc.nat(1100), fc.array(action, { maxLength: 60 }), (start, actions) => {
      const initial = Array.from({ length: start }, (_, value) => value);
      const family = [{ log: Log.from(initial), model: initial }];
      for (const [step, { of, kind, at }] of actions.entries()) {
        const { log, model } = family[of % family.length]!;
        if (kind === "append") family.push({ log: log.append(-step), model: [...model, -step] });
        else if (kind === "prefix") family.push({ log: log.prefix(at), model: model.slice(0, at) });
        else if (model.length > 0) {
          const index = at % model.length;
          family.push({ log: log.with(index, -step), model: model.with(index, -step) });
        }
      }
      for (const { log, model } of family) assert.deepEqual([...log], model);
    }),
    { numRuns: 60 },
  );
});

test("on the wire a log is an array", () => {
  assert.equal(JSON.stringify({ log: Log.from(["a", "b"]) }), '{"log":["a","b"]}');
});

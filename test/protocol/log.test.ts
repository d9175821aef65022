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

/** A log of which only some pages are held, and what it must read like. */
interface Part {
  readonly log: Log<number>;
  readonly values: readonly (number | null)[];
  readonly held: ReadonlySet<number>;
}

const partAction = fc.record({
  of: fc.nat(),
  kind: fc.constantFrom("append", "append", "hole", "prefix", "fill", "release"),
  at: fc.nat(1_000),
  size: fc.nat(400),
});

function pagesOf(from: number, to: number): number[] {
  const first = Math.floor(from / Log.PAGE);
  return Array.from({ length: Math.max(0, Math.ceil(to / Log.PAGE) - first) }, (_, page) => first + page);
}

function afterAction(
  { held, log, values }: Part,
  { at, kind, size }: { at: number; kind: string; size: number },
): Part {
  const { length } = values;
  const growing = Math.floor(length / Log.PAGE);
  const lastPage = Math.ceil(length / Log.PAGE) - 1;
  switch (kind) {
    case "append":
    case "hole": {
      const value = kind === "hole" ? null : at;
      if (length % Log.PAGE !== 0 && !held.has(growing)) {
        assert.throws(() => log.append(value), RangeError);
        return { log, values, held };
      }
      return { log: log.append(value), values: [...values, value], held: new Set([...held, growing]) };
    }
    case "prefix": {
      const cut = Math.min(at, length);
      const pages = new Set(pagesOf(0, cut));
      return {
        log: log.prefix(cut),
        values: values.slice(0, cut),
        held: new Set([...held].filter((page) => pages.has(page))),
      };
    }
    case "fill": {
      const from = Math.min(growing, Math.floor(at / Log.PAGE)) * Log.PAGE;
      const items = values.slice(from, from + size);
      const whole = pagesOf(from, from + items.length).filter(
        (page) => (page + 1) * Log.PAGE <= from + items.length || from + items.length === length,
      );
      return { log: log.fill(from, items), values, held: new Set([...held, ...whole]) };
    }
    default: {
      const isKept = (page: number) => (page + at) % 3 === 0;
      return {
        log: log.release(isKept),
        values,
        held: new Set([...held].filter((page) => page === lastPage || isKept(page))),
      };
    }
  }
}

test("any family of logs that are held in part reads as what it holds of the whole, and nothing else", () => {
  fc.assert(
    fc.property(fc.nat(5), fc.nat(700), fc.array(partAction, { maxLength: 50 }), (skip, more, actions) => {
      const from = skip * Log.PAGE;
      const values = Array.from({ length: from + more }, (_, index) => (index % 11 === 3 ? null : index));
      const family: Part[] = [
        { log: Log.tail(from, values.slice(from)), values, held: new Set(pagesOf(from, values.length)) },
      ];
      for (const action of actions) family.push(afterAction(family[action.of % family.length]!, action));
      for (const { held, log, values: expected } of family) {
        assert.equal(log.length, expected.length);
        const seen = expected.map((value, index) => (held.has(Math.floor(index / Log.PAGE)) ? value : null));
        assert.deepEqual(
          expected.map((_, index) => log.at(index) ?? null),
          seen,
        );
        assert.deepEqual(
          [...log],
          seen.filter((value) => value !== null),
        );
        for (const page of pagesOf(0, expected.length)) {
          assert.equal(log.holds(page * Log.PAGE, (page + 1) * Log.PAGE), held.has(page), `page ${page}`);
        }
        assert.ok(log.holds(log.heldFrom, log.length));
        assert.ok(log.heldFrom === 0 || !log.holds(log.heldFrom - 1, log.heldFrom));
        // What is sent is a log that grows, and that holds the page that does.
        if (expected.length % Log.PAGE !== 0 && !held.has(Math.floor(expected.length / Log.PAGE))) continue;
        const wire = JSON.parse(JSON.stringify(log));
        const again: Log<number> = Array.isArray(wire)
          ? Log.tail(0, wire)
          : Log.tail(wire.from, wire.entries);
        assert.deepEqual(
          [again.length, again.slice(0, again.length)],
          [log.length, log.slice(log.heldFrom, log.length)],
        );
      }
    }),
    { numRuns: 150 },
  );
});

test("a log held in part begins at a page, and so does what is filled in", () => {
  assert.throws(() => Log.tail(5, [1]), RangeError);
  assert.throws(() => Log.from([1, 2]).fill(1, [2]), RangeError);
  assert.equal(Log.tail<number>(2 * Log.PAGE, []).append(7).length, 2 * Log.PAGE + 1);
});

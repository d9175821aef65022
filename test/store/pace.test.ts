import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { Pace } from "../../src/store/pace.ts";
import { ManualClock } from "../helpers/manual-clock.ts";

function paced(intervalMs: number) {
  const clock = new ManualClock(0);
  const flushes: number[] = [];
  const pace = new Pace(intervalMs, clock, () => flushes.push(clock.now()));
  return { clock, flushes, pace };
}

test("P12: the first change after a quiet time leaves at once", () => {
  const { clock, flushes, pace } = paced(50);
  clock.advance(1_000);
  pace.request();
  clock.advance(0);
  assert.deepEqual(flushes, [1_000]);
  clock.advance(1_000);
  pace.request();
  pace.request();
  clock.advance(0);
  assert.deepEqual(flushes, [1_000, 2_000]);
});

test("P12: on a busy topic flushes come once an interval, and nothing is left behind", () => {
  const { clock, flushes, pace } = paced(50);
  let last = 0;
  for (let time = 0; time < 1_000; time += 5) {
    pace.request();
    last = clock.now();
    clock.advance(5);
  }
  clock.advance(100);
  assert.ok(flushes.length >= 20 && flushes.length <= 22, `${flushes.length} flushes in a second`);
  assert.ok((flushes.at(-1) ?? 0) >= last);
});

test("P12: over any stretch of time there are no more flushes than intervals, but for two", () => {
  fc.assert(
    fc.property(fc.array(fc.integer({ min: 0, max: 120 }), { minLength: 1, maxLength: 80 }), (gaps) => {
      const { clock, flushes, pace } = paced(50);
      for (const gap of gaps) {
        pace.request();
        clock.advance(gap);
      }
      for (let from = 0; from < flushes.length; from += 1) {
        for (let to = from; to < flushes.length; to += 1) {
          const span = (flushes[to] ?? 0) - (flushes[from] ?? 0);
          assert.ok(to - from + 1 <= span / 50 + 2, `${to - from + 1} flushes in ${span} ms`);
        }
      }
    }),
  );
});

test("a producer with the interval's own rhythm is not held back by its jitter", () => {
  const { clock, flushes, pace } = paced(50);
  let delay = 0;
  for (let beat = 0; beat < 200; beat += 1) {
    const jitter = (beat * 7) % 21;
    clock.advance(beat * 50 + jitter - clock.now());
    const before = flushes.length;
    pace.request();
    const asked = clock.now();
    clock.advance(0);
    if (flushes.length === before) clock.advance(25);
    delay = Math.max(delay, (flushes.at(-1) ?? 0) - asked);
  }
  assert.ok(delay <= 1, `held back by ${delay} ms`);
});

test("a stopped pace flushes nothing more", () => {
  const { clock, flushes, pace } = paced(50);
  pace.request();
  pace.stop();
  clock.advance(1_000);
  assert.deepEqual(flushes, []);
  assert.equal(clock.waiting, 0);
});

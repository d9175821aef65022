import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import type { Spell } from "../../src/protocol/quiet.ts";
import { panned, Scale, stretch, WHOLE, withMomentAt, zoomed } from "../../viewer/timeline/scale.ts";
import { fineClock } from "../../viewer/timeline/fine-clock.ts";
import { ticks } from "../../viewer/timeline/ticks.ts";

const END = 1_000_000;

/** Spells that follow one another, each long enough to be one. */
const folds = fc
  .uniqueArray(fc.integer({ min: 0, max: 88 }), { maxLength: 40 })
  .map((places) =>
    places
      .toSorted((left, right) => left - right)
      .flatMap((place, index, all): Spell[] =>
        index % 2 === 1 ? [] : [[place * 11_000, (all[index + 1] ?? place + 1) * 11_000]],
      ),
  );
const views = fc.oneof(
  fc.constant(WHOLE),
  fc.record({
    kind: fc.constant("part" as const),
    from: fc.integer({ min: -10_000, max: END + 10_000 }),
    perPixel: fc.double({ min: 0.05, max: 3000, noNaN: true }),
  }),
);
const axes = fc.record({
  start: fc.constant(0),
  end: fc.constant(END),
  folds,
  width: fc.integer({ min: 50, max: 2500 }),
  view: views,
});
const times = fc.integer({ min: 0, max: END });
const near = (left: number, right: number, by: number, what: string) =>
  assert.ok(Math.abs(left - right) <= by, `${what}: ${left} is not ${right}`);

test("the axis never goes down, and leads back to the moment it came from", () => {
  fc.assert(
    fc.property(axes, fc.array(times, { minLength: 2, maxLength: 30 }), (axis, moments) => {
      const scale = new Scale(axis);
      for (const time of moments) {
        const fold = axis.folds.find(([from, to]) => from <= time && time < to);
        const slope = fold === undefined ? scale.perPixel : fold[1] - fold[0];
        near(scale.timeAt(scale.xOf(time)), time, 1e-6 * slope + 1e-5, "there and back");
      }
      const sorted = moments.toSorted((left, right) => left - right);
      const places = sorted.map((time) => scale.xOf(time));
      for (const [index, x] of places.entries())
        if (index > 0) assert.ok(x >= (places[index - 1] ?? 0) - 1e-9);
      // In whatever order they are asked for.
      assert.deepEqual(
        sorted.toReversed().map((time) => scale.xOf(time)),
        places.toReversed(),
      );
    }),
  );
});

test("all of the run lies within the width, and any part within the run", () => {
  fc.assert(
    fc.property(axes, (axis) => {
      const whole = new Scale({ ...axis, view: WHOLE });
      near(whole.xOf(0), 0, 1e-6, "start");
      near(whole.xOf(END), axis.width, 1e-3, "end");
      const { from, to } = new Scale(axis);
      assert.ok(from >= -1e-3 && to <= END + 1e-3, `${from} to ${to}`);
    }),
  );
});

test("folded spells are equally wide, and no wider than what there is to see beside them", () => {
  fc.assert(
    fc.property(axes, (axis) => {
      const scale = new Scale(axis);
      const widths = axis.folds.map(([from, to]) => scale.xOf(to) - scale.xOf(from));
      for (const width of widths) {
        near(width, widths[0] ?? 0, 1e-3, "as wide as the first");
        assert.ok(width <= 46.001);
      }
      if (scale.isWhole) assert.ok(widths.reduce((sum, width) => sum + width, 0) <= 0.6 * axis.width + 1e-3);
    }),
  );
});

test("zooming keeps the moment under the pointer, as far as the run reaches", () => {
  fc.assert(
    fc.property(axes, fc.double({ min: 0, max: 1, noNaN: true }), (axis, share) => {
      const before = new Scale(axis);
      const x = share * axis.width;
      const time = before.timeAt(x);
      const after = new Scale({ ...axis, view: zoomed(axis, x, 0.5) });
      near(after.xOf(time), x, 0.01, "nearer");
      const away = new Scale({ ...axis, view: zoomed(axis, x, 2) });
      const isFree = away.from > 1 && away.to < END - 1;
      if (isFree) near(away.xOf(time), x, 0.01, "further away");
      assert.ok(new Scale({ ...axis, view: zoomed(axis, x, 1e9) }).isWhole);
    }),
  );
});

test("a view can be moved, led to a moment, and to a stretch", () => {
  const axis = { start: 0, end: END, folds: [], width: 1000, view: WHOLE };
  const view = { kind: "part" as const, from: 200_000, perPixel: 100 };
  const scale = new Scale({ ...axis, view });
  assert.deepEqual(panned(scale, 50), { ...view, from: 205_000 });
  assert.deepEqual(withMomentAt(scale, 500_000, 0.5), { ...view, from: 450_000 });
  const near = new Scale({ ...axis, view: stretch(axis, 400_000, 440_000) });
  assert.deepEqual([Math.round(near.xOf(400_000)), Math.round(near.xOf(440_000))], [100, 900]);
  assert.equal(stretch(axis, 0, END), WHOLE);
});

test("figures that are long, as deep in a long run, neither touch nor are cut off", () => {
  const start = 36_000_000;
  const view = { kind: "part" as const, from: start + 1, perPixel: 0.02 };
  const deep = new Scale({ start: 0, end: 2 * start, folds: [], width: 600, view });
  const shown = ticks(deep, 90);
  assert.ok(shown.length >= 2);
  for (const [index, { label, left }] of shown.entries()) {
    assert.match(label, /^10:00:00\.\d\d\d$/);
    const next = shown[index + 1]?.left ?? deep.width;
    assert.ok(left + label.length * 6.6 <= next);
  }
});

test("a clock has the places that its moments differ in", () => {
  assert.deepEqual(
    [1000, 100, 10, 1].map((perPixel) => fineClock(61_234, perPixel)),
    ["1:01", "1:01.2", "1:01.23", "1:01.234"],
  );
});

test("ticks are round, have room, and are none within a fold", () => {
  const plain = new Scale({ start: 0, end: 42_000, folds: [], width: 540, view: WHOLE });
  assert.deepEqual(
    ticks(plain, 90).map(({ label }) => label),
    ["0:00", "0:10", "0:20", "0:30", "0:40"],
  );
  const short = new Scale({ start: 0, end: 400, folds: [], width: 450, view: WHOLE });
  assert.deepEqual(
    ticks(short, 90).map(({ label }) => label),
    ["0:00.0", "0:00.1", "0:00.2", "0:00.3", "0:00.4"],
  );
  fc.assert(
    fc.property(axes, fc.integer({ min: 20, max: 200 }), (axis, room) => {
      const shown = ticks(new Scale(axis), room);
      for (const [index, { at, x }] of shown.entries()) {
        assert.ok(x >= -0.01 && x <= axis.width + 0.01);
        assert.ok(!axis.folds.some(([from, to]) => from < at && at < to));
        if (index > 0) assert.ok(x - (shown[index - 1]?.x ?? 0) >= room - 0.01);
        const { label, left } = shown[index] ?? { label: "", left: 0 };
        const before = shown[index - 1];
        const width = label.length * 6.6;
        assert.ok(left >= 0 && (left + width <= axis.width || width > axis.width), "it is not cut off");
        if (before !== undefined)
          assert.ok(left >= before.left + before.label.length * 6.6, "figures lie apart");
      }
    }),
  );
});

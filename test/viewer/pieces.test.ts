import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { marksOf } from "../../viewer/timeline/marks.ts";
import { pack, type Spans } from "../../viewer/timeline/packing.ts";
import { piecesOf } from "../../viewer/timeline/pieces.ts";
import { Scale, WHOLE } from "../../viewer/timeline/scale.ts";
import { wedgesOf } from "../../viewer/timeline/wedges.ts";

const END = 10_000;

function piecesAt(spans: Spans, most: number, scale: Scale, at: number) {
  const { from, to } = scale;
  const seen = {
    from,
    to,
    edge: END,
    isOver: false,
    pixelOf: (time: number) => scale.pixelOf(time),
    timeOfPixel: (pixel: number) => scale.timeOfPixel(pixel),
  };
  const labelOf = (index: number) => ({ kind: "acp" as const, text: `span ${index}`, attempt: 1 });
  return pack(spans, most).map((packed) =>
    piecesOf({ packed, spans, labelOf, marks: marksOf(packed, spans, seen) }, scale, at),
  );
}

const made = fc
  .array(fc.tuple(fc.nat(END), fc.nat(3000), fc.boolean()), { maxLength: 80 })
  .map((list) => list.toSorted((left, right) => left[0] - right[0]))
  .map((list): Spans => ({
    count: list.length,
    starts: Float64Array.from(list, ([start]) => start),
    ends: Float64Array.from(list, ([start, length]) => Math.min(END, start + length)),
    isFailed: (index) => list[index]?.[2] ?? false,
  }));
const scales = fc
  .record({
    width: fc.integer({ min: 100, max: 2000 }),
    from: fc.nat(END),
    nearer: fc.double({ min: 0.05, max: 1.2, noNaN: true }),
  })
  .map(({ from, nearer, width }) => {
    const view = { kind: "part" as const, from, perPixel: (END / width) * nearer };
    return new Scale({ start: 0, end: END, folds: [], width, view });
  });

test("no name lies over another, nor outside, in any lane and however near one looks", () => {
  fc.assert(
    fc.property(made, fc.integer({ min: 1, max: 3 }), scales, fc.nat(END), (spans, most, scale, at) => {
      for (const { named } of piecesAt(spans, most, scale, at)) {
        let free = 0;
        for (const { left, nameLeft, nameRoom } of named) {
          const from = left + nameLeft;
          assert.ok(from >= free - 1e-6, `${from} lies over what ends at ${free}`);
          free = from + nameRoom;
          assert.ok(free <= scale.width + 1e-6);
        }
      }
    }),
  );
});

test("what goes on at the playhead has not failed yet", () => {
  const one: Spans = {
    count: 1,
    starts: Float64Array.of(1000),
    ends: Float64Array.of(5000),
    isFailed: () => true,
  };
  const scale = new Scale({ start: 0, end: END, folds: [], width: 500, view: WHOLE });
  const lookAt = (at: number) => {
    const { cut = [], named = [] } = piecesAt(one, 1, scale, at)[0] ?? {};
    return [named[0]?.state, named[0]?.kind, ...cut.map(({ kind }) => kind)];
  };
  assert.deepEqual(lookAt(4999), ["open", "acp", "failed"], "what lies ahead of it is drawn as recorded");
  assert.deepEqual(lookAt(5000), ["over", "failed"]);
  assert.deepEqual(lookAt(999), ["ahead", "failed"]);
});

test("of what is drawn as one, what had failed by the playhead shows, whatever still goes on", () => {
  // All of them start in one pixel; the last ends in none.
  const ends = [1001, 1002, 3000, 9000, Number.POSITIVE_INFINITY];
  const some: Spans = {
    count: ends.length,
    starts: Float64Array.of(1000, 1001, 1002, 1003, 1004),
    ends: Float64Array.from(ends),
    isFailed: (index) => index !== 1 && index !== 4,
  };
  const scale = new Scale({ start: 0, end: END, folds: [], width: 100, view: WHOLE });
  const failedAt = (at: number) => {
    const [lane] = piecesAt(some, 1, scale, at);
    const [piece] = [...(lane?.named ?? []), ...(lane?.bare ?? [])];
    return (piece?.failed ?? 0) * ends.length;
  };
  const known = [1000, 1001, 2999, 3000, 8999, 9000, END].map(failedAt);
  assert.deepEqual(known.map(Math.round), [0, 1, 1, 2, 2, 3, 3]);
  assert.equal(Math.round(failedAt(999)), 3, "what lies ahead is drawn as such, all of it");
});

test("a wide span is itself, whatever short one starts in its first pixel", () => {
  const scale = new Scale({ start: 0, end: END, folds: [], width: 100, view: WHOLE });
  const look = (ends: readonly number[], failed: number, at: number) => {
    const spans: Spans = {
      count: ends.length,
      starts: Float64Array.from(ends, (_, index) => 1000 + index),
      ends: Float64Array.from(ends),
      isFailed: (index) => index === failed,
    };
    const [packed] = pack(spans, 1);
    assert.ok(packed !== undefined);
    const seen = { from: 0, to: END, edge: END, isOver: false };
    const pixels = {
      pixelOf: (time: number) => scale.pixelOf(time),
      timeOfPixel: (pixel: number) => scale.timeOfPixel(pixel),
    };
    const labelOf = (index: number) => ({ kind: "acp" as const, text: "it", attempt: index + 1 });
    const marks = marksOf(packed, spans, { ...seen, ...pixels });
    const { bare, named } = piecesOf({ packed, spans, labelOf, marks }, scale, at);
    const [piece] = [...named, ...bare];
    return [piece?.attempt, piece?.kind, piece?.failed];
  };
  const wide = [1002, 6000];
  assert.deepEqual(look(wide, 1, 6000), [2, "failed", 0]);
  assert.deepEqual(look(wide, 1, 5999), [2, "acp", 0]);
  assert.deepEqual(look(wide, 0, 6000), [2, "acp", 0], "the short one's failure is not its own");
  assert.deepEqual(look([5000, 6000], 1, 6000), [1, "acp", 0.5], "of two wide ones it is neither");
  assert.deepEqual(look([1002, 1050], 1, 6000), [1, "acp", 0.5], "of two short ones, too");
});

test("errors that have no room side by side are one wedge, the stronger the more there are", () => {
  const errors = Float64Array.of(10, 4000, 4010, 4020, 9000);
  const scale = new Scale({ start: 0, end: END, folds: [], width: 500, view: WHOLE });
  const wedges = wedgesOf(errors, scale, 7);
  assert.deepEqual(
    wedges.map(({ count, from }) => [from, count]),
    [
      [10, 1],
      [4000, 3],
      [9000, 1],
    ],
  );
  assert.deepEqual(
    wedges.map(({ strength }) => Math.round(strength * 100)),
    [50, 100, 50],
  );
  const few = wedgesOf(Float64Array.of(10, 4000), scale, 7);
  assert.deepEqual(
    few.map(({ strength }) => strength),
    [1, 1],
  );
});

import assert from "node:assert/strict";
import { test } from "node:test";
import { hitAt, meantBy } from "../../viewer/timeline/hit.ts";
import { laneBox } from "../../viewer/timeline/lane-box.ts";
import { marksOf } from "../../viewer/timeline/marks.ts";
import { mostAtOnce, packAsKnown, type Spans } from "../../viewer/timeline/packing.ts";
import { piecesOf } from "../../viewer/timeline/pieces.ts";
import { Scale, WHOLE } from "../../viewer/timeline/scale.ts";

const END = 1000;
const scale = new Scale({ start: 0, end: END, folds: [], width: END, view: WHOLE });

interface Test {
  readonly start: number;
  readonly end: number;
  readonly failed?: boolean;
}

/** Tests that are told of at their ends, in that order. */
function spansOf(tests: readonly Test[]): Spans {
  const ends = Float64Array.from(tests, ({ end }) => end);
  const isFailed = (index: number) => tests[index]?.failed === true;
  return {
    count: tests.length,
    starts: Float64Array.from(tests, ({ start }) => start),
    ends,
    knowns: ends,
    isFailed,
    isKnownFailed: isFailed,
    isPoint: (index) => tests[index]!.end <= tests[index]!.start,
  };
}

function lanesOf(spans: Spans, most: number) {
  const labelOf = (index: number) => {
    const kind = spans.isFailed(index) ? ("failed" as const) : ("passed" as const);
    return { kind, text: `t${index}`, attempt: 1 };
  };
  const seen = { from: 0, to: END, edge: END, isOver: true };
  const pixels = {
    pixelOf: (time: number) => scale.pixelOf(time),
    timeOfPixel: (pixel: number) => scale.timeOfPixel(pixel),
  };
  return packAsKnown(spans, most).map((packed) => ({
    packed,
    spans,
    labelOf,
    marks: marksOf(packed, spans, { ...seen, ...pixels }),
  }));
}

/** The test at a place of each lane. */
function testsAt(spans: Spans, most: number, x: number): (number | null)[] {
  return lanesOf(spans, most).map((lane) => {
    const hit = hitAt(lane, x, scale, END, false);
    return hit === null ? null : meantBy(lane, hit);
  });
}

test("the test under a pointer is the one there, or the nearest that is close", () => {
  const spans = spansOf([
    { start: 0, end: 100 },
    { start: 200, end: 210 },
    { start: 300, end: END },
  ]);
  const places = [0, 50, 100, 102, 106, 196, 198, 205, 212, 216, 299, 900];
  assert.deepEqual(
    places.map((x) => testsAt(spans, 24, x)[0]),
    [0, 0, 0, 0, null, null, 1, 1, 1, null, 2, 2],
  );
});

test("of more tests than lanes each that failed is drawn over the others, and pressed first", () => {
  const failed = new Set([3, 9, 24, 26, 31]);
  const spans = spansOf(
    Array.from({ length: 32 }, (_, place) => ({
      start: 10,
      end: 400 + place * 10,
      failed: failed.has(place),
    })),
  );
  assert.equal(mostAtOnce(spans), 32);
  const met = testsAt(spans, 24, 200);
  assert.equal(met.length, 24);
  assert.deepEqual(
    met
      .filter((index) => index !== null && failed.has(index))
      .toSorted((one, two) => Number(one) - Number(two)),
    [...failed],
  );
  for (const lane of lanesOf(spans, 24)) {
    const kinds = piecesOf(lane, scale, END, false).bare.map(({ kind }) => kind);
    assert.ok(!kinds.includes("failed") || kinds.at(-1) === "failed", kinds.join(" "));
  }
});

test("a failed test that shares all of its pixels with a longer one is told of, and pressed", () => {
  const spans = spansOf([
    { start: 10, end: 500.2, failed: true },
    { start: 10, end: 500.4 },
  ]);
  assert.deepEqual(testsAt(spans, 1, 300), [0]);
  const [piece] = lanesOf(spans, 1).flatMap((lane) => piecesOf(lane, scale, END, false).bare);
  assert.deepEqual([piece?.failed, piece?.kind], [0.5, "passed"]);
});

test("a test of which only the end is known has a mark to press, also at the very end", () => {
  const spans = spansOf([
    { start: 100, end: 100, failed: true },
    { start: END, end: END, failed: true },
  ]);
  const pieces = lanesOf(spans, 24).flatMap((lane) => piecesOf(lane, scale, END).bare);
  assert.deepEqual(
    pieces.map(({ left, width }) => [left, width]),
    [
      [100, 12],
      [END - 12, 12],
    ],
  );
  assert.deepEqual(
    [95, 111, 116, 990, END].map((x) => testsAt(spans, 24, x)[0]),
    [null, 0, null, 1, 1],
  );
});

test("lanes take the same room however many there are, and are as many as can be pressed", () => {
  const heights = (reserved: number) =>
    [1, 2, 3, 4, 5, 6, 12, 24].map((lanes) => laneBox(lanes, reserved).room);
  assert.deepEqual(heights(2), [44, 44, 66, 96, 96, 96, 96, 96]);
  assert.deepEqual(heights(3), [66, 66, 66, 96, 96, 96, 96, 96], "of an evaluation that moves");
  for (const room of [24, 96, 200])
    for (let lanes = 1; lanes <= 24; lanes += 1) {
      const { bar, height, lane, rowAt, top } = laneBox(lanes, 2, room);
      assert.ok(lane * lanes <= room && bar <= lane && bar >= 1);
      assert.ok(top(lanes - 1) + bar <= height);
      assert.equal(rowAt(top(lanes - 1)), lanes - 1);
    }
  assert.equal(laneBox(24).lane, 4);
  assert.ok(laneBox(6).hasNames && !laneBox(7).hasNames);
});

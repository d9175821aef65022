import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { marksOf, packLanes } from "../../viewer/timeline/lanes.ts";
import type { Span } from "../../viewer/timeline/spans.ts";
import { ticks } from "../../viewer/timeline/ticks.ts";

const span = (start: number, end: number | null, failed = false): Span => ({
  id: `${start}-${end}-${failed}`,
  kind: "tool",
  label: "",
  start,
  end,
  failed,
});
const spans = fc
  .array(fc.tuple(fc.nat(1000), fc.nat(300), fc.boolean()), { maxLength: 200 })
  .map((list) =>
    list
      .toSorted((left, right) => left[0] - right[0])
      .map(([start, length, failed]) => span(start, start + length, failed)),
  );

test("no two spans of a lane overlap while there are lanes enough", () => {
  fc.assert(
    fc.property(spans, (list) => {
      const lanes = packLanes(list, 1000);
      assert.equal(lanes.flat().length, list.length);
      for (const lane of lanes)
        for (const [index, next] of lane.entries())
          if (index > 0) assert.ok((lane[index - 1]?.end ?? 0) <= next.start);
    }),
  );
});

test("there are never more lanes than allowed", () => {
  fc.assert(
    fc.property(spans, fc.integer({ min: 1, max: 4 }), (list, most) => {
      const lanes = packLanes(list, most);
      assert.ok(lanes.length <= most);
      assert.equal(lanes.flat().length, list.length);
    }),
  );
});

test("what still runs keeps its lane", () => {
  const lanes = packLanes([span(0, null), span(10, 20), span(30, 40)], 3);
  assert.deepEqual(
    lanes.map((lane) => lane.length),
    [1, 2],
  );
});

test("thousands of spans draw no more than about one mark a pixel, and none is lost", () => {
  const many = Array.from({ length: 20_000 }, (_, index) => span(index, index + 0.5, index % 777 === 0));
  const marks = marksOf(many, 0, 40, 20_000);
  assert.ok(marks.length <= 501);
  assert.equal(
    marks.reduce((sum, mark) => sum + mark.count, 0),
    20_000,
  );
  assert.equal(marks.filter((mark) => mark.failed).length, Math.ceil(20_000 / 777));
});

test("spans that can be told apart stay apart", () => {
  const marks = marksOf([span(0, 50), span(50, 100), span(100, null)], 0, 1, 140);
  assert.deepEqual(
    marks.map(({ end, start }) => [start, end]),
    [
      [0, 50],
      [50, 100],
      [100, 140],
    ],
  );
});

test("ticks are round, begin at zero and are not too many", () => {
  assert.deepEqual(
    ticks(42_000, 6).map(({ label }) => label),
    ["0:00", "0:10", "0:20", "0:30", "0:40"],
  );
  assert.deepEqual(
    ticks(400, 5).map(({ label }) => label),
    ["0:00.0", "0:00.1", "0:00.2", "0:00.3", "0:00.4"],
  );
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 2e9 }), fc.integer({ min: 2, max: 30 }), (length, most) => {
      assert.ok(ticks(length, most).length <= most);
    }),
  );
});

import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { SessionTable } from "../../viewer/playback/session-table.ts";
import { type Mark, marksOf } from "../../viewer/timeline/marks.ts";
import { pack, type Spans } from "../../viewer/timeline/packing.ts";
import { ToolSpans } from "../../viewer/timeline/spans.ts";

interface Span {
  readonly start: number;
  readonly end: number | null;
  readonly failed: boolean;
}

const span = (start: number, end: number | null, failed = false): Span => ({ start, end, failed });
const blocks = (list: readonly Span[]): Spans => ({
  count: list.length,
  starts: Float64Array.from(list, ({ start }) => start),
  ends: Float64Array.from(list, ({ end }) => end ?? Number.POSITIVE_INFINITY),
  isFailed: (index) => list[index]?.failed ?? false,
});
const finest = { start: 0, msPerPixel: 1e-6, edge: 2000, isOver: false };

/** The marks of all lanes, of what is seen from `from` to `to`. */
function lanesOf(
  spans: Spans,
  most: number,
  { edge, isOver, msPerPixel, start }: typeof finest,
  from = Number.NEGATIVE_INFINITY,
  to = Number.POSITIVE_INFINITY,
): Mark[][] {
  const xOf = (time: number) => (time - start) / msPerPixel;
  const seen = {
    from,
    to,
    edge,
    isOver,
    pixelOf: (time: number) => Math.floor(xOf(time)),
    timeOfPixel: (pixel: number) => start + pixel * msPerPixel,
  };
  return pack(spans, most).map((lane) => marksOf(lane, spans, seen));
}

/** Plainly: lanes of spans, and then marks of lanes. */
function plainLanes(list: readonly Span[], most: number, scale: typeof finest): Mark[][] {
  const lanes: { index: number; start: number; end: number; isOpen: boolean; failures: number }[][] = [];
  const ends: number[] = [];
  for (const [index, { end, failed, start }] of list.entries()) {
    const isOpen = end === null && !scale.isOver;
    const close = end ?? Number.POSITIVE_INFINITY;
    let lane = ends.findIndex((before) => before <= start);
    if (lane === -1) lane = Math.min(lanes.length, most - 1);
    (lanes[lane] ??= []).push({
      index,
      start,
      end: Math.max(start, end ?? scale.edge),
      isOpen,
      failures: failed ? 1 : 0,
    });
    ends[lane] = Math.max(ends[lane] ?? Number.NEGATIVE_INFINITY, close);
  }
  const pixel = (time: number) => Math.floor((time - scale.start) / scale.msPerPixel);
  return lanes.map((lane) => {
    const marks: Mark[] = [];
    for (const [place, each] of lane.entries()) {
      const last = marks.at(-1);
      const joins = last !== undefined && pixel(each.start) === pixel(last.start);
      if (!joins) {
        marks.push({ ...each, known: each.start, place, count: 1 });
        continue;
      }
      const longest = lane.find(({ index }) => index === last.index) ?? last;
      const names = each.end - each.start > longest.end - longest.start ? each : last;
      marks[marks.length - 1] = {
        index: names.index,
        place: last.place,
        isOpen: names.isOpen,
        start: last.start,
        known: last.start,
        end: Math.max(last.end, each.end),
        count: last.count + 1,
        failures: last.failures + each.failures,
      };
    }
    return marks;
  });
}

const spans = fc
  .array(fc.tuple(fc.nat(1000), fc.option(fc.nat(300), { freq: 9 }), fc.boolean()), { maxLength: 200 })
  .map((list) =>
    list
      .toSorted((left, right) => left[0] - right[0])
      .map(([start, length, failed]) => span(start, length === null ? null : start + length, failed)),
  );

test("lanes and marks are those that spans one by one would give", () => {
  const scales = fc.record({
    start: fc.integer({ min: -50, max: 0 }),
    msPerPixel: fc.constantFrom(1e-6, 1, 7, 90),
    edge: fc.integer({ min: 900, max: 1400 }),
    isOver: fc.boolean(),
  });
  fc.assert(
    fc.property(spans, fc.integer({ min: 1, max: 4 }), scales, (list, most, scale) => {
      assert.deepEqual(lanesOf(blocks(list), most, scale), plainLanes(list, most, scale));
    }),
  );
});

test("no two spans of a lane overlap while there are lanes enough", () => {
  fc.assert(
    fc.property(spans, (list) => {
      const lanes = lanesOf(blocks(list), 1000, { ...finest, edge: 5000 });
      for (const lane of lanes)
        for (const [index, next] of lane.entries())
          if (index > 0) assert.ok((lane[index - 1]?.end ?? 0) <= next.start);
    }),
  );
});

test("what still runs keeps its lane", () => {
  const lanes = lanesOf(blocks([span(0, null), span(10, 20), span(30, 40)]), 3, finest);
  assert.deepEqual(
    lanes.map((lane) => lane.length),
    [1, 2],
  );
});

test("thousands of spans draw no more than about one mark a pixel, and none is lost", () => {
  const many = Array.from({ length: 20_000 }, (_, index) => span(index, index + 0.5, index % 777 === 0));
  const scale = { start: 0, msPerPixel: 40, edge: 20_000, isOver: false };
  const [marks = []] = lanesOf(blocks(many), 3, scale);
  assert.ok(marks.length <= 501);
  assert.equal(
    marks.reduce((sum, mark) => sum + mark.count, 0),
    20_000,
  );
  assert.equal(
    marks.reduce((sum, mark) => sum + mark.failures, 0),
    Math.ceil(20_000 / 777),
  );
});

test("spans that can be told apart stay apart", () => {
  const scale = { start: 0, msPerPixel: 1, edge: 140, isOver: false };
  const [marks = []] = lanesOf(blocks([span(0, 50), span(50, 100), span(100, null)]), 3, scale);
  assert.deepEqual(
    marks.map(({ end, start }) => [start, end]),
    [
      [0, 50],
      [50, 100],
      [100, 140],
    ],
  );
});

test("the tool calls of all sessions stand in the order of their start, however they come in", () => {
  const calls = fc.array(fc.tuple(fc.nat(2), fc.nat(20)), { maxLength: 60 });
  fc.assert(
    fc.property(calls, fc.nat(10), (made, every) => {
      const tables = [new SessionTable(), new SessionTable(), new SessionTable()];
      const tools = new ToolSpans();
      const expected: { at: number; session: number; title: string }[] = [];
      const times = [0, 0, 0];
      for (const [line, [session, later]] of made.entries()) {
        const at = (times[session] ?? 0) + later;
        times[session] = at;
        const title = `call ${line}`;
        tables[session]?.add({ line, at, is: "tool", call: title, title, kind: null, status: null });
        expected.push({ at, session, title });
        if (line % (every + 1) === 0) tools.update(tables);
      }
      tools.update(tables);
      assert.deepEqual(
        Array.from({ length: tools.count }, (_, index) => tools.label(index).text),
        expected
          .toSorted((left, right) => left.at - right.at || left.session - right.session)
          .map(({ title }) => title),
      );
    }),
  );
});

test("what is seen of a lane is what all of it has there", () => {
  const window = fc.tuple(fc.nat(1300), fc.nat(1300)).map((ends) => ends.toSorted((one, two) => one - two));
  fc.assert(
    fc.property(spans, fc.integer({ min: 1, max: 4 }), window, (some, most, [from = 0, to = 0]) => {
      const list = some.filter(({ start }, index) => start !== some[index - 1]?.start);
      const scale = { start: 0, msPerPixel: 1e-6, edge: 1400, isOver: false };
      const all = lanesOf(blocks(list), most, scale);
      const reaches = (mark: Mark) => mark.start <= to && (mark.isOpen || mark.end >= from);
      assert.deepEqual(
        lanesOf(blocks(list), most, scale, from, to).map((lane) => lane.filter(reaches)),
        all.map((lane) => lane.filter(reaches)),
      );
    }),
  );
});

test("a tool call is called what it was known as at the moment", () => {
  const table = new SessionTable();
  const add = (line: number, at: number, title: string | null) =>
    table.add({ line, at, is: "tool", call: "c", title, kind: "read", status: null });
  add(0, 100, "");
  add(1, 200, "Reads");
  add(2, 250, null);
  add(3, 300, "Reads a.ts");
  assert.deepEqual(
    [99, 100, 199, 200, 299, 300, Number.POSITIVE_INFINITY].map((at) => table.toolLabel(0, at)),
    ["Reads a.ts", "read", "read", "Reads", "Reads", "Reads a.ts", "Reads a.ts"],
  );
});

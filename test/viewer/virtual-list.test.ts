import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { type Container, isContainer, membersOf, openAtFirst } from "../../viewer/text/json-open.ts";
import {
  drawnHeight,
  type Heights,
  lastOffset,
  MOST_PX,
  offsetAfter,
  type Scrolled,
  topOf,
} from "../../viewer/ui/long-scroll.ts";

const heights = fc.record({
  rows: fc.oneof(fc.integer({ min: 0, max: 20_000 }), fc.integer({ min: 0, max: 4_000_000_000 })),
  view: fc.integer({ min: 1, max: 3000 }),
});
const lastTop = (of: Heights) => Math.max(0, drawnHeight(of) - of.view);

test("no list is drawn taller than browsers can, and both its ends are reached", () => {
  fc.assert(
    fc.property(heights, fc.double({ min: 0, max: 1, noNaN: true }), (of, share) => {
      assert.ok(drawnHeight(of) <= MOST_PX);
      assert.equal(topOf(of, 0), 0);
      assert.ok(Math.abs(topOf(of, lastOffset(of)) - lastTop(of)) < 1e-6);
      const before: Scrolled = { top: share * lastTop(of), offset: share * lastOffset(of) };
      assert.equal(offsetAfter(of, before, 0), 0);
      assert.equal(offsetAfter(of, before, lastTop(of)), lastOffset(of));
    }),
  );
});

test("a place in the list is where the box is scrolled to for it", () => {
  fc.assert(
    fc.property(heights, fc.double({ min: 0, max: 1, noNaN: true }), (of, share) => {
      const offset = share * lastOffset(of);
      const top = topOf(of, offset);
      assert.ok(top >= 0 && top <= lastTop(of));
      // From far away, so that the way there is a long one.
      const before = { top: top > lastTop(of) / 2 ? 0 : lastTop(of), offset: 0 };
      if (Math.abs(top - before.top) <= of.view) return;
      assert.ok(Math.abs(offsetAfter(of, before, top) - offset) <= Math.max(1e-6, lastOffset(of) * 1e-9));
    }),
  );
});

test("a short way is as long as it looks, and nobody is led past an end", () => {
  fc.assert(
    fc.property(heights, fc.nat(1_000_000), fc.integer({ min: -3000, max: 3000 }), (of, parts, way) => {
      const offset = (parts / 1_000_000) * lastOffset(of);
      const before = { top: topOf(of, offset), offset };
      const top = before.top + way;
      const after = offsetAfter(of, before, top);
      assert.ok(after >= 0 && after <= lastOffset(of));
      const isInside = top > 0 && top < lastTop(of) && offset + way >= 0 && offset + way <= lastOffset(of);
      if (isInside && Math.abs(way) <= of.view) assert.ok(Math.abs(after - (offset + way)) < 1e-6);
      if (way > 0) assert.ok(after >= offset - 1e-6, "down is never up");
    }),
  );
});

test("a list that fits is scrolled by the browser alone", () => {
  const of = { rows: 50_000, view: 700 };
  for (const top of [1, 12.5, 4000, 49_299.5]) assert.equal(offsetAfter(of, { top: 0, offset: 0 }, top), top);
});

function rowsOf(value: unknown, open: ReadonlySet<Container>): number {
  if (!isContainer(value) || !open.has(value)) return 1;
  return membersOf(value, 100).reduce((sum, [, member]) => sum + rowsOf(member, open), 1);
}

test("a small value is open at first, and of a large one its beginning", () => {
  const small = { a: { b: { c: { d: [1, { e: "f" }] } } } };
  assert.equal(openAtFirst(small).size, 6);
  const wide = Array.from({ length: 5000 }, (_, index) => ({ index }));
  const open = openAtFirst(wide);
  assert.ok(open.has(wide));
  assert.ok(rowsOf(wide, open) <= 301);
  const two = { message: { params: wide } };
  assert.ok(openAtFirst(two).has(two.message), "two levels are open in any case");
  fc.assert(
    fc.property(fc.jsonValue(), (value) => {
      assert.ok(rowsOf(value, openAtFirst(value)) <= 301);
    }),
  );
});

test("a value of any depth is no deeper at first than there is room for", () => {
  let deep: unknown = 1;
  for (let level = 0; level < 100_000; level += 1) deep = level % 2 === 0 ? [deep] : { deep };
  assert.ok(openAtFirst(deep).size <= 8);
});

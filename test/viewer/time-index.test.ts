import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { Log } from "../../src/protocol/log.ts";
import { TimeIndex } from "../../viewer/playback/time-index.ts";

interface Stamped {
  readonly at: string | null;
}
const entry = (at: number | null): Stamped => ({ at: at === null ? null : new Date(at).toISOString() });

test("what is known at a moment is what a plain scan finds", () => {
  const times = fc.array(fc.option(fc.integer({ min: 0, max: 1000 }), { freq: 6 }), { maxLength: 300 });
  fc.assert(
    fc.property(times, fc.integer({ min: -1, max: 1001 }), fc.nat(300), (stamps, at, firstPart) => {
      const entries = stamps.map(entry);
      const index = new TimeIndex<Stamped>((item) => item.at);
      let log = Log.from(entries.slice(0, firstPart));
      index.extend(log);
      for (const item of entries.slice(firstPart)) {
        log = log.append(item);
        index.extend(log);
      }
      let latest = Number.NEGATIVE_INFINITY;
      const known = stamps.filter((time) => {
        latest = Math.max(latest, time ?? latest);
        return latest <= at;
      }).length;
      assert.equal(index.knownAt(at), known);
      assert.ok(index.knownBefore(at) <= known);
    }),
  );
});

test("an unreadable time is that of the entry before", () => {
  const index = new TimeIndex<Stamped>((item) => item.at);
  index.extend(Log.from([{ at: "soon" }, entry(50), { at: null }, entry(20)]));
  assert.equal(index.knownAt(49), 1);
  assert.equal(index.knownAt(50), 4);
  assert.equal(index.latest(), 50);
});

test("another log starts the index over", () => {
  const index = new TimeIndex<Stamped>((item) => item.at);
  index.extend(Log.from([entry(1), entry(2), entry(3)]));
  index.extend(Log.from([entry(7), entry(8), entry(9), entry(10)]));
  assert.equal(index.knownAt(6), 0);
  index.extend(Log.from([entry(5)]));
  assert.equal(index.length, 1);
  assert.equal(index.at(0), 5);
});

import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { Log } from "../../src/protocol/log.ts";
import { PageTimes } from "../../viewer/playback/page-times.ts";

interface Stamped {
  readonly at: string;
}
const entry = (at: number | null): Stamped => ({ at: at === null ? "soon" : new Date(at).toISOString() });
const indexOf = (log: Log<Stamped>, times = new PageTimes()) => {
  times.extend(log, () => {});
  return times;
};

const stampLists = fc.array(fc.option(fc.integer({ min: 0, max: 1000 }), { freq: 6 }), { maxLength: 600 });

test("what is known at a moment is what a plain scan finds, whatever part of the log is held", () => {
  fc.assert(
    fc.property(stampLists, fc.integer({ min: -1, max: 1001 }), fc.nat(600), (stamps, at, firstPart) => {
      const entries = stamps.map(entry);
      let latest = Number.NEGATIVE_INFINITY;
      const known = stamps.map((time) => (latest = Math.max(latest, time ?? latest)));
      const expected = known.filter((time) => time <= at).length;
      const before = known.filter((time) => time < at).length;

      const grown = new PageTimes();
      let log = Log.from(entries.slice(0, firstPart));
      indexOf(log, grown);
      for (const item of entries.slice(firstPart)) {
        log = log.append(item);
        indexOf(log, grown);
      }
      assert.equal(grown.knownAt(at), expected);
      assert.equal(grown.knownBefore(at), before);

      const from = Math.floor(entries.length / Log.PAGE / 2) * Log.PAGE;
      const tail = Log.tail<Stamped>(from, entries.slice(from));
      const times = indexOf(tail);
      const ends = Array.from({ length: Math.floor(entries.length / Log.PAGE) }, (_, page) => {
        const end = known[(page + 1) * Log.PAGE - 1] ?? Number.NEGATIVE_INFINITY;
        return Number.isFinite(end) ? end : null;
      });
      times.learn(ends);
      assert.equal(times.latest(), grown.latest());
      // What it cannot tell lies in the page it names.
      const page = times.pageAt(at) * Log.PAGE;
      indexOf(tail.fill(page, entries.slice(page, page + Log.PAGE)), times);
      assert.equal(times.knownAt(at), expected);
      const other = times.pageBefore(at) * Log.PAGE;
      indexOf(tail.fill(other, entries.slice(other, other + Log.PAGE)), times);
      assert.equal(times.knownBefore(at), before);
    }),
  );
});

test("an unreadable time is that of the entry before", () => {
  const times = indexOf(Log.from([entry(null), entry(50), entry(null), entry(20)]));
  assert.equal(times.knownAt(49), 1);
  assert.equal(times.knownAt(50), 4);
  assert.equal(times.latest(), 50);
  assert.equal(times.at(3), 50);
});

test("until it is learnt what lay before the tail, no past moment is found", () => {
  const entries = Array.from({ length: 300 }, (_, at) => entry(at));
  const times = indexOf(Log.tail<Stamped>(256, entries.slice(256)));
  assert.equal(times.knownAt(260), undefined);
  assert.equal(times.knownAt(Number.POSITIVE_INFINITY), 300);
  times.learn([127, 255]);
  assert.equal(times.knownAt(260), 261);
  assert.equal(times.at(127), 127);
  assert.equal(times.at(5), undefined);
});

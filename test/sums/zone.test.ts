import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { dayAfter, daysInMonth, readDay, readZone, writeDay, Zone } from "../../src/sums/zone.ts";

const dayStart = (zone: Zone, at: number) => zone.startOf(zone.dayOf(at));

const ZONES = [
  "UTC",
  "Europe/Berlin",
  "America/New_York",
  "Asia/Kathmandu",
  "Pacific/Apia",
  "America/Sao_Paulo",
  "Australia/Lord_Howe",
  "Asia/Beirut",
  "America/Havana",
  "Africa/Cairo",
  "Antarctica/Troll",
];
const HOUR_MS = 60 * 60_000;

function startIn(zone: string, day: string): string {
  const read = readDay(day);
  assert.ok(read);
  return new Date(new Zone(zone).startOf(read)).toISOString();
}

test("a day begins at its midnight, over every change of the clocks", () => {
  assert.equal(startIn("Europe/Berlin", "2026-03-29"), "2026-03-28T23:00:00.000Z");
  assert.equal(startIn("Europe/Berlin", "2026-03-30"), "2026-03-29T22:00:00.000Z");
  assert.equal(startIn("Europe/Berlin", "2026-10-25"), "2026-10-24T22:00:00.000Z");
  assert.equal(startIn("Europe/Berlin", "2026-10-26"), "2026-10-25T23:00:00.000Z");
  assert.equal(startIn("America/New_York", "2026-03-08"), "2026-03-08T05:00:00.000Z");
  assert.equal(startIn("America/New_York", "2026-03-09"), "2026-03-09T04:00:00.000Z");
  assert.equal(startIn("Asia/Kathmandu", "2026-11-20"), "2026-11-19T18:15:00.000Z");
  assert.equal(startIn("Pacific/Apia", "2026-11-20"), "2026-11-19T11:00:00.000Z");
  // Clocks went forward at midnight: there was none.
  assert.equal(startIn("America/Sao_Paulo", "2018-11-04"), "2018-11-04T03:00:00.000Z");
});

test("a day that a zone left out is over when it begins", () => {
  assert.equal(startIn("Pacific/Apia", "2011-12-30"), startIn("Pacific/Apia", "2011-12-31"));
});

test("every moment is within the day that it is of, and the days of a month follow one another", () => {
  const moment = fc.integer({ min: Date.UTC(1980, 0), max: Date.UTC(2100, 0) });
  fc.assert(
    fc.property(fc.constantFrom(...ZONES), moment, (name, at) => {
      const zone = new Zone(name);
      const day = zone.dayOf(at);
      assert.ok(dayStart(zone, at) <= at);
      assert.ok(zone.startOf(dayAfter(day, 1)) > at);
      assert.ok(zone.startOf({ ...zone.dayOf(at), day: 1 }) <= dayStart(zone, at));
      // What any clock on the wall there says.
      const wall = new Intl.DateTimeFormat("sv-SE", { timeZone: name, dateStyle: "short" }).format(at);
      assert.equal(writeDay(day), wall);
      const start = dayStart(zone, at);
      assert.equal(writeDay(zone.dayOf(start)), wall);
      assert.notEqual(writeDay(zone.dayOf(start - 1)), wall);
      assert.ok(start % (HOUR_MS / 4) === 0);
    }),
    { numRuns: 500 },
  );
});

test("a month has its days", () => {
  const days = (month: number, year: number) => daysInMonth({ year, month, day: 1 });
  assert.deepEqual([days(2, 2028), days(2, 2026), days(12, 2026), days(11, 2026)], [29, 28, 31, 30]);
});

test("a zone that nobody knows is none, and neither is a day", () => {
  assert.equal(readZone("Mars/Olympus"), null);
  assert.equal(readZone(""), null);
  assert.equal(readZone("Asia/Kathmandu")?.name.startsWith("Asia/Kat"), true);
  for (const text of ["2026-02-30", "2026-2-3", "yesterday", "2026-13-01"]) assert.equal(readDay(text), null);
});

import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import type { UsageDay } from "../../src/protocol/now.ts";
import { NO_USAGE, type Usage } from "../../src/protocol/usage.ts";
import type { UsageMoved } from "../../src/sources/coding/book/usage-moved.ts";
import { Sums } from "../../src/sums/sums.ts";
import { ManualClock } from "../helpers/manual-clock.ts";

const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;
/** A Tuesday, the 10th of a month of 31 days. */
const NOW = Date.UTC(2026, 2, 10, 12);

function sumsAt(now: number): Sums {
  return new Sums({ clock: new ManualClock(now), progress: () => null });
}

function usage(costUsd: number | null, outputTokens = 10): Usage {
  return { ...NO_USAGE, outputTokens, costUsd, unpricedTokens: costUsd === null ? outputTokens : 0 };
}

function moved(at: number, costUsd: number | null, more: Partial<UsageMoved> = {}): UsageMoved {
  return { source: "made", project: "/parcels", model: "a-model", at, usage: usage(costUsd), ...more };
}

test("the window, the day and the month hold what is theirs", () => {
  const sums = sumsAt(NOW);
  sums.moved(moved(NOW - 5 * MINUTE_MS, 0.25));
  sums.moved(moved(NOW - 5 * MINUTE_MS - 1, 0.5));
  sums.moved(moved(NOW - 1_000, 0.25));
  // The evening before, in New York the same day still.
  sums.moved(moved(Date.UTC(2026, 2, 10, 3), 1));
  sums.moved(moved(Date.UTC(2026, 2, 1, 3), 2));
  sums.moved(moved(NOW - 1_000, null, { model: "unheard-of" }));
  const utc = sums.burn(NOW, "UTC");
  assert.equal(utc.window_cost, 0.5);
  assert.equal(utc.per_minute, 0.1);
  assert.equal(utc.per_hour, 6);
  assert.equal(utc.today_cost, 2);
  assert.equal(utc.month_to_date, 4);
  assert.ok(Math.abs(utc.projected_month_end - 12.4) < 1e-9);
  sums.moved(moved(Date.UTC(2026, 2, 1, 3), null));
  assert.equal(utc.unpriced_tokens, 10);
  assert.equal(utc.window_unpriced_tokens, 10);
  assert.equal(sums.burn(NOW, "UTC").month_unpriced_tokens, 20);
  assert.equal(sums.burn(NOW + 6 * MINUTE_MS, "UTC").window_unpriced_tokens, 0);
  assert.equal(utc.series.length, 60);
  assert.ok(Math.abs(utc.series.reduce((sum, cost) => sum + cost, 0) - 1) < 1e-9);
  const york = sums.burn(NOW, "America/New_York");
  assert.equal(york.today_cost, 1);
  assert.equal(york.month_to_date, 2);
});

test("shares are of today, the costliest first, and say what has no price", () => {
  const sums = sumsAt(NOW);
  sums.moved(moved(NOW - HOUR_MS, 1));
  sums.moved(moved(NOW - HOUR_MS, 3, { project: "/locks" }));
  sums.moved(moved(NOW - HOUR_MS, null, { model: null, project: null }));
  sums.moved(moved(NOW - 48 * HOUR_MS, 9));
  const { models, projects } = sums.shares(NOW, "UTC");
  assert.deepEqual(
    projects.map(({ cost, name }) => [name, cost]),
    [
      ["/locks", 3],
      ["/parcels", 1],
      ["", 0],
    ],
  );
  assert.deepEqual(
    models.map(({ cost, name, unpriced_tokens }) => [name, cost, unpriced_tokens]),
    [
      ["a-model", 4, 0],
      ["", 0, 10],
    ],
  );
});

test("what is taken back is counted no more", async () => {
  const sums = sumsAt(NOW);
  sums.moved(moved(NOW - 1_000, 0.1));
  sums.moved(moved(NOW - 1_000, 0.2));
  for (const cost of [0.1, 0.2]) {
    const taken = { ...NO_USAGE, outputTokens: -10, costUsd: -cost };
    sums.moved({ ...moved(NOW - 1_000, 0), usage: taken });
  }
  assert.deepEqual(await sums.history("UTC", "2000-01-01", "2100-01-01"), []);
  const { month_to_date, series, window_cost } = sums.burn(NOW, "UTC");
  assert.deepEqual([window_cost, month_to_date, Math.max(...series)], [0, 0, 0]);
});

test("a history by days is the records by their days, in every zone and after every change", async () => {
  const zones = ["Europe/Berlin", "America/New_York", "Asia/Kathmandu", "Pacific/Apia", "UTC"];
  const record = fc.record({
    at: fc.integer({ min: Date.UTC(2026, 2, 1), max: Date.UTC(2026, 3, 10) }),
    cents: fc.integer({ min: 1, max: 500 }),
    project: fc.constantFrom("/parcels", "/locks"),
    isAsked: fc.boolean(),
  });
  await fc.assert(
    fc.asyncProperty(
      fc.constantFrom(...zones),
      fc.array(record, { maxLength: 40 }),
      async (zone, records) => {
        const sums = sumsAt(Date.UTC(2026, 3, 11));
        const wall = new Intl.DateTimeFormat("sv-SE", { timeZone: zone, dateStyle: "short" });
        const wanted = new Map<string, number>();
        for (const { at, cents, isAsked, project } of records) {
          sums.moved(moved(at, cents / 100, { project }));
          const key = `${wall.format(at)} ${project}`;
          wanted.set(key, (wanted.get(key) ?? 0) + cents);
          // What is kept of days must not outlive a change of them.
          if (isAsked) await sums.history(zone, "2026-01-01", "2026-12-31");
        }
        const days = await sums.history(zone, "2026-01-01", "2026-12-31");
        const cents = ({ cost_usd }: UsageDay) => Math.round((cost_usd ?? 0) * 100);
        const got = days.map((each): [string, number] => [`${each.day} ${each.project}`, cents(each)]);
        assert.deepEqual(new Map(got), wanted);
        const day = wall.format(Date.UTC(2026, 2, 20));
        const some = await sums.history(zone, day, day);
        assert.deepEqual(
          some,
          days.filter((each) => each.day === day),
        );
      },
    ),
  );
});

test("of a plan's limits the newest counts, until it begins anew", () => {
  const clock = new ManualClock(NOW);
  const sums = new Sums({ clock, progress: () => null });
  const limit = { name: "primary", windowMinutes: 300, resetsAt: NOW + HOUR_MS };
  const digest = { sessionId: null, title: "", project: null, branch: null, startedAt: null, newestAt: null };
  const about = { place: "/a", source: "made", session: "main", isLive: true } as const;
  const rest = { turns: 0, usage: null, lastLine: "", limits: [], state: { is: "empty" } } as const;
  for (const [at, usedPercent] of [
    [NOW - 10, 40],
    [NOW - 20, 30],
  ] as const) {
    sums.news({
      ...about,
      digest: { ...digest, ...rest },
      news: [{ is: "limits", at, limits: [{ ...limit, at, usedPercent }] }],
    });
  }
  assert.deepEqual(
    sums.planLimits().map(({ source, usedPercent }) => [source, usedPercent]),
    [["made", 40]],
  );
  clock.advance(2 * HOUR_MS);
  assert.deepEqual(sums.planLimits(), []);
});

test("while years are added up others have their turn", async () => {
  const sums = sumsAt(NOW);
  for (let day = 0; day < 1_000; day += 1) sums.moved(moved(NOW - day * 24 * HOUR_MS, 1));
  let turns = 0;
  const count = () => {
    turns += 1;
    again = setImmediate(count);
  };
  let again = setImmediate(count);
  const days = await sums.history("UTC", "2000-01-01", "2100-01-01");
  clearImmediate(again);
  assert.equal(days.length, 1_000);
  assert.ok(turns >= 100, String(turns));
});

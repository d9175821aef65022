import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import type { RunSummary } from "../../src/protocol/bundle.ts";
import type { UsageDay, WatcherState } from "../../src/protocol/now.ts";
import { cardsOf, readingOf, seriesText } from "../../viewer/now/cards.ts";
import { unpricedText, usd, usdOf } from "../../viewer/now/figures.ts";
import { dateIn, historyOf, lastDays } from "../../viewer/now/history-bars.ts";
import { latencyRows } from "../../viewer/now/latency-rows.ts";
import { countOf, countText } from "../../viewer/now/live-runs.ts";
import { limitsOf, windowText } from "../../viewer/now/limit.ts";
import { shareRows } from "../../viewer/now/share-rows.ts";
import { sparkOf } from "../../viewer/now/sparkline.ts";
import { tilesOf } from "../../viewer/now/tile.ts";
import { troubleOf } from "../../viewer/now/trouble.ts";
import { readRoute } from "../../viewer/ui/route.ts";
import { burnOf } from "./told-now.ts";

const NOW = Date.UTC(2026, 10, 20, 10);

test("money is told as short as it can be compared, and an unknown price is never nothing", () => {
  const told = [0.0001, 0.031, 0.9996, 1.86, 99.99, 99.996, 213.6, 1204.2, 0].map(usd);
  assert.deepEqual(told, [
    "<$0.001",
    "$0.031",
    "$1.00",
    "$1.86",
    "$99.99",
    "$100",
    "$214",
    "$1,204",
    "$0.00",
  ]);
  assert.equal(usd(null), "unpriced");
  assert.equal(usdOf(0, 5), "unpriced");
  assert.equal(usdOf(0, 0), "$0.00");
  assert.equal(unpricedText(1_204_000), "1.2M tokens unpriced");
  assert.equal(unpricedText(0), "");
});

test("the ticker: four figures, and what none of them holds", () => {
  const cards = cardsOf(burnOf({ unpriced_tokens: 1_200_000 }));
  assert.deepEqual(
    cards.map(({ more, value }) => [value, more]),
    [
      ["$0.031", "$0.155 in all"],
      ["$1.86", ""],
      ["$6.42", "1.2M tokens unpriced"],
      ["$214", "$71.20 so far"],
    ],
  );
  const unpriced = cardsOf(
    burnOf({
      window_cost: 0,
      per_minute: 0,
      per_hour: 0,
      today_cost: 0,
      month_to_date: 0,
      projected_month_end: 0,
      unpriced_tokens: 9,
      window_unpriced_tokens: 4,
      month_unpriced_tokens: 9,
    }),
  );
  assert.deepEqual(
    unpriced.map(({ more, value }) => [value, more]),
    [
      ["unpriced", "4 tokens unpriced"],
      ["unpriced", ""],
      ["unpriced", "9 tokens unpriced"],
      ["unpriced", "unpriced so far"],
    ],
  );
  // What had no price on another day is no cost of today's.
  const before = cardsOf(
    burnOf({ today_cost: 0, month_to_date: 0, projected_month_end: 0, month_unpriced_tokens: 9 }),
  );
  assert.deepEqual(
    before.map(({ value }) => value),
    ["$0.031", "$1.86", "$0.00", "unpriced"],
  );
  assert.equal(cardsOf(null).length, 4);
  assert.equal(readingOf(null), null);
  assert.equal(
    readingOf({ done: 1240, of: 5000 })?.text,
    "Reading older sessions: 1,240 of 5,000; sums are still too small",
  );
  assert.match(seriesText([0, 0.3, 0.01]), /at most \$0\.300, \$0\.010 in the newest/);
  assert.match(seriesText([]), /No cost is known/);
});

test("a sparkline begins at zero and is broken where there is no figure", () => {
  assert.deepEqual(sparkOf([0, 1, 2], 20, 10), {
    lines: ["0,10 10,5 20,0"],
    dots: [],
    area: "0,10 0,10 10,5 20,0 20,10",
  });
  const broken = sparkOf([1, 1, null, 1, null, 1, 1], 60, 10);
  assert.deepEqual([broken.lines.length, broken.dots, broken.area], [2, [[30, 0]], ""]);
  assert.deepEqual(sparkOf([], 10, 10), { lines: [], dots: [], area: "" });
  fc.assert(
    fc.property(fc.array(fc.option(fc.double({ min: 0, max: 1e9, noNaN: true }))), (series) => {
      const { dots, lines } = sparkOf(series, 100, 20);
      const drawn = [...lines.flatMap((line) => line.split(" ")), ...dots.map((dot) => dot.join(","))];
      assert.equal(drawn.length, series.filter((value) => value !== null).length);
      for (const point of drawn) {
        const [x = -1, y = -1] = point.split(",").map(Number);
        assert.ok(x >= 0 && x <= 100 && y >= 0 && y <= 20, point);
      }
    }),
  );
});

test("a plan's limits: the newest telling of each, and none that began anew since", () => {
  const limit = {
    source: "codex",
    usedPercent: 42.3,
    windowMinutes: 299,
    resetsAt: NOW + 3_600_000,
    at: NOW,
  };
  const limits = limitsOf(
    [
      { ...limit, name: "secondary", windowMinutes: 10_079, usedPercent: 88 },
      { ...limit, name: "primary" },
      { ...limit, name: "primary", usedPercent: 10, at: NOW - 1 },
    ],
    NOW,
  );
  assert.deepEqual(
    limits.map(({ isNear, text, window }) => [window, text, isNear]),
    [
      ["5 h", "42 %", false],
      ["7 days", "88 %", true],
    ],
  );
  const [over] = limitsOf([{ ...limit, name: "primary", usedPercent: 99, resetsAt: NOW - 1 }], NOW);
  assert.deepEqual([over?.isOver, over?.isNear], [true, false]);
  assert.match(over?.reset ?? "", /not told since/);
  assert.deepEqual([30, 60, 299, 300, 1440, 10_080].map(windowText), [
    "30 min",
    "1 h",
    "5 h",
    "5 h",
    "1 day",
    "7 days",
  ]);
});

test("the banner: what is not seen, and nothing while all is", () => {
  const watching: WatcherState = { running: true, mode: "watching", trouble: [] };
  assert.equal(troubleOf(watching, []), null);
  assert.equal(troubleOf(null, []), null);
  assert.match(troubleOf({ ...watching, running: false, mode: "off" }, [])?.title ?? "", /Watching is off/);
  assert.equal(troubleOf({ ...watching, mode: "sweeping" }, [])?.isBad, false);
  assert.deepEqual(
    troubleOf({ ...watching, trouble: ["No such folder: /x"] }, ["No such folder: /x"])?.sentences,
    ["No such folder: /x"],
  );
});

test("tool latency and shares: the most first, and bars of what can be compared", () => {
  const tool = { p50: 1.8, p95: 24, p99: 71, series: [] };
  const rows = latencyRows([
    { ...tool, tool_name: "Edit", samples: 3 },
    { ...tool, tool_name: "Bash", samples: 1412 },
  ]);
  assert.deepEqual(
    rows.map(({ count, p50, p99, tool: name }) => [name, count, p50, p99]),
    [
      ["Bash", "1,412", "1.8 s", "1:11"],
      ["Edit", "3", "1.8 s", "1:11"],
    ],
  );
  const shares = shareRows(
    [
      { name: "/srv/a/api", cost: 3, tokens: 10, unpriced_tokens: 0 },
      { name: "/srv/b/api", cost: 1, tokens: 10, unpriced_tokens: 4 },
      { name: "", cost: 0, tokens: 7, unpriced_tokens: 7 },
    ],
    "project",
  );
  assert.deepEqual(
    shares.map(({ cost, name, part, unpriced }) => [name, cost, part, unpriced]),
    [
      ["a/api", "$3.00", 0.75, ""],
      ["b/api", "$1.00", 0.25, "4 unpriced"],
      ["No project told", "unpriced", 0, ""],
    ],
  );
});

function dayOf(day: string, project: string, cost: number | null, tokens = 100): UsageDay {
  return {
    day,
    project,
    model: "m",
    source: "codex",
    input_tokens: tokens,
    cache_read_tokens: 0,
    cache_write_tokens: 0,
    cache_write_1h_tokens: 0,
    output_tokens: 0,
    unpriced_tokens: cost === null ? tokens : 0,
    cost_usd: cost,
  };
}

test("history: each day's bars stand on each other, and the table says the same", () => {
  const days = ["2026-11-19", "2026-11-20"];
  const told = [
    dayOf("2026-11-19", "/w/a", 6),
    dayOf("2026-11-19", "/w/b", 2),
    dayOf("2026-11-20", "/w/b", 4),
    dayOf("2026-11-20", "/w/c", null),
    dayOf("2026-11-01", "/w/a", 1000),
  ];
  const box = { width: 100, height: 80 };
  const {
    days: drawn,
    most,
    series,
    total,
    unpriced,
  } = historyOf(told, days, { by: "project", measure: "cost" }, box);
  assert.deepEqual(
    series.map(({ label, total }) => [label, total]),
    [
      ["a", "$6.00"],
      ["b", "$6.00"],
      ["c", "unpriced"],
    ],
  );
  assert.deepEqual(drawn[0]?.bars, [
    { place: 0, y: 20, height: 60 },
    { place: 1, y: 0, height: 20 },
  ]);
  assert.deepEqual(drawn[1]?.cells, ["–", "$4.00", "unpriced"]);
  assert.deepEqual([most, total, unpriced], ["$8.00", "$12.00", 100]);
});

test("history: who has no colour of their own share one, and nothing is lost", () => {
  fc.assert(
    fc.property(
      fc.array(fc.tuple(fc.nat(6), fc.nat(9), fc.nat(50), fc.nat(1000)), { maxLength: 60 }),
      fc.constantFrom("cost" as const, "tokens" as const),
      (told, measure) => {
        const days = lastDays("2026-03-31", 7);
        const rows = told.map(([day, project, cost, tokens]) =>
          dayOf(days[day] ?? "", `/p${project}`, cost, tokens),
        );
        const { days: drawn } = historyOf(
          rows,
          days,
          { by: "project", measure },
          { width: 700, height: 100 },
        );
        const sums = days.map((day) =>
          rows
            .filter((row) => row.day === day)
            .reduce((sum, row) => sum + (measure === "cost" ? (row.cost_usd ?? 0) : row.input_tokens), 0),
        );
        const most = Math.max(0, ...sums);
        for (const [place, { bars }] of drawn.entries()) {
          const tall = bars.reduce((sum, { height }) => sum + height, 0);
          const due = most === 0 ? 0 : (100 * (sums[place] ?? 0)) / most;
          assert.ok(Math.abs(tall - due) < 0.1, `${tall} for ${due}`);
          assert.ok(bars.length <= 6 && bars.every(({ y }) => y >= -0.1));
        }
      },
    ),
  );
});

test("days are dates of the zone, over the change to summer time too", () => {
  assert.equal(dateIn("Pacific/Auckland", Date.UTC(2026, 10, 20, 12)), "2026-11-21");
  assert.equal(dateIn("America/Los_Angeles", Date.UTC(2026, 10, 20, 7)), "2026-11-19");
  assert.deepEqual(lastDays("2026-03-30", 3), ["2026-03-28", "2026-03-29", "2026-03-30"]);
  assert.equal(lastDays("2026-01-01", 2)[0], "2025-12-31");
});

test("tiles: who waits for somebody stands first, who is idle last", () => {
  const run = (runId: string, status: RunSummary["status"], rest: Partial<RunSummary> = {}): RunSummary => ({
    runId,
    status,
    source: "claude-code",
    flowName: "",
    startedAt: new Date(NOW - 60_000).toISOString(),
    updatedAt: new Date(NOW - 30_000).toISOString(),
    path: "",
    ...rest,
  });
  const usage = {
    inputTokens: 10,
    cacheReadTokens: 900,
    cacheWriteTokens: 0,
    cacheWrite1hTokens: 0,
    outputTokens: 90,
    costUsd: 1.5,
    unpricedTokens: 0,
  };
  const tiles = tilesOf(
    [
      run("idle", "idle", { usage: { ...usage, costUsd: null, unpricedTokens: 1000 } }),
      run("stalled", "stalled", { usage: { ...usage, unpricedTokens: 90 } }),
      run("going", "running", {
        usage,
        project: "/srv/api",
        lastLine: "Now the tests",
        currentNode: "turn-3",
      }),
      run("waits", "waiting", { project: "/srv/api", statusDetail: "Bash: pnpm test", lastLine: "Bash" }),
    ],
    NOW,
  );
  assert.deepEqual(
    tiles.map(({ cost, run, standing }) => [run.runId, standing, cost]),
    [
      ["waits", "Waiting for you, 30 s", ""],
      ["going", "", "$1.50"],
      ["stalled", "No writes for 30 s", "$1.50 +"],
      ["idle", "Idle, 30 s", "unpriced"],
    ],
  );
  assert.equal(tiles[0]?.line, "May still run: Bash: pnpm test");
  assert.deepEqual([tiles[1]?.folder, tiles[1]?.line], ["api", "Now the tests"]);
});

test("an address of now, and of a run at a time", () => {
  const read = (path: string) => readRoute(new URL(path, "http://reel.test"));
  assert.equal(read("/now").page, "now");
  assert.equal(read("/now/").runId, null);
  assert.equal(read("/runs/now").page, undefined);
  assert.equal(read("/runs/a?at=2026-11-20T10:00:00.250Z").moment, NOW + 250);
  for (const other of ["at=now", "at=2026-11-20", "at=2026-11-20T10:00:00", "t=5&at=2026-11-20T10:00:00Z"])
    assert.equal(read(`/runs/a?${other}`).moment, undefined, other);
});

test("a session that has answered is not among what is active; one that waits for the person is", () => {
  const statuses: RunSummary["status"][] = ["idle", "running", "waiting", "stalled"];
  const live = statuses.map(
    (status) =>
      ({
        runId: status,
        flowName: "",
        startedAt: "",
        updatedAt: new Date(NOW).toISOString(),
        source: "codex",
        path: "",
        status,
      }) satisfies RunSummary,
  );
  assert.deepEqual(countOf(live, NOW), { active: 3, idle: 1 });
  assert.equal(countText(countOf(live, NOW)), "3 active · 1 idle");
  assert.equal(countText(countOf([], NOW)), "0 active");
});

import assert from "node:assert/strict";
import { type TestContext, test } from "node:test";
import { csvParseRows } from "d3-dsv";
import * as v from "valibot";
import { LiveStats, type NowRecord, type UsageDay, UsageHistory } from "../../src/protocol/now.ts";
import { madeMark, serveNow } from "../helpers/served-now.ts";

const DAY: UsageDay = {
  day: "2026-11-20",
  project: "/srv/sums",
  model: "m",
  source: "codex",
  input_tokens: 1,
  cache_read_tokens: 2,
  cache_write_tokens: 3,
  cache_write_1h_tokens: 1,
  output_tokens: 4,
  unpriced_tokens: 0,
  cost_usd: 0.25,
};

async function serve(t: TestContext, days: readonly UsageDay[] = [DAY]) {
  const asked: string[] = [];
  const served = await serveNow(t, {
    sums: {
      burn: (_now, zone) => {
        asked.push(`burn ${zone}`);
        return BURN;
      },
      shares: () => ({
        projects: [{ name: "/srv/sums", cost: 1, tokens: 2, unpriced_tokens: 0 }],
        models: [],
      }),
      latency: () => [{ tool_name: "Bash", samples: 1, p50: 1, p95: 1, p99: 1, series: [null, 1] }],
      planLimits: () => [
        { source: "codex", name: "primary", usedPercent: 4, windowMinutes: 300, resetsAt: null, at: 1 },
      ],
      history: async (zone, from, to) => {
        asked.push(`${zone} ${from} ${to}`);
        return [...days];
      },
      progress: { done: 1, of: 2 },
    },
  });
  const get = (path: string, init?: RequestInit) => fetch(`${served.url}/api/${path}`, init);
  return { ...served, asked, get };
}

const BURN = {
  window_minutes: 5,
  window_cost: 1,
  per_minute: 0.2,
  per_hour: 12,
  today_cost: 1,
  month_to_date: 1,
  projected_month_end: 3.1,
  unpriced_tokens: 0,
  window_unpriced_tokens: 0,
  month_unpriced_tokens: 0,
  series: [],
  ts: new Date(0).toISOString(),
};

test("the sums are told as the protocol has them, in the zone that is asked for", async (t) => {
  const { asked, get } = await serve(t);
  const stats = v.parse(LiveStats, await (await get("live/stats?tz=Europe/Berlin")).json());
  assert.deepEqual(
    [
      stats.burn.per_hour,
      stats.latency_hours,
      stats.by_project.length,
      stats.plan_limits.length,
      stats.reading,
    ],
    [12, 24, 1, 1, { done: 1, of: 2 }],
  );
  await get("live/stats");
  assert.deepEqual(asked, ["burn Europe/Berlin", "burn UTC"]);
  for (const zone of ["Mars/Olympus", "+01:00", "x".repeat(5_000), "%00"]) {
    for (const path of ["live/stats", "live/stream", "usage", "usage.csv"]) {
      const answer = await get(`${path}?tz=${encodeURIComponent(zone)}`);
      assert.equal(answer.status, 400);
      assert.match(await answer.text(), /no such time zone/);
    }
  }
});

test("the last records are there for who comes, with the id to go on after", async (t) => {
  const { feed, get } = await serve(t);
  feed.remember([madeMark(0)]);
  feed.tell(Array.from({ length: 120 }, (_, index) => madeMark(index + 1)));
  const { lastId, records } = v.parse(
    v.object({
      records: v.array(v.looseObject({ payload: v.looseObject({ id: v.string() }) })),
      lastId: v.string(),
    }),
    await (await get("live/recent")).json(),
  );
  assert.deepEqual(
    [records.length, records[0]?.payload.id, records.at(-1)?.payload.id, lastId],
    [100, "mark-21", "mark-120", feed.ring.idOf(120)],
  );
});

test("of the last records a call and its end are one, so that a hundred are a hundred lines", async (t) => {
  const { feed, get } = await serve(t);
  const of = (number: number) => {
    const { id, run_id, run_title, source, project, session_id, ts } = madeMark(number).payload;
    return { id, run_id, run_title, source, project, session_id, ts, tool_name: "Bash" };
  };
  const begun = (number: number): NowRecord => {
    const rest = { kind: "execute", title: "ls", file_path: null, byte_count: 0, duration: null };
    return { type: "tool_call", payload: { ...of(number), ...rest, status: "running" } };
  };
  const ended = (number: number): Extract<NowRecord, { type: "tool_result" }> => ({
    type: "tool_result",
    payload: { ...of(number), byte_count: 7, duration: 2, status: "error" },
  });
  for (let number = 1; number <= 120; number += 1) feed.tell([begun(number), ended(number)]);
  const asked = await (await get("live/recent")).json();
  const { records } = v.parse(
    v.object({ records: v.array(v.object({ type: v.string(), payload: v.unknown() })) }),
    asked,
  );
  assert.equal(records.length, 100);
  assert.ok(records.every(({ type }) => type === "tool_call"));
  assert.deepEqual(records.at(-1)?.payload, {
    ...begun(120).payload,
    byte_count: 7,
    duration: 2,
    status: "error",
  });
  // Who listens is told of both.
  assert.equal(feed.ring.newest, 240);
  const { payload } = ended(121);
  feed.tell([{ type: "tool_result", payload: { ...payload, run_id: "another", id: "mark-120" } }]);
  assert.equal(feed.recent.find(({ type }) => type === "tool_result")?.payload.run_id, "another");
});

test("what was used is told by day; days that are none are refused", async (t) => {
  const { asked, get, clock } = await serve(t);
  clock.advance(Date.parse("2027-03-01T01:00:00Z") - clock.now());
  assert.deepEqual(v.parse(UsageHistory, await (await get("usage?tz=America/New_York")).json()).days, [DAY]);
  await get("usage?from=2026-01-01&to=2026-01-01");
  await get("usage?to=2024-03-01");
  await get("usage?from=2027-02-01");
  assert.deepEqual(asked, [
    "America/New_York 2027-01-30 2027-02-28",
    "UTC 2026-01-01 2026-01-01",
    "UTC 2024-02-01 2024-03-01",
    "UTC 2027-02-01 2027-03-01",
  ]);
  const refused = [
    "from=2026-02-30",
    "to=yesterday",
    "from=2026-1-1",
    "from=2026-02-02&to=2026-02-01",
    "from=1999-01-01",
  ];
  for (const query of refused) {
    for (const path of ["usage", "usage.csv"])
      assert.equal((await get(`${path}?${query}`)).status, 400, query);
  }
});

test("the file of it quotes every text, and none is run as a formula", async (t) => {
  const names = ['=HYPERLINK("x")', 'a "quoted", one\r\n', " @sum", "plain"];
  const days = names.map((project) => ({ ...DAY, project, cost_usd: null }));
  const { get } = await serve(t, days);
  const answer = await get("usage.csv?from=2026-11-01&to=2026-11-20");
  assert.equal(answer.headers.get("content-type"), "text/csv; charset=utf-8");
  assert.equal(
    answer.headers.get("content-disposition"),
    'attachment; filename="usage-2026-11-01-2026-11-20.csv"',
  );
  const [header, ...rows] = csvParseRows(await answer.text());
  assert.deepEqual(header, Object.keys(DAY));
  assert.deepEqual(
    rows.map(([, project]) => project),
    [`'${names[0]}`, names[1], `'${names[2]}`, "plain"],
  );
  assert.deepEqual(rows[0]?.slice(4), ["1", "2", "3", "1", "4", "0", ""]);
});

test("a stream's headers can be asked for alone; an endless id is refused", async (t) => {
  const { get, streams } = await serve(t);
  const answer = await get("live/stream", { method: "HEAD" });
  assert.deepEqual([answer.status, answer.headers.get("content-type")], [200, "text/event-stream"]);
  assert.equal((await get(`live/stream?lastEventId=${"1".repeat(65)}`)).status, 400);
  assert.equal(streams.listening, 0);
  assert.equal((await get("live/nothing")).status, 404);
});

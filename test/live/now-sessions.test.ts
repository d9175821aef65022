import assert from "node:assert/strict";
import { mkdir } from "node:fs/promises";
import { join } from "node:path";
import { type TestContext, test } from "node:test";
import * as v from "valibot";
import { ClaudeSession } from "../../scripts/demo/claude-run.ts";
import { LiveStats, NOW_FRAMES, UsageHistory } from "../../src/protocol/now.ts";
import { EventReader } from "../helpers/event-reader.ts";
import { tempDir } from "../helpers/temp-dir.ts";
import { until } from "../helpers/until.ts";
import { startViewer } from "../helpers/viewer.ts";

/** A record is shown within this time of being written. */
const SOON_MS = 1_000;

/** What a frame of any record says. */
const Told = v.object({
  type: v.picklist(["event", "tool_call", "tool_result", "test_result", "mark"]),
  payload: v.looseObject({
    id: v.string(),
    run_id: v.string(),
    source: v.string(),
    project: v.nullable(v.string()),
    session_id: v.nullable(v.string()),
    tool_name: v.optional(v.string()),
    cost_usd: v.nullish(v.number()),
  }),
});

function toldTo(reader: EventReader): v.InferOutput<typeof Told>[] {
  return reader.frames.flatMap(({ data, id }) => {
    if (data === undefined || id === undefined) return [];
    const told = v.parse(Told, JSON.parse(data));
    v.parse(NOW_FRAMES[told.type], told.payload);
    return [told];
  });
}

function countOf(reader: EventReader, wanted: string): number {
  return toldTo(reader).filter(({ type }) => type === wanted).length;
}

async function setUp(t: TestContext) {
  const root = await tempDir(t);
  const projects = join(root, "projects");
  await mkdir(projects);
  const session = new ClaudeSession(projects, { cwd: "/home/kim/shop" });
  await session.prompt("Say hello");
  await session.endTurn("Hello.");
  const viewer = await startViewer(t, [root]);
  const get = async (path: string) => (await fetch(`${viewer.url}/api/${path}`)).json();
  await until(
    async () => v.parse(LiveStats, await get("live/stats")).burn.window_cost > 0,
    () => "no cost",
  );
  return { root, projects, session, viewer, get };
}

test("a session that grows: each call, result and answer is one frame, soon, and the sums follow", async (t) => {
  const { session, viewer, get } = await setUp(t);
  const before = v.parse(LiveStats, await get("live/stats")).burn;
  const reader = await EventReader.open(t, `${viewer.url}/api/live/stream`);
  await reader.until("a tick", () => reader.text.includes("event: burn_tick"));
  await session.prompt("Run the tests");
  const call = await session.call("Bash", { command: "npm test" });
  const written = Date.now();
  await reader.until("the call", () => countOf(reader, "tool_call") === 1);
  assert.ok(Date.now() - written < SOON_MS);
  await session.result(call, "4 passed");
  await reader.until("its result", () => countOf(reader, "tool_result") === 1);
  await session.endTurn("All is well.");
  await session.prompt("Once more");
  await session.call("Read", { file_path: "/home/kim/shop/a.ts" });
  // What would be told twice has been by then.
  await reader.until("the last answer", () => countOf(reader, "event") === 3);
  const told = toldTo(reader);
  assert.deepEqual(told.map(({ payload, type }) => `${type} ${payload.tool_name ?? ""}`).toSorted(), [
    "event ",
    "event ",
    "event ",
    "tool_call Bash",
    "tool_call Read",
    "tool_result Bash",
  ]);
  for (const { payload } of told) {
    const { project, run_id, session_id, source } = payload;
    assert.deepEqual([source, project, session_id], ["claude-code", "/home/kim/shop", session.id]);
    assert.equal((await fetch(`${viewer.url}/api/runs/${run_id}`)).status, 200);
  }
  const cost = told.reduce((sum, { payload }) => sum + (payload.cost_usd ?? 0), 0);
  const { burn } = v.parse(LiveStats, await get("live/stats?tz=Asia/Kolkata"));
  assert.ok(Math.abs(burn.window_cost - before.window_cost - cost) < 1e-9, "frames add up to the sums");
  const { days } = v.parse(UsageHistory, await get("usage"));
  assert.deepEqual(
    days.map(({ project, source }) => [project, source]),
    [["/home/kim/shop", "claude-code"]],
  );
  assert.deepEqual(viewer.errors, []);
});

test("a session that begins while somebody listens is told from its first call on", async (t) => {
  const { projects, viewer } = await setUp(t);
  const reader = await EventReader.open(t, `${viewer.url}/api/live/stream`);
  await reader.until("a tick", () => reader.text.includes("event: burn_tick"));
  const session = new ClaudeSession(projects, { cwd: "/home/kim/shop" });
  await session.prompt("Look around");
  await session.call("Bash", { command: "ls" });
  const written = Date.now();
  await reader.until("the call", () => countOf(reader, "tool_call") === 1);
  assert.ok(Date.now() - written < SOON_MS);
  assert.equal(toldTo(reader)[0]?.payload.session_id, session.id);
});

test("after a restart the sums are there again, and what goes on is told once", async (t) => {
  const root = await tempDir(t);
  const cacheFile = join(await tempDir(t), "usage.ndjson");
  const projects = join(root, "projects");
  await mkdir(projects);
  const session = new ClaudeSession(projects, { cwd: "/home/kim/shop" });
  await session.prompt("Say hello");
  await session.endTurn("Hello.");
  const costOf = async ({ url }: { readonly url: string }) =>
    v.parse(LiveStats, await (await fetch(`${url}/api/live/stats`)).json()).burn.month_to_date;
  const first = await startViewer(t, [root], { cacheFile });
  await until(async () => (await costOf(first)) > 0, String);
  const cost = await costOf(first);
  await first.close();
  const call = await session.call("Bash", { command: "while nobody looked" });
  const second = await startViewer(t, [root], { cacheFile });
  await until(async () => (await costOf(second)) > cost, String);
  const reader = await EventReader.open(t, `${second.url}/api/live/stream`);
  await reader.until("a tick", () => reader.text.includes("event: burn_tick"));
  await session.result(call, "done");
  await reader.until("the result", () => countOf(reader, "tool_result") === 1);
  const [end] = toldTo(reader);
  assert.deepEqual([end?.type, end?.payload.tool_name], ["tool_result", "Bash"]);
  assert.ok((await costOf(second)) < 2.5 * cost, "nothing is counted twice");
  assert.deepEqual([...first.errors, ...second.errors], []);
});

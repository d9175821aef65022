import assert from "node:assert/strict";
import { appendFile, readFile, writeFile } from "node:fs/promises";
import { test } from "node:test";
import { AgentvRun } from "../../scripts/demo/agentv-run.ts";
import { AcpxRun } from "../helpers/acpx-run.ts";
import { EventReader } from "../helpers/event-reader.ts";
import { tempDir } from "../helpers/temp-dir.ts";
import { startViewer } from "../helpers/viewer.ts";

/** `EventReader` checks every event by its schema. */

test("E3: whatever numbers and names a producer writes, events have finite, whole and short ones", async (t) => {
  const root = await tempDir(t);
  const viewer = await startViewer(t, [root]);
  const feed = await EventReader.open(t, `${viewer.url}/api/events`);
  await feed.until("a place to resume at", () => feed.lastId !== "");
  const now = new Date();
  const run = new AgentvRun(root, now, `evals/${"e".repeat(3_000)}.eval.yaml`, 2.5);
  await run.start();
  await feed.until("the start", () => feed.feedEvents.length === 1);
  const row = (test: string) =>
    `{"timestamp":"${now.toISOString()}","test_id":"${test}","suite":"s","target":"${test}","score":1e999,` +
    `"execution_status":"ok","duration_ms":1e999,"token_usage":{"input":1e999,"output":0},"cost_usd":-1e999,` +
    `"scores":[{"name":"${test}","type":"t","score":1e999,"verdict":"pass"}]}\n`;
  await appendFile(run.index, row("a") + row("b".repeat(300_000)));
  await feed.until("both results", () => feed.feedEvents.length === 3);
  assert.deepEqual(
    feed.feedEvents.map(({ data }) => data["total"]),
    [0, 1, 2],
    "a plan that is no whole number is none",
  );
  assert.deepEqual([feed.feedEvents[1]?.data["score"], feed.feedEvents[2]?.data["score"]], [null, null]);
  const one = await EventReader.open(t, `${viewer.url}/api/v1/runs/${run.runId}/events`);
  await one.until("all of it", () => one.runEvents.length === 7);
  assert.equal(one.runEvents[0]?.data["totalTasks"], 2);
  assert.ok(one.runEvents.every(({ data }) => data["score"] === undefined && data["duration"] === undefined));
  for (const { data } of [...feed.frames, ...one.frames]) assert.ok((data ?? "").length < 4_000);
  assert.deepEqual(viewer.errors, []);
});

test("E3: a run that does not say when it began has the time of its first line, and no duration", async (t) => {
  const root = await tempDir(t);
  const run = await new AcpxRun(root, "run-a").begin();
  await run.finish();
  for (const name of ["manifest.json", "projections/run.json", "projections/live.json"]) {
    const text = await readFile(run.path(name), "utf8");
    await writeFile(run.path(name), text.replace(/"startedAt": "[^"]*",/, ""));
  }
  const viewer = await startViewer(t, [root]);
  const { runEvents } = await EventReader.all(t, `${viewer.url}/api/v1/runs/run-a/events`);
  const [first] = (await readFile(run.path("trace.ndjson"), "utf8")).split("\n");
  assert.equal(runEvents[0]?.timestamp, /"at":"([^"]+)"/.exec(first ?? "")?.[1]);
  const last = runEvents.at(-1);
  assert.ok(last?.type === "run_completed");
  assert.equal(last.data.duration, undefined);
  assert.equal(last.timestamp, "2026-01-02T03:04:09.000Z");
});

import assert from "node:assert/strict";
import { rm } from "node:fs/promises";
import { test } from "node:test";
import { AcpxRun } from "../helpers/acpx-run.ts";
import { RawClient } from "../helpers/raw-client.ts";
import { tempDir } from "../helpers/temp-dir.ts";
import { startViewer } from "../helpers/viewer.ts";

const PATIENCE = 10_000;

test("P1, P2: the server is ready at once; hello is optional and may be refused", async (t) => {
  const viewer = await startViewer(t, [await tempDir(t)]);
  const client = new RawClient(t, viewer.liveUrl);
  assert.equal((await client.hear("ready")).protocol, "acpx.replay.v1");
  client.say({ type: "hello", protocol: "acpx.replay.v1" });
  client.say({ type: "hello", protocol: "runreel.live.v1" });
  await client.settled();
  assert.equal(client.heard.filter(({ type }) => type === "error").length, 0);
  client.say({ type: "hello", protocol: "other.v9" });
  assert.equal((await client.hear("error")).code, "protocol_error");
  await client.settled();
});

test("P24: who speaks acpx.replay.v1 reads all runs in their old shape, who speaks runreel.live.v1 the head", async (t) => {
  const root = await tempDir(t);
  for (let index = 0; index < 230; index += 1) {
    const startedAt = new Date(Date.UTC(2026, 0, 1) + index * 1_000).toISOString();
    await new AcpxRun(root, `run-${index}`, startedAt).writeManifest({ status: "completed" });
  }
  const viewer = await startViewer(t, [root]);
  const client = await viewer.connect();
  client.subscribeRuns();
  await client.waitFor(() => client.runs?.state.total === 230, PATIENCE, "all of them");
  const [old, own] = [new RawClient(t, viewer.liveUrl), new RawClient(t, viewer.liveUrl)];
  await Promise.all([old.opened(), own.opened()]);
  own.say({ type: "hello", protocol: "runreel.live.v1" });
  own.say({ type: "subscribe_runs" });
  const head = (await own.hear("runs_snapshot")).state;
  assert.equal(head.order.length, 200);
  assert.equal(head.trouble.length, 0);
  old.say({ type: "subscribe_runs" });
  const whole = (await old.hear("runs_snapshot")).state;
  assert.deepEqual(Object.keys(whole).toSorted(), ["order", "runsById", "schema"]);
  assert.equal(whole.order.length, 230);
  assert.equal(Object.keys(whole.runsById).length, 230);
  await new AcpxRun(root, "run-new", "2026-02-01T00:00:00.000Z").begin();
  for (const client of [old, own]) {
    const patch = await client.hear("runs_patch", ({ ops }) => JSON.stringify(ops).includes("run-new"));
    assert.equal(patch.toVersion, patch.fromVersion + 1);
  }
  old.say({ type: "unsubscribe_runs" });
  await old.settled();
  const before = old.heard.length;
  await new AcpxRun(root, "run-newer", "2026-02-02T00:00:00.000Z").begin();
  await own.hear("runs_patch", ({ ops }) => JSON.stringify(ops).includes("run-newer"));
  await old.settled();
  assert.equal(old.heard.length, before + 1, "nothing but the pong");
});

test("P3: a wrong message gets an error and ends nothing", async (t) => {
  const viewer = await startViewer(t, [await tempDir(t)]);
  const client = new RawClient(t, viewer.liveUrl);
  await client.opened();
  const wrong = ["", "null", "[]", "1", "{", '"x"', "{}", '{"type":"subscribe_run"}', '{"type":"nothing"}'];
  const worse = ['{"type":"subscribe_run","runId":5}', '{"type":"__proto__"}', '{"type":["ping"]}'];
  for (const text of [...wrong, ...worse]) client.say(text);
  client.socket.send(Buffer.from([0xff, 0xfe]), { binary: true });
  await client.settled();
  const errors = client.heard.filter((message) => message.type === "error");
  assert.equal(errors.length, wrong.length + worse.length + 1);
  assert.ok(errors.every(({ code }) => code === "protocol_error"));
  assert.deepEqual(viewer.errors, []);
});

test("P4: a message of more than 64 KiB closes its connection and no other", async (t) => {
  const viewer = await startViewer(t, [await tempDir(t)]);
  const [loud, quiet] = [new RawClient(t, viewer.liveUrl), new RawClient(t, viewer.liveUrl)];
  await Promise.all([loud.opened(), quiet.opened()]);
  loud.say({ type: "ping", filler: "x".repeat(64 * 1024) });
  assert.equal(await loud.closed(), 1009);
  await quiet.settled();
});

test("P5: an upgrade passes the same guard as a request", async (t) => {
  const viewer = await startViewer(t, [await tempDir(t)]);
  const own = viewer.url;
  const tries: [Record<string, string>, "open" | number][] = [
    [{}, "open"],
    [{ origin: own }, "open"],
    [{ origin: own, "sec-fetch-site": "same-origin" }, "open"],
    [{ origin: "null" }, 403],
    [{ origin: "http://evil.example" }, 403],
    [{ origin: own.replace("http:", "https:") }, 403],
    [{ origin: `${own}.evil.example` }, 403],
    [{ host: "evil.example" }, 403],
    [{ host: "127.0.0.1:1" }, 403],
    [{ "sec-fetch-site": "cross-site" }, 403],
  ];
  for (const [headers, expected] of tries) {
    const client = new RawClient(t, viewer.liveUrl, { headers });
    assert.equal(await client.opened(), expected, JSON.stringify(headers));
  }
  const elsewhere = new RawClient(t, viewer.liveUrl.replace("/api/live", "/api/other"));
  assert.equal(await elsewhere.opened(), 404);
});

test("P7, P8, P11: versions are contiguous, and a resync disturbs nobody", async (t) => {
  const root = await tempDir(t);
  const run = await new AcpxRun(root, "run-a").begin();
  const viewer = await startViewer(t, [root]);
  const [steady, restless] = [
    await viewer.connect({ protocol: "acpx.replay.v1" }),
    new RawClient(t, viewer.liveUrl),
  ];
  await restless.opened();
  steady.subscribeRun("run-a");
  restless.say({ type: "subscribe_run", runId: "run-a" });
  await steady.waitFor(() => steady.run("run-a") !== undefined, PATIENCE);
  await restless.hear("run_snapshot");
  for (let index = 0; index < 20; index += 1) {
    await run.appendChunk(`${index}`);
    restless.say({ type: "resync_run", runId: "run-a" });
  }
  const events = () => steady.run("run-a")?.state.sessions[run.sessionId]?.events.length;
  await steady.waitFor(() => events() === 20, PATIENCE);
  await restless.settled();
  assert.deepEqual([steady.counts.gaps, steady.counts.resyncs], [0, 0]);
  assert.equal(restless.heard.filter(({ type }) => type === "run_snapshot").length, 21);

  const before = steady.run("run-a")?.version;
  const heardBefore = restless.heard.length;
  for (let index = 0; index < 10; index += 1) restless.say({ type: "resync_run", runId: "run-a" });
  await restless.settled();
  assert.equal(steady.run("run-a")?.version, before);
  assert.ok(
    restless.heard.slice(heardBefore).every(({ type }) => type === "run_snapshot" || type === "pong"),
  );
});

test("P14: a run that is not there, and one whose folder goes, are told as not found", async (t) => {
  const root = await tempDir(t);
  const run = await new AcpxRun(root, "run-a").begin();
  const viewer = await startViewer(t, [root]);
  const client = new RawClient(t, viewer.liveUrl);
  await client.opened();
  for (const runId of ["nothing", "../run-a", "__proto__", "/etc"]) {
    client.say({ type: "subscribe_run", runId });
    const error = await client.hear("error", (message) => message.runId === runId);
    assert.equal(error.code, "run_not_found");
  }
  client.say({ type: "subscribe_runs" });
  client.say({ type: "subscribe_run", runId: "run-a" });
  await client.hear("run_snapshot");
  await rm(run.dir, { recursive: true });
  const gone = await client.hear("error", (message) => message.runId === "run-a");
  assert.equal(gone.code, "run_not_found");
  await client.hear("runs_patch", ({ ops }) => ops.some(({ op }) => op === "remove"));
});

test("P15: after unsubscribing nothing more of a run is sent, also while it is being opened", async (t) => {
  const root = await tempDir(t);
  const run = await new AcpxRun(root, "run-a").begin();
  const viewer = await startViewer(t, [root]);
  const [leaver, stayer] = [
    new RawClient(t, viewer.liveUrl),
    await viewer.connect({ protocol: "acpx.replay.v1" }),
  ];
  await leaver.opened();
  leaver.say({ type: "subscribe_run", runId: "run-a" });
  leaver.say({ type: "unsubscribe_run", runId: "run-a" });
  stayer.subscribeRun("run-a");
  await stayer.waitFor(() => stayer.run("run-a") !== undefined, PATIENCE);
  await run.appendChunk("x");
  const events = () => stayer.run("run-a")?.state.sessions[run.sessionId]?.events.length;
  await stayer.waitFor(() => events() === 1, PATIENCE);
  await leaver.settled();
  assert.ok(leaver.heard.every(({ type }) => type === "ready" || type === "pong"));
});

test("P16: one connection reads a bounded number of runs", async (t) => {
  const root = await tempDir(t);
  for (let index = 0; index < 65; index += 1) await new AcpxRun(root, `run-${index}`).writeManifest();
  const viewer = await startViewer(t, [root]);
  const client = new RawClient(t, viewer.liveUrl);
  await client.opened();
  for (let index = 0; index < 65; index += 1) client.say({ type: "subscribe_run", runId: `run-${index}` });
  const error = await client.hear("error");
  assert.equal(error.runId, "run-64");
  assert.equal(error.code, "protocol_error");
});

test("P10: files written anew come as a snapshot of a new epoch", async (t) => {
  const root = await tempDir(t);
  const run = await new AcpxRun(root, "run-a").begin();
  await run.appendChunk("old");
  const viewer = await startViewer(t, [root]);
  const client = new RawClient(t, viewer.liveUrl);
  await client.opened();
  client.say({ type: "subscribe_run", runId: "run-a" });
  const old = await client.hear("run_snapshot");
  await rm(run.path(run.eventsFile));
  const anew = new AcpxRun(root, "run-a", "2026-01-02T05:00:00.000Z");
  await anew.append(run.eventsFile, anew.chunkLine("something else entirely"));
  const fresh = await client.hear("run_snapshot", ({ epoch }) => epoch !== old.epoch);
  assert.ok(JSON.stringify(fresh.state).includes("something else entirely"));
  assert.ok(!JSON.stringify(fresh.state).includes('"old"'));
});

test("P8, P9: what is asked for last counts, also while a run is being opened", async (t) => {
  const root = await tempDir(t);
  await new AcpxRun(root, "run-a").begin();
  const viewer = await startViewer(t, [root]);
  const first = await viewer.connect();
  first.subscribeRun("run-a");
  await first.waitFor(() => first.run("run-a") !== undefined, PATIENCE);
  const place = first.run("run-a");
  assert.ok(place);
  const client = new RawClient(t, viewer.liveUrl);
  await client.opened();
  client.say({ type: "hello", protocol: "runreel.live.v1" });
  client.say({ type: "subscribe_run", runId: "run-a", epoch: place.epoch, version: place.version });
  client.say({ type: "resync_run", runId: "run-a" });
  assert.equal((await client.hear("run_snapshot")).epoch, place.epoch);

  const other = new RawClient(t, viewer.liveUrl);
  await other.opened();
  other.say({ type: "subscribe_run", runId: "run-a" });
  other.say({ type: "hello", protocol: "runreel.live.v1" });
  other.say({ type: "subscribe_run", runId: "run-a" });
  const tail = await other.hear("run_snapshot", ({ topic }) => topic !== undefined);
  assert.equal(tail.epoch, place.epoch);
  other.say({ type: "hello", protocol: "acpx.replay.v1" });
  other.say({ type: "subscribe_run", runId: "run-a" });
  await other.hear("run_snapshot", ({ topic }) => topic === undefined);
});

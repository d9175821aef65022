import assert from "node:assert/strict";
import { cp, mkdir, readdir, rename, rm, symlink, utimes, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { test } from "node:test";
import type { RunsState } from "../../src/protocol/bundle.ts";
import type { LiveClient } from "../../scripts/live-client.ts";
import { AcpxRun } from "../helpers/acpx-run.ts";
import { tempDir } from "../helpers/temp-dir.ts";
import { startViewer } from "../helpers/viewer.ts";

const PATIENCE = 15_000;

async function listClient(viewer: { connect(): Promise<LiveClient> }) {
  const client = await viewer.connect();
  client.subscribeRuns();
  await client.waitFor(() => client.runs !== undefined, PATIENCE, "the list");
  const until = (holds: (state: RunsState) => boolean, what: string) =>
    client.waitFor(() => client.runs !== undefined && holds(client.runs.state), PATIENCE, what);
  return { client, until };
}

/** Makes every file of a run look as if it was last written some time ago. */
async function age(run: AcpxRun, seconds: number): Promise<void> {
  const at = Date.now() / 1000 - seconds;
  for (const entry of await readdir(run.dir, { withFileTypes: true, recursive: true })) {
    if (entry.isFile()) await utimes(join(entry.parentPath, entry.name), at, at);
  }
}

test("every run is listed, newest first, however many; what is no run takes no place", async (t) => {
  const root = await tempDir(t);
  for (let index = 0; index < 120; index += 1) {
    const startedAt = new Date(Date.UTC(2026, 0, 1) + index * 1000).toISOString();
    await new AcpxRun(root, `run-${index}`, startedAt).writeManifest({ status: "completed" });
  }
  for (let index = 0; index < 30; index += 1) await mkdir(join(root, `other-${index}`));
  await writeFile(join(root, "manifest.json"), "{}");
  await mkdir(join(root, "no-run"));
  await writeFile(join(root, "no-run", "manifest.json"), '{"runId":"x","schema":"someone.elses.v1"}');
  const viewer = await startViewer(t, [root]);
  const { client, until } = await listClient(viewer);
  await until(({ order }) => order.length >= 120, "all of them");
  const expected = Array.from({ length: 120 }, (_, index) => `run-${119 - index}`);
  assert.deepEqual(client.runs?.state.order, expected);
  assert.equal(Object.keys(client.runs?.state.runsById ?? {}).length, 120);
  assert.deepEqual(viewer.errors, []);
});

test("a run appears as soon as its manifest is there, whatever else is missing", async (t) => {
  const root = await tempDir(t);
  const viewer = await startViewer(t, [root]);
  const { client, until } = await listClient(viewer);
  const run = new AcpxRun(root, "run-a");
  await mkdir(run.dir);
  await mkdir(run.path("projections"));
  await run.writeManifest();
  await until(({ order }) => order.length === 1, "the run");
  client.subscribeRun("run-a");
  await client.waitFor(() => client.run("run-a") !== undefined, PATIENCE, "its half-made state");
  assert.equal(client.run("run-a")?.state.live, null);
  await run.begin();
  await client.waitFor(() => client.run("run-a")?.state.trace.length === 2, PATIENCE, "the rest of it");
  await until(({ runsById }) => runsById["run-a"]?.currentNode === "reply", "its current step");
});

test("a run whose writer fell silent is stalled, and running again when it writes again", async (t) => {
  const root = await tempDir(t);
  const run = await new AcpxRun(root, "run-a").begin();
  await age(run, 60);
  const viewer = await startViewer(t, [root]);
  const { client, until } = await listClient(viewer);
  const line = client.runs?.state.runsById["run-a"];
  assert.equal(line?.status, "stalled");
  const silentFor = Date.now() - Date.parse(line?.stalledSince ?? "");
  assert.ok(silentFor > 59_000 && silentFor < 120_000, `${silentFor}`);
  client.subscribeRun("run-a");
  await client.waitFor(() => client.run("run-a")?.state.status === "stalled", PATIENCE, "its state");
  assert.equal(client.run("run-a")?.state.run.status, "running", "what the files say stays as it is");
  assert.equal(client.run("run-a")?.state.stalledSince, line?.stalledSince);

  await run.appendChunk("I am still here");
  await client.waitFor(() => client.run("run-a")?.state.status === "running", PATIENCE, "running again");
  assert.equal(client.run("run-a")?.state.stalledSince, undefined);
  await until(({ runsById }) => runsById["run-a"]?.status === "running", "its line");
  assert.equal(client.runs?.state.runsById["run-a"]?.stalledSince, undefined);
});

test("a run that waits never stalls, and is seen to go on however long it waited", async (t) => {
  const root = await tempDir(t);
  const run = await new AcpxRun(root, "run-a").begin();
  await run.writeLive({ status: "waiting", waitingOn: "reply" });
  await run.writeManifest({ status: "waiting" });
  await age(run, 3_600);
  const viewer = await startViewer(t, [root]);
  const { client, until } = await listClient(viewer);
  assert.equal(client.runs?.state.runsById["run-a"]?.status, "waiting");
  await run.writeLive({ status: "running", currentNode: "after" });
  await until(({ runsById }) => runsById["run-a"]?.currentNode === "after", "the run that goes on");
});

test("a terminal run never goes back to running on a stale file", async (t) => {
  const root = await tempDir(t);
  const run = await new AcpxRun(root, "run-a").begin();
  await run.finish();
  const viewer = await startViewer(t, [root]);
  const { client } = await listClient(viewer);
  client.subscribeRun("run-a");
  await client.waitFor(() => client.run("run-a")?.state.run.status === "completed", PATIENCE);
  await run.writeLive({ status: "running", currentNode: "reply" });
  await client.waitFor(
    () => client.run("run-a")?.state.live?.status === "running",
    PATIENCE,
    "the stale file",
  );
  assert.equal(client.run("run-a")?.state.run.status, "completed");
  assert.equal(client.run("run-a")?.state.status, "completed");
  assert.equal(client.runs?.state.runsById["run-a"]?.status, "completed");
});

test("two folders with one run id are two runs; a folder that is a link is none", async (t) => {
  const [root, other] = [await tempDir(t), await tempDir(t)];
  const run = new AcpxRun(root, "run-a");
  await run.writeManifest({ status: "completed" });
  await cp(run.dir, join(root, "copy"), { recursive: true });
  await cp(run.dir, join(other, "run-a"), { recursive: true });
  await symlink(run.dir, join(root, "link"));
  await mkdir(join(root, "borrowed"));
  await symlink(run.path("manifest.json"), join(root, "borrowed", "manifest.json"));
  const viewer = await startViewer(t, [root, other]);
  const { client } = await listClient(viewer);
  const paths = Object.values(client.runs?.state.runsById ?? {}).map(({ path }) => path);
  assert.deepEqual(paths.toSorted(), [run.dir, join(root, "copy"), join(other, "run-a")].toSorted());
  for (const id of client.runs?.state.order ?? []) {
    client.subscribeRun(id);
    await client.waitFor(() => client.run(id) !== undefined, PATIENCE, id);
  }
  assert.deepEqual(viewer.errors, [], "what is no run is no error");
});

test("an id that no path or key could carry is replaced by one that can", async (t) => {
  const root = await tempDir(t);
  for (const [index, runId] of ["__proto__", "../up", "a/b", "", "constructor"].entries()) {
    const run = new AcpxRun(root, `folder-${index}`);
    await run.writeManifest({ runId, status: "completed" });
  }
  const viewer = await startViewer(t, [root]);
  const { client } = await listClient(viewer);
  assert.deepEqual(
    client.runs?.state.order.toSorted(),
    [0, 1, 2, 3, 4].map((index) => `folder-${index}`),
  );
});

test("a root that is not there yet is waited for, and one that goes takes its runs along", async (t) => {
  const base = await tempDir(t);
  const root = join(base, "later", "runs");
  const viewer = await startViewer(t, [root]);
  const { until } = await listClient(viewer);
  await mkdir(root, { recursive: true });
  await new AcpxRun(root, "run-a").begin();
  await until(({ order }) => order.length === 1, "the first run of a new root");
  await rename(root, join(base, "away"));
  await until(({ order }) => order.length === 0, "the runs that went");
  await rename(join(base, "away"), root);
  await until(({ order }) => order.length === 1, "the runs that came back");
  assert.deepEqual(viewer.errors, []);
});

test("a run that is removed and made again is a run again", async (t) => {
  const root = await tempDir(t);
  const run = await new AcpxRun(root, "run-a").begin();
  const viewer = await startViewer(t, [root]);
  const { client, until } = await listClient(viewer);
  client.subscribeRun("run-a");
  await client.waitFor(() => client.run("run-a") !== undefined, PATIENCE);
  client.unsubscribeRun("run-a");
  await rm(run.dir, { recursive: true });
  await until(({ order }) => order.length === 0, "the end of it");
  const anew = await new AcpxRun(root, "run-a").begin();
  await anew.appendChunk("again");
  await until(({ order }) => order.length === 1, "the new one");
  client.subscribeRun("run-a");
  await client.waitFor(
    () => client.run("run-a")?.state.sessions[anew.sessionId]?.events.length === 1,
    PATIENCE,
    "the new one's state",
  );
});

test("another run in an ended one's place, or its files written anew, is seen in the list", async (t) => {
  const root = await tempDir(t);
  const [base, other] = [await tempDir(t), await tempDir(t)];
  const run = new AcpxRun(root, "run-a");
  await run.writeManifest({ status: "completed", finishedAt: "2026-01-02T03:05:00.000Z" });
  const second = await new AcpxRun(other, "run-a", "2026-02-03T04:05:06.000Z").begin();
  const viewer = await startViewer(t, [root]);
  const { client, until } = await listClient(viewer);
  assert.equal(client.runs?.state.runsById["run-a"]?.status, "completed");
  await rename(run.dir, join(base, "away"));
  await rename(second.dir, run.dir);
  await until(({ runsById }) => runsById["run-a"]?.status === "running", "the run that took its place");
  const third = new AcpxRun(root, "run-a", "2026-03-04T05:06:07.000Z");
  await third.writeLive({ status: "failed" });
  await third.writeManifest({ status: "failed" });
  await until(({ runsById }) => runsById["run-a"]?.startedAt.startsWith("2026-03") ?? false, "the third");
});

test("a run whose manifest is torn or gone keeps its line, and stalls like any other", async (t) => {
  const root = await tempDir(t);
  const run = await new AcpxRun(root, "run-a").begin();
  await run.writeLive({ status: "waiting", currentNode: "reply" });
  const viewer = await startViewer(t, [root]);
  const { client, until } = await listClient(viewer);
  await until(({ runsById }) => runsById["run-a"]?.status === "waiting", "waiting");
  const seen = new Set<string>();
  client.onMessage(() => seen.add(client.runs?.state.runsById["run-a"]?.status ?? "gone"));
  await writeFile(run.path("projections/live.json"), '{"status":"wai');
  await writeFile(run.path("manifest.json"), "");
  await run.appendChunk("x");
  await run.writeLive({ status: "running", currentNode: "next" });
  await until(({ runsById }) => runsById["run-a"]?.currentNode === "next", "what was written last");
  assert.deepEqual([...seen], ["running"]);
});

test("a root made anew in the old one's place is watched again", async (t) => {
  const base = await tempDir(t);
  const root = join(base, "runs");
  await mkdir(root);
  await new AcpxRun(root, "run-a").begin();
  const viewer = await startViewer(t, [root]);
  const { until } = await listClient(viewer);
  await rename(root, join(base, "away"));
  await mkdir(root);
  await new AcpxRun(root, "run-b").begin();
  await until(({ order }) => order.length === 1 && order[0] === "run-b", "the new root's run");
  await new AcpxRun(root, "run-c").begin();
  await until(({ order }) => order.includes("run-c"), "one more");
});

test("a session's folder that is made anew is watched again", async (t) => {
  const root = await tempDir(t);
  const run = await new AcpxRun(root, "run-a").begin();
  const viewer = await startViewer(t, [root]);
  const client = await viewer.connect();
  client.subscribeRun("run-a");
  const events = () => client.run("run-a")?.state.sessions[run.sessionId]?.events.length ?? 0;
  await run.appendChunk("one");
  await client.waitFor(() => events() === 1, PATIENCE, "the first chunk");
  await cp(run.path("sessions"), run.path("sessions-copy"), { recursive: true });
  await rm(run.path("sessions"), { recursive: true });
  await rename(run.path("sessions-copy"), run.path("sessions"));
  for (let count = 2; count <= 6; count += 1) {
    await run.appendChunk(String(count));
    await client.waitFor(() => events() === count, PATIENCE, `chunk ${count}`);
  }
});

test("many runs that go at once go in one change of the list", async (t) => {
  const root = await tempDir(t);
  for (let index = 0; index < 100; index += 1) {
    await new AcpxRun(root, `run-${index}`).writeManifest({ status: "completed" });
  }
  const viewer = await startViewer(t, [root]);
  const { client, until } = await listClient(viewer);
  await rename(root, `${root}-away`);
  t.after(() => rm(`${root}-away`, { recursive: true }));
  await until(({ order }) => order.length === 0, "the empty list");
  assert.ok(client.counts.patches <= 2, `${client.counts.patches} patches`);
});

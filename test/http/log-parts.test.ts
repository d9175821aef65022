import assert from "node:assert/strict";
import { once } from "node:events";
import { connect, type Socket } from "node:net";
import { test, type TestContext } from "node:test";
import * as v from "valibot";
import { LogOutline, LogTimes, SessionRange } from "../../src/protocol/log-ranges.ts";
import { decodeRows } from "../../src/protocol/outline-wire.ts";
import { AcpxRun } from "../helpers/acpx-run.ts";
import { tempDir } from "../helpers/temp-dir.ts";
import { startViewer } from "../helpers/viewer.ts";

const LINES = 2_000;

async function setUp(t: TestContext) {
  const root = await tempDir(t);
  const run = await new AcpxRun(root, "run-a").begin();
  const lines = Array.from({ length: LINES }, (_, index) => run.chunkLine(`word ${index}`));
  await run.append(run.eventsFile, lines.join(""));
  const viewer = await startViewer(t, [root]);
  const client = await viewer.connect();
  client.subscribeRun("run-a");
  await client.waitFor(() => client.run("run-a") !== undefined, 10_000);
  const copy = client.run("run-a");
  assert.ok(copy);
  const name = `sessions/${run.sessionId}`;
  const ask = async (part: string, fields: Record<string, string | number>) => {
    const query = new URLSearchParams({ name, epoch: copy.epoch });
    for (const [key, value] of Object.entries(fields)) query.set(key, String(value));
    const response = await fetch(`${viewer.url}/api/runs/run-a/${part}?${query}`);
    const body: unknown = await response.json();
    return { status: response.status, body };
  };
  return { run, viewer, client, copy, ask, lines };
}

test("H7: a snapshot holds the end of a log, and its older lines are there to be asked for", async (t) => {
  const { run, copy, ask, lines } = await setUp(t);
  const held = copy.state.sessions[run.sessionId]?.events;
  assert.equal(held?.length, LINES);
  assert.ok(held.heldFrom > 0 && LINES - held.heldFrom >= 512 && LINES - held.heldFrom < 640);
  let full = held;
  for (let from = 0; from < held.heldFrom;) {
    const { status, body } = await ask("log", { from, to: Math.min(from + 384, held.heldFrom) });
    assert.equal(status, 200);
    const range = v.parse(SessionRange, body);
    assert.equal(range.from, from);
    full = full.fill(from, range.entries);
    from += range.entries.length;
  }
  assert.deepEqual(
    [...full],
    lines.map((line) => JSON.parse(line)),
  );
  assert.equal(held.holds(0, 1), false, "the snapshot's log is as it was");
});

test("H7: times and outline cover all full pages, those held too", async (t) => {
  const { ask, lines, run, copy } = await setUp(t);
  const times = v.parse(LogTimes, (await ask("times", {})).body);
  assert.equal(times.ends.length, Math.floor(LINES / 128));
  assert.equal(times.ends[0], Date.parse(JSON.parse(lines[127] ?? "").at));
  const trace = await ask("outline", { name: "trace", from: 0 });
  const outline = v.parse(LogOutline, trace.body);
  assert.deepEqual(
    outline.blocks.flatMap((block) => decodeRows(block)).map(({ is, line }) => [is, line]),
    [["begin", 1]],
  );
  assert.deepEqual([outline.lines, outline.next], [copy.state.trace.length, null]);
  assert.equal(run.runId, "run-a");
});

test("H7: what is asked for of another epoch is refused, and so is what makes no sense", async (t) => {
  const { ask, viewer } = await setUp(t);
  assert.equal((await ask("log", { from: 0, to: 128, epoch: "other" })).status, 409);
  assert.equal((await ask("times", { epoch: "other" })).status, 409);
  for (const fields of [
    { from: 1, to: 128 },
    { from: -128, to: 128 },
    { from: "0x0", to: 128 },
    { from: 0, to: "" },
  ])
    assert.equal((await ask("log", fields)).status, 400, JSON.stringify(fields));
  assert.equal((await fetch(`${viewer.url}/api/runs/run-a/log`)).status, 400);
  for (const name of ["sessions/nobody", "../trace.ndjson", "steps", "sessions/__proto__"])
    assert.equal((await ask("times", { name })).status, 404, name);
  assert.equal((await fetch(`${viewer.url}/api/runs/nothing/times?name=trace&epoch=x`)).status, 404);
  const past = v.parse(SessionRange, (await ask("log", { from: 128_000, to: 128_128 })).body);
  assert.deepEqual(past.entries, []);
  const foreign = await fetch(`${viewer.url}/api/runs/run-a/times?name=trace&epoch=x`, {
    headers: { origin: "http://evil.example" },
  });
  assert.equal(foreign.status, 403);
  assert.deepEqual(viewer.errors, []);
});

test("H7: pages that filled up while the run went on can be asked for", async (t) => {
  const { ask, client, run } = await setUp(t);
  const more = Array.from({ length: 3_000 }, (_, index) => run.chunkLine(`more ${index}`));
  await run.append(run.eventsFile, more.join(""));
  const events = () => client.run("run-a")?.state.sessions[run.sessionId]?.events;
  await client.waitFor(() => events()?.length === LINES + 3_000, 10_000, "all of them");
  const { body } = await ask("log", { from: 1_920, to: 4_992 });
  const range = v.parse(SessionRange, body);
  assert.equal(range.entries.length, 4_992 - 1_920);
  assert.deepEqual(range.entries[80], JSON.parse(more[0] ?? ""));
  // Who opens the run now gets its end.
  const late = events()?.length ?? 0;
  assert.ok(late > 0);
  const times = v.parse(LogTimes, (await ask("times", {})).body);
  assert.equal(times.ends.length, Math.floor((LINES + 3_000) / 128));
});

test("H7: readers that never take their answers keep nobody from theirs", async (t) => {
  const { ask, copy, run, viewer } = await setUp(t);
  const long = Array.from({ length: 300 }, () => run.chunkLine("x".repeat(60_000)));
  const more = Array.from({ length: 1_000 }, () => run.chunkLine("x"));
  await run.append(run.eventsFile, [...long, ...more].join(""));
  // All of it is there once its pages can be asked for.
  for (let pages = 0; pages < 24;) {
    pages = v.parse(LogTimes, (await ask("times", {})).body).ends.length;
  }
  const query = new URLSearchParams({ name: `sessions/${run.sessionId}`, epoch: copy.epoch });
  const path = `/api/runs/run-a/log?${query}&from=2048&to=2176`;
  const stuck: Socket[] = [];
  t.after(() => stuck.forEach((socket) => socket.destroy()));
  const { hostname, port } = new URL(viewer.url);
  for (let count = 0; count < 4; count += 1) {
    const socket = connect(Number(port), hostname);
    socket.write(`GET ${path} HTTP/1.1\r\nHost: ${hostname}:${port}\r\n\r\n`);
    stuck.push(socket);
  }
  // Each has the beginning of its answer before it, and reads no further.
  await Promise.all(stuck.map((socket) => once(socket, "readable")));
  assert.equal((await ask("log", { from: 0, to: 128 })).status, 200);
});

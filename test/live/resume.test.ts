import assert from "node:assert/strict";
import { test, type TestContext } from "node:test";
import type { RunState } from "../../src/protocol/bundle.ts";
import type { LiveClient } from "../../scripts/live-client.ts";
import { AcpxRun } from "../helpers/acpx-run.ts";
import { ManualClock } from "../helpers/manual-clock.ts";
import { tempDir } from "../helpers/temp-dir.ts";
import { startViewer } from "../helpers/viewer.ts";

const PATIENCE = 10_000;
const RUN = "run-a";

async function setUp(t: TestContext, options: { clock?: ManualClock } = {}) {
  const root = await tempDir(t);
  const run = await new AcpxRun(root, RUN).begin();
  const viewer = await startViewer(t, [root], options);
  return { root, run, viewer };
}

async function opened(client: LiveClient): Promise<RunState> {
  client.subscribeRun(RUN);
  await client.waitFor(() => client.run(RUN) !== undefined, PATIENCE, "the snapshot");
  return stateOf(client);
}

function stateOf(client: LiveClient): RunState {
  const copy = client.run(RUN);
  assert.ok(copy);
  return copy.state;
}

function eventsOf(client: LiveClient, run: AcpxRun) {
  return client.run(RUN)?.state.sessions[run.sessionId]?.events;
}

test("P20: a laptop that slept goes on where it was, with what it missed as one patch", async (t) => {
  const { run, viewer } = await setUp(t);
  const steady = await viewer.connect();
  await opened(steady);
  const sleeper = await viewer.connect();
  const before = await opened(sleeper);
  await sleeper.close();
  for (let index = 0; index < 50; index += 1) await run.appendChunk(`word ${index} `);
  await steady.waitFor(() => eventsOf(steady, run)?.length === 50, PATIENCE, "all words");

  const woken = await viewer.connect({ resume: sleeper });
  const patches: number[] = [];
  woken.onMessage(({ message }) => {
    if (message.type === "patch") patches.push(message.to - message.from);
  });
  woken.subscribeRun(RUN);
  await woken.waitFor(() => woken.counts.resumed === 1, PATIENCE, "the word that its place fits");
  await woken.waitFor(() => eventsOf(woken, run)?.length === 50, PATIENCE, "what it missed");
  assert.equal(patches.length, 1, "it comes as one patch");
  assert.deepEqual([woken.counts.resyncs, woken.counts.gaps], [0, 0]);
  assert.deepEqual(stateOf(woken), stateOf(steady));
  assert.equal(before.sessions[run.sessionId]?.events.length, 0, "what was held is as it was");
  await run.appendChunk("and on");
  await woken.waitFor(() => eventsOf(woken, run)?.length === 51, PATIENCE, "what comes after");
});

test("P21: who slept past what is kept gets a snapshot, and hears why", async (t) => {
  const { run, viewer } = await setUp(t);
  const steady = await viewer.connect();
  await opened(steady);
  const sleeper = await viewer.connect();
  await opened(sleeper);
  await sleeper.close();
  for (let index = 0; index < 6; index += 1) {
    await run.appendChunk("x".repeat(1024 * 1024));
    await steady.waitFor(() => eventsOf(steady, run)?.length === index + 1, PATIENCE, "a long word");
  }
  const woken = await viewer.connect({ resume: sleeper });
  woken.subscribeRun(RUN);
  await woken.waitFor(() => eventsOf(woken, run)?.length === 6, PATIENCE, "the snapshot");
  assert.deepEqual([woken.counts.resumed, woken.counts.resyncs], [0, 1]);
  assert.deepEqual(woken.reasons, { too_old: 1 });
});

test("P20: where nothing was missed nothing is sent but the word that the place fits", async (t) => {
  const { viewer } = await setUp(t);
  const first = await viewer.connect();
  await opened(first);
  first.subscribeRuns();
  await first.waitFor(() => first.runs !== undefined, PATIENCE, "the list");
  await first.close();
  const again = await viewer.connect({ resume: first });
  again.subscribeRun(RUN);
  again.subscribeRuns();
  await again.waitFor(() => again.counts.resumed === 2, PATIENCE, "both places");
  assert.equal(again.counts.messages, 3, "ready, and a word for each");
});

test("P10, P21: a reload holds nothing, and after a restart nothing known fits", async (t) => {
  const { root, run, viewer } = await setUp(t);
  const first = await viewer.connect();
  await opened(first);
  await run.appendChunk("one");
  await first.waitFor(() => eventsOf(first, run)?.length === 1, PATIENCE, "the word");
  const reloaded = await viewer.connect();
  await opened(reloaded);
  assert.deepEqual(reloaded.reasons, { first: 1 });
  assert.deepEqual(stateOf(reloaded), stateOf(first));

  await first.close();
  await viewer.close();
  await run.appendChunk("two");
  const restarted = await startViewer(t, [root]);
  const woken = await restarted.connect({ resume: first });
  woken.subscribeRun(RUN);
  await woken.waitFor(() => eventsOf(woken, run)?.length === 2, PATIENCE, "the snapshot");
  assert.deepEqual(woken.reasons, { new_epoch: 1 });
});

test("P21: a place that nobody has reached yet is none", async (t) => {
  const { viewer } = await setUp(t);
  const client = await viewer.connect();
  await opened(client);
  const copy = client.run(RUN);
  assert.ok(copy);
  const other = await viewer.connect();
  other.subscribeRun(RUN, { epoch: copy.epoch, version: copy.version + 5 });
  await other.waitFor(() => other.run(RUN) !== undefined, PATIENCE, "the snapshot");
  assert.deepEqual(other.reasons, { client_ahead: 1 });
});

test("P21: a run that nobody read for a while is opened anew", async (t) => {
  const clock = new ManualClock(Date.now());
  const { viewer } = await setUp(t, { clock });
  const first = await viewer.connect();
  await opened(first);
  await first.close();
  // The server hears of it in its own time; the run then lingers for a minute.
  for (let woken; woken?.reasons.new_epoch !== 1;) {
    clock.advance(61_000);
    woken = await viewer.connect({ resume: first });
    woken.subscribeRun(RUN);
    const one = woken;
    await one.waitFor(() => one.counts.resumed + one.counts.resyncs === 1, PATIENCE, "an answer");
    await one.close();
  }
});

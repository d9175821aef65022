import assert from "node:assert/strict";
import { test, type TestContext } from "node:test";
import { LIVE_PROTOCOLS, type LiveProtocol } from "../../src/protocol/version.ts";
import { AcpxRun } from "../helpers/acpx-run.ts";
import { tempDir } from "../helpers/temp-dir.ts";
import { startViewer } from "../helpers/viewer.ts";

const PATIENCE = 20_000;

/** A run in flight, and a client that reads it. */
async function openRun(t: TestContext, protocol: LiveProtocol) {
  const root = await tempDir(t);
  const run = await new AcpxRun(root, "run-a").begin();
  const viewer = await startViewer(t, [root]);
  const client = await viewer.connect({ protocol });
  client.subscribeRun("run-a");
  await client.waitFor(() => client.run("run-a") !== undefined, PATIENCE);
  const state = () => client.run("run-a")?.state;
  const events = () => state()?.sessions[run.sessionId]?.events;
  return { run, viewer, client, state, events };
}

for (const protocol of LIVE_PROTOCOLS) {
  test(`${protocol}: a line of 40 MB is passed over and reported; the lines around it arrive`, async (t) => {
    const { run, viewer, client, state, events } = await openRun(t, protocol);
    await run.appendChunk("before");
    const huge = Buffer.from(run.chunkLine("x".repeat(40 * 1024 * 1024)));
    for (let at = 0; at < huge.length; at += 7 * 1024 * 1024) {
      await run.append(run.eventsFile, huge.subarray(at, at + 7 * 1024 * 1024));
    }
    await run.appendChunk("after");
    // In a tail the line keeps its place: a hole.
    const length = protocol === "runreel.live.v1" ? 3 : 2;
    await client.waitFor(() => events()?.length === length, PATIENCE, "the line after it");
    assert.equal([...(events() ?? [])].length, 2);
    assert.match(JSON.stringify(events()?.last()), /"after"/);
    await client.waitFor(() => state()?.problems.count === 1, PATIENCE, "the report");
    const [problem] = state()?.problems.listed ?? [];
    assert.equal(problem?.kind, "too_long");
    assert.equal(problem?.file, run.eventsFile);
    assert.equal(problem?.bytes, huge.length - 1);
    assert.deepEqual(viewer.errors, []);
  });

  test(`${protocol}: a great many lines at once arrive whole, and in order`, async (t) => {
    const { run, client, events } = await openRun(t, protocol);
    const lines = Array.from({ length: 20_000 }, (_, index) => run.chunkLine(String(index)));
    await run.append(run.eventsFile, lines.join(""));
    await client.waitFor(() => events()?.length === lines.length, PATIENCE, "all of them");
    assert.deepEqual(
      [...(events() ?? [])].map(({ seq }) => seq),
      lines.map((_, index) => index + 1),
    );
    assert.deepEqual([client.counts.gaps, client.counts.resyncs], [0, 0]);
  });

  test(`${protocol}: of two quick writes the second is never lost`, async (t) => {
    const { run, client, events } = await openRun(t, protocol);
    for (let pair = 0; pair < 40; pair += 1) {
      await run.appendChunk("first");
      // The distance is the point here: 10 to 45 ms apart is where a throttled watcher loses the second.
      await new Promise((resolve) => setTimeout(resolve, 10 + (pair % 8) * 5));
      await run.appendChunk("second");
      await client.waitFor(() => events()?.length === 2 * pair + 2, PATIENCE, `the second of pair ${pair}`);
    }
  });
}

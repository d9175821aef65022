import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { test } from "node:test";
import { LIVE_PROTOCOLS } from "../../src/protocol/version.ts";
import { AcpxRun } from "../helpers/acpx-run.ts";
import { tempDir } from "../helpers/temp-dir.ts";
import { startViewer } from "../helpers/viewer.ts";

const PATIENCE = 10_000;

for (const protocol of LIVE_PROTOCOLS) {
  test(`${protocol}: a run in flight reaches a client, grows by patches and ends as its files`, async (t) => {
    const isWhole = protocol === "acpx.replay.v1";
    const root = await tempDir(t);
    const viewer = await startViewer(t, [root]);
    const client = await viewer.connect({ protocol });
    client.subscribeRuns();
    await client.waitFor(() => client.runs !== undefined, PATIENCE, "the empty list");
    const run = await new AcpxRun(root, "run-a").begin();
    await client.waitFor(() => client.runs?.state.order[0] === "run-a", PATIENCE, "the new run in the list");
    assert.equal(client.runs?.state.runsById["run-a"]?.status, "running");

    client.subscribeRun("run-a");
    await client.waitFor(() => client.run("run-a") !== undefined, PATIENCE, "the snapshot");
    const before = client.run("run-a");
    assert.equal(before?.state.run.currentNode, "reply");
    for (let index = 0; index < 30; index += 1) await run.appendChunk(`word${index} `);
    const events = () => client.run("run-a")?.state.sessions[run.sessionId]?.events;
    await client.waitFor(() => events()?.length === 30, PATIENCE, "all chunks");
    assert.equal(before?.state.sessions[run.sessionId]?.events.length, 0, "a held state is never changed");

    await run.finish();
    await client.waitFor(
      () => client.run("run-a")?.state.trace.length === 4,
      PATIENCE,
      "the end of the trace",
    );
    await client.waitFor(
      () => {
        const state = client.run("run-a")?.state;
        return (
          state?.live?.status === "completed" &&
          (!isWhole || state.steps.length === 1) &&
          "finishedAt" in state.manifest
        );
      },
      PATIENCE,
      "the end",
    );
    await client.waitFor(
      () => client.runs?.state.runsById["run-a"]?.status === "completed",
      PATIENCE,
      "its line",
    );
    const state = client.run("run-a")?.state;
    const json = async (name: string): Promise<unknown> => JSON.parse(await readFile(run.path(name), "utf8"));
    assert.deepEqual(state?.manifest, await json("manifest.json"));
    assert.deepEqual(state?.live, await json("projections/live.json"));
    if (isWhole) assert.deepEqual(state?.steps.toJSON(), await json("projections/steps.json"));
    assert.deepEqual(state?.flow, await json("flow.json"));
    assert.equal(client.counts.gaps, 0);
    assert.equal(client.counts.resyncs, 0);
    assert.deepEqual(viewer.errors, []);
  });
}

import assert from "node:assert/strict";
import { existsSync } from "node:fs";
import { readdir } from "node:fs/promises";
import { join } from "node:path";
import { test } from "node:test";
import * as v from "valibot";
import { RunFile } from "../../src/protocol/bundle.ts";
import { startViewer } from "../helpers/viewer.ts";
import { DATA, json, lines } from "./recorded.ts";

const FOLDERS = ["runs-0.4.1", "runs-0.19.1"].map((name) => join(DATA, "acpx", name));
const skip = existsSync(DATA) ? false : "the recorded runs are not here (set RUNREEL_TEST_DATA)";

for (const folder of FOLDERS) {
  test(`every recorded bundle opens whole: ${folder.split("/").at(-1)}`, { skip }, async (t) => {
    const viewer = await startViewer(t, [folder]);
    const client = await viewer.connect({ protocol: "acpx.replay.v1" });
    client.subscribeRuns();
    await client.waitFor(() => client.runs !== undefined, 5_000, "the list");
    const names = await readdir(folder);
    assert.deepEqual([...(client.runs?.state.order ?? [])].toSorted(), names.toSorted());
    for (const runId of names) {
      client.subscribeRun(runId);
      await client.waitFor(() => client.run(runId) !== undefined, 5_000, runId);
      const state = client.run(runId)?.state;
      assert.ok(state);
      const dir = join(folder, runId);
      assert.deepEqual(state.trace.toJSON(), await lines(join(dir, "trace.ndjson")));
      assert.deepEqual(state.steps.toJSON(), await json(join(dir, "projections/steps.json")));
      assert.deepEqual(state.live, await json(join(dir, "projections/live.json")));
      assert.deepEqual(state.manifest, await json(join(dir, "manifest.json")));
      assert.deepEqual(state.flow, await json(join(dir, "flow.json")));
      const run = await json(join(dir, "projections/run.json"));
      assert.ok(typeof run === "object" && run !== null);
      assert.deepEqual(state.run, { ...run, ...state.live });
      for (const session of Object.values(state.sessions)) {
        const sessionDir = join(dir, "sessions", session.id);
        assert.deepEqual(session.events.toJSON(), await lines(join(sessionDir, "events.ndjson")));
        assert.deepEqual(session.record, await json(join(sessionDir, "record.json")));
        assert.deepEqual(session.binding, await json(join(sessionDir, "binding.json")));
      }
      assert.equal(state.problems.count, 0);
      client.unsubscribeRun(runId);
    }
    assert.deepEqual(viewer.errors, []);
  });

  test(`every recorded bundle opens tail first: ${folder.split("/").at(-1)}`, { skip }, async (t) => {
    const viewer = await startViewer(t, [folder]);
    const client = await viewer.connect();
    for (const runId of await readdir(folder)) {
      client.subscribeRun(runId);
      await client.waitFor(() => client.run(runId) !== undefined, 5_000, runId);
      const state = client.run(runId)?.state;
      assert.ok(state);
      const dir = join(folder, runId);
      const trace = await lines(join(dir, "trace.ndjson"));
      assert.equal(state.trace.length, trace.length);
      assert.deepEqual([...state.trace], trace.slice(state.trace.heldFrom));
      const run = v.parse(v.object(RunFile.entries), await json(join(dir, "projections/run.json")));
      assert.deepEqual(state.run, { ...run, ...state.live });
      for (const { id, events } of Object.values(state.sessions)) {
        const all = await lines(join(dir, "sessions", id, "events.ndjson"));
        assert.equal(events.length, all.length);
        assert.deepEqual([...events], all.slice(events.heldFrom));
      }
      assert.equal(state.problems.count, 0);
      client.unsubscribeRun(runId);
    }
    assert.deepEqual(viewer.errors, []);
  });
}

import assert from "node:assert/strict";
import { existsSync } from "node:fs";
import { readdir } from "node:fs/promises";
import { join } from "node:path";
import { test } from "node:test";
import fc from "fast-check";
import type { RunState } from "../../src/protocol/bundle.ts";
import { ConversationPictures } from "../../viewer/conversation/picture.ts";
import { detailsAt } from "../../viewer/details/details-at.ts";
import { runFactsAt } from "../../viewer/details/run-facts.ts";
import { EVERYTHING } from "../../viewer/events/filter.ts";
import { newestRows } from "../../viewer/events/rows.ts";
import { flowGraph } from "../../viewer/graph/flow-graph.ts";
import { graphPicture } from "../../viewer/graph/picture.ts";
import { filesAt } from "../../viewer/files/files-at.ts";
import { asOf, attemptAt } from "../../viewer/playback/as-of.ts";
import { RunIndex } from "../../viewer/playback/run-index.ts";
import { spentAt } from "../../viewer/playback/spent.ts";
import { tempDir } from "../helpers/temp-dir.ts";
import { startViewer } from "../helpers/viewer.ts";
import { cutBundle, timesOf } from "./cut-bundle.ts";
import { DATA } from "./recorded.ts";

const FOLDERS = ["runs-0.4.1", "runs-0.19.1"].map((name) => join(DATA, "acpx", name));
const skip = existsSync(DATA) ? false : "the recorded runs are not here (set RUNREEL_TEST_DATA)";
/** Moments of each run. */
const MOMENTS = 14;
const SEED = 20_261_120;

/**
 * Everything on a run's page but the timeline, which shows the way to what was
 * recorded later on purpose: as plain values.
 */
function shown(run: RunState, index: RunIndex, at: number) {
  const view = asOf(run, index, at, null);
  assert.equal(view.steps.extent, "all");
  const talk = new ConversationPictures().at({ run, index, at, portions: 1, hold: null });
  const extent = { limit: 1_000, first: null, depth: 10_000 };
  const events = newestRows(run, index, at, { ...extent, filter: EVERYTHING });
  const chosenTypes = { ...EVERYTHING, types: new Set(["node_outcome", "agent_message_chunk"]) };
  const someEvents = newestRows(run, index, at, { ...extent, filter: chosenTypes });
  assert.ok(run.flow !== null);
  const graph = graphPicture(flowGraph(run.flow), view);
  assert.ok(graph.isReady);
  assert.ok(
    talk.isReady && events.isReady && someEvents.isReady,
    "these runs are short enough to be held whole",
  );
  const steps = Array.from({ length: view.steps.count }, (_, step) => detailsAt(run, index, step, at));
  const files = filesAt(run, index, at, 1);
  assert.ok(files.isReady && steps.every(({ isReady }) => isReady));
  return {
    details: steps.map(({ value }) => value),
    files: files.value,
    runFacts: runFactsAt(run, index, at).value,
    status: view.status,
    error: view.error,
    currentNode: view.currentNode,
    statusDetail: view.statusDetail,
    attempts: Array.from({ length: view.steps.count }, (_, step) => attemptAt(view.steps, step)),
    turns: talk.value?.turns,
    events: events.value,
    someEvents: someEvents.value,
    graph: graph.value,
    spent: spentAt(index, at),
  };
}

for (const folder of FOLDERS) {
  const name = folder.split("/").at(-1);
  test(
    `at any moment a run shows what a reader of its files cut there sees: ${name}`,
    { skip },
    async (t) => {
      const cutDir = await tempDir(t);
      const cuts = new Map<string, { readonly of: string; readonly at: number }>();
      for (const runId of await readdir(folder)) {
        for (const at of await momentsOf(join(folder, runId))) {
          const cutId = `${runId}-at-${at}`;
          cuts.set(cutId, { of: runId, at });
          await cutBundle(join(folder, runId), join(cutDir, cutId), cutId, at);
        }
      }
      const viewer = await startViewer(t, [folder, cutDir]);
      const client = await viewer.connect();
      const open = async (runId: string) => {
        client.subscribeRun(runId);
        await client.waitFor(() => client.run(runId) !== undefined, 5_000, runId);
        const state = client.run(runId)?.state;
        client.unsubscribeRun(runId);
        assert.ok(state !== undefined);
        return state;
      };
      const wholes = new Map<string, { readonly run: RunState; readonly index: RunIndex }>();
      for (const [cutId, { at, of }] of cuts) {
        let whole = wholes.get(of);
        if (whole === undefined) {
          whole = { run: await open(of), index: new RunIndex() };
          wholes.set(of, whole);
        }
        // Nobody has written in the cut folder for long; that is no news of the run.
        const cut: RunState = { ...(await open(cutId)), status: "running", run: {} };
        const fresh = shown(cut, new RunIndex(), Number.POSITIVE_INFINITY);
        assert.deepEqual(shown(whole.run, whole.index, at), fresh, `${of} at ${at}`);
      }
      assert.ok(cuts.size > 20);
      assert.deepEqual(viewer.errors, []);
    },
  );
}

/** Moments of a run before its end: some anywhere, some at the very moment of a line and right before it. */
async function momentsOf(bundle: string): Promise<Set<number>> {
  const times = await timesOf(bundle);
  const [first = 0, last = 0] = [times[0], times.at(-1)];
  const anywhere = fc.integer({ min: first, max: last - 1 });
  const atLine = fc.constantFrom(...times.filter((time) => time < last));
  const moment = fc.oneof(
    anywhere,
    atLine,
    atLine.map((time) => Math.max(first, time - 1)),
  );
  return new Set(fc.sample(moment, { numRuns: MOMENTS, seed: SEED }));
}

import assert from "node:assert/strict";
import { existsSync } from "node:fs";
import { readdir } from "node:fs/promises";
import { join } from "node:path";
import { test } from "node:test";
import fc from "fast-check";
import * as v from "valibot";
import { Manifest, type RunState } from "../../src/protocol/bundle.ts";
import { ConversationPictures } from "../../viewer/conversation/picture.ts";
import { detailsAt } from "../../viewer/details/details-at.ts";
import { runFactsAt } from "../../viewer/details/run-facts.ts";
import { EVERYTHING } from "../../viewer/events/filter.ts";
import { newestRows } from "../../viewer/events/rows.ts";
import { flowGraph } from "../../viewer/graph/flow-graph.ts";
import { graphPicture } from "../../viewer/graph/picture.ts";
import { filesAt } from "../../viewer/files/files-at.ts";
import { asOf, attemptAt } from "../../viewer/playback/as-of.ts";
import { spentAt } from "../../viewer/playback/spent.ts";
import { tempDir } from "../helpers/temp-dir.ts";
import { startViewer } from "../helpers/viewer.ts";
import { ServedRun } from "../viewer/served-run.ts";
import { cutBundle, timesOf } from "./cut-bundle.ts";
import { DATA, json } from "./recorded.ts";

const FOLDERS = ["runs-0.4.1", "runs-0.19.1"].map((name) => join(DATA, "acpx", name));
const skip = existsSync(DATA) ? false : "the recorded runs are not here (set RUNREEL_TEST_DATA)";
/** Moments of each run. */
const MOMENTS = 14;
/** Other moments every time; a failure names the one it was at. */
const SEED = Number(process.env["RUNREEL_TEST_SEED"] ?? Date.now() % 2 ** 31);

/**
 * Everything on a run's page but the timeline and what is found, which show the
 * way to what was recorded later on purpose: as plain values.
 */
function shown(of: ServedRun, at: number) {
  const { index } = of;
  const view = asOf(of.run, index, at, null);
  assert.equal(view.steps.extent, "all");
  const { flow } = of.run;
  assert.ok(flow !== null);
  const talk = new ConversationPictures();
  const extent = { limit: 1_000, first: null, depth: 10_000 };
  const chosenTypes = { ...EVERYTHING, types: new Set(["node_outcome", "agent_message_chunk"]) };
  const steps = Array.from({ length: view.steps.count }, (_, step) => step);
  const { turns } = of.bring(() => talk.at({ run: of.run, index, at, portions: 1, hold: null }));
  return {
    details: steps.map((step) => of.bring(() => detailsAt(of.run, index, step, at))),
    files: of.bring(() => filesAt(of.run, index, at, 1)),
    runFacts: of.bring(() => runFactsAt(of.run, index, at)),
    status: view.status,
    error: view.error,
    currentNode: view.currentNode,
    statusDetail: view.statusDetail,
    attempts: steps.map((step) => attemptAt(view.steps, step)),
    turns,
    events: of.bring(() => newestRows(of.run, index, at, { ...extent, filter: EVERYTHING })),
    someEvents: of.bring(() => newestRows(of.run, index, at, { ...extent, filter: chosenTypes })),
    graph: of.bring(() => graphPicture(flowGraph(flow), view)),
    spent: spentAt(index, at),
  };
}

/** How much of a log a page is sent: all of it, or only the page that grows. */
const TAILS = { whole: (length: number) => length, tail: () => 1 } as const;

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
      const wholes = new Map<string, RunState>();
      for (const [cutId, { at, of }] of cuts) {
        const whole = wholes.get(of) ?? (await open(of));
        wholes.set(of, whole);
        // Nobody has written in the cut folder for long; that is no news of the run.
        const cut: RunState = { ...(await open(cutId)), status: "running", run: {} };
        const fresh = shown(new ServedRun(cut, TAILS.whole), Number.POSITIVE_INFINITY);
        for (const [held, tail] of Object.entries(TAILS)) {
          const served = new ServedRun(whole, tail);
          await served.learn();
          assert.deepEqual(shown(served, at), fresh, `${of} at ${at}, ${held} held (seed ${SEED})`);
        }
      }
      assert.ok(cuts.size > 20);
      assert.deepEqual(viewer.errors, []);
    },
  );
}

/**
 * Moments of a run before its end, which the projections tell and the cut leaves
 * out: some anywhere, some at the very moment of a line and right
 * before it.
 */
async function momentsOf(bundle: string): Promise<Set<number>> {
  const { finishedAt } = v.parse(Manifest, await json(join(bundle, "manifest.json")));
  const end =
    finishedAt === null || finishedAt === undefined ? Number.POSITIVE_INFINITY : Date.parse(finishedAt);
  const times = await timesOf(bundle);
  const [first = 0] = times;
  const last = Math.min(times.at(-1) ?? 0, end);
  const anywhere = fc.integer({ min: first, max: last - 1 });
  const atLine = fc.constantFrom(...times.filter((time) => time < last));
  const moment = fc.oneof(
    anywhere,
    atLine,
    atLine.map((time) => Math.max(first, time - 1)),
  );
  return new Set(fc.sample(moment, { numRuns: MOMENTS, seed: SEED }));
}

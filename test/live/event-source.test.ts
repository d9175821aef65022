import assert from "node:assert/strict";
import { existsSync } from "node:fs";
import { join } from "node:path";
import { type TestContext, test } from "node:test";
import { setTimeout as pause } from "node:timers/promises";
import { EventSource } from "eventsource";
import fc from "fast-check";
import * as v from "valibot";
import { AgentvRun } from "../../scripts/demo/agentv-run.ts";
import { RunEvent } from "../../src/protocol/event-messages.ts";
import { DATA, lines } from "../data/recorded.ts";
import { AcpxRun } from "../helpers/acpx-run.ts";
import { FlakyDoor } from "../helpers/flaky-door.ts";
import { tempDir } from "../helpers/temp-dir.ts";
import { startViewer } from "../helpers/viewer.ts";

/** Other moments every time; a failure names the seed. */
const SEED = Number(process.env["RUNREEL_TEST_SEED"] ?? Date.now() % 2 ** 31);
const CUTS = 10;
const FIXTURE = join(DATA, "waza", "sse", "live-view-fixture-397.jsonl");

/** One run that a test writes event by event: each act makes so many events. */
interface Writing {
  readonly runId: string;
  readonly act: (index: number) => Promise<number>;
  readonly finish: () => Promise<void>;
}

const START = Date.parse("2026-01-02T03:04:05.000Z");

async function writeFlow(root: string): Promise<Writing> {
  const run = await new AcpxRun(root, "run-a").begin();
  return {
    runId: run.runId,
    async act(index) {
      const attempt = { nodeId: "again", attemptId: `again#${index}` };
      await run.appendTrace("node_started", attempt);
      await run.appendTrace("node_heartbeat", attempt);
      await run.appendTrace("node_outcome", attempt, { outcome: "ok" });
      return 2;
    },
    finish: () => run.finish(),
  };
}

async function writeEvaluation(root: string): Promise<Writing> {
  const run = new AgentvRun(root, new Date(START), "evals/sums.eval.yaml", 200);
  await run.start();
  const finishedAt = () => new Date(START + 1_000_000);
  return {
    runId: run.runId,
    async act(index) {
      const one = { id: `test-${index}`, question: "2 + 2?", answer: "4", score: 1, durationMs: 100 };
      await run.result(one, new Date(START + 1_000 * (index + 1)));
      return 3;
    },
    finish: () => run.finish(finishedAt()),
  };
}

const RUNS = {
  flow: { write: writeFlow, before: 2, after: 2 },
  evaluation: { write: writeEvaluation, before: 1, after: 1 },
};

for (const [kind, { after, before, write }] of Object.entries(RUNS)) {
  test(`E5: an EventSource that is cut off ten times, and once from a server that ends, has every event of ${kind === "flow" ? "a flow" : "an evaluation"} once, in order`, async (t) => {
    const root = await tempDir(t);
    const writing = await write(root);
    let viewer = await startViewer(t, [root]);
    const door = await FlakyDoor.open(t, viewer.url);
    const [pauses, restartAt] = planOf();
    const heard: RunEvent[] = [];
    const source = listen(t, `${door.url}/api/v1/runs/${writing.runId}/events`, heard);
    let [acts, expected] = [0, before];
    for (let cut = 0; cut < CUTS; cut += 1) {
      const until = performance.now() + (pauses[cut] ?? 0);
      while (performance.now() < until) {
        acts += 1;
        expected += await writing.act(acts);
        await pause(5);
      }
      if (cut === restartAt) {
        door.target = undefined;
        await viewer.close();
        viewer = await startViewer(t, [root]);
        door.target = viewer.url;
      }
      const known = heard.length;
      await connected(source);
      assert.ok(door.cut() > 0, "there was a connection to cut");
      // Back again, at the end of what was heard, before the next cut.
      acts += 1;
      expected += await writing.act(acts);
      await eventually(() => heard.length > known, `more than ${known} events (seed ${SEED})`);
    }
    await writing.finish();
    expected += after;
    await eventually(() => heard.at(-1)?.type === "run_completed", `the end (seed ${SEED})`);
    assert.deepEqual(
      heard.map(({ sequence }) => sequence),
      Array.from({ length: expected }, (_, at) => at + 1),
      `seed ${SEED}`,
    );
    // Told that nothing will ever follow, it does not come again.
    await eventually(() => source.readyState === source.CLOSED, "that it stops asking");
    assert.deepEqual(viewer.errors, []);
  });
}

/** How long to write before each cut, and before which the server ends. */
function planOf(): readonly [pauses: readonly number[], restartAt: number] {
  const length = fc.integer({ min: 0, max: 120 });
  const plan = fc.tuple(
    fc.array(length, { minLength: CUTS, maxLength: CUTS }),
    fc.integer({ min: 1, max: CUTS - 1 }),
  );
  const [one] = fc.sample(plan, { numRuns: 1, seed: SEED });
  assert.ok(one !== undefined);
  return one;
}

/** Every event is checked by its schema, and is what its frame's id says. */
function listen(t: TestContext, url: string, heard: RunEvent[]): EventSource {
  const source = new EventSource(url);
  t.after(() => source.close());
  source.addEventListener("message", ({ data, lastEventId }) => {
    const event = v.parse(RunEvent, JSON.parse(String(data)));
    assert.equal(String(event.sequence), lastEventId);
    heard.push(event);
  });
  return source;
}

async function connected(source: EventSource): Promise<void> {
  await eventually(() => source.readyState === source.OPEN, "a connection");
}

async function eventually(fits: () => boolean, what: string): Promise<void> {
  const deadline = performance.now() + 20_000;
  while (!fits()) {
    assert.ok(performance.now() < deadline, `waited in vain: ${what}`);
    await pause(5);
  }
}

test(
  "E3: what waza's own tests of its page send is of the schema",
  { skip: existsSync(FIXTURE) ? false : "the recorded events are not here (set RUNREEL_TEST_DATA)" },
  async () => {
    const events = (await lines(FIXTURE)).map((line) => v.parse(RunEvent, line));
    assert.deepEqual(
      events.map(({ sequence, type }) => [sequence, type]),
      [
        [1, "run_started"],
        [2, "task_started"],
        [3, "step_executed"],
        [4, "task_completed"],
        [5, "run_completed"],
      ],
    );
  },
);

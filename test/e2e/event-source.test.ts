import assert from "node:assert/strict";
import * as v from "valibot";
import { AgentvRun } from "../../scripts/demo/agentv-run.ts";
import { RunEvent } from "../../src/protocol/event-messages.ts";
import { pageTest } from "../helpers/browser.ts";
import { FlakyDoor } from "../helpers/flaky-door.ts";
import { setStage } from "./stage.ts";
import { until } from "./until.ts";

const START = Date.parse("2026-01-02T03:04:05.000Z");
const CUTS = 10;

const Heard = v.object({ state: v.number(), events: v.array(v.string()) });

pageTest(
  "E5: a browser's EventSource that is cut off ten times, and once from a server that is killed, has every event once, in order",
  async (scene) => {
    const { page, t } = scene;
    const { runsDir, viewer } = await setStage(scene);
    // The browser tells of each connection that breaks.
    scene.expected.push(/net::ERR_/);
    const run = new AgentvRun(runsDir, new Date(START), "evals/sums.eval.yaml", 100);
    await run.start();
    const door = await FlakyDoor.open(t, viewer.url);
    // Any answer of the viewer will do for a page of the same origin.
    await page.goto(`${door.url}/api/health`);
    await page.evaluate((runId) => {
      const heard: string[] = [];
      const source = new EventSource(`/api/v1/runs/${runId}/events`);
      source.addEventListener("message", ({ data }) => heard.push(String(data)));
      Object.assign(window, { heard, source });
    }, run.runId);
    const told = async () =>
      v.parse(Heard, await page.evaluate("({ state: source.readyState, events: heard })"));

    let tests = 0;
    const write = async (count: number) => {
      for (let index = 0; index < count; index += 1) {
        tests += 1;
        const one = { id: `test-${tests}`, question: "2 + 2?", answer: "4", score: 1, durationMs: 100 };
        await run.result(one, new Date(START + 1_000 * tests));
      }
    };
    for (let cut = 0; cut < CUTS; cut += 1) {
      await write(1 + (cut % 3));
      const known = (await told()).events.length;
      if (cut === CUTS / 2) {
        await viewer.kill();
        await write(2);
        await viewer.restart();
      }
      door.cut();
      await write(1);
      await until("what came after the cut", async () => (await told()).events.length > known);
    }
    await run.finish(new Date(START + 1_000_000));
    await until("that it stops asking", async () => (await told()).state === 2);
    const events = (await told()).events.map((text) => v.parse(RunEvent, JSON.parse(text)));
    assert.deepEqual(
      events.map(({ sequence }) => sequence),
      Array.from({ length: 2 + 3 * tests }, (_, at) => at + 1),
    );
    const last = events.at(-1);
    assert.ok(last?.type === "run_completed");
    assert.deepEqual([last.data.passCount, last.data.failCount], [tests, 0]);
  },
);

import assert from "node:assert/strict";
import { existsSync } from "node:fs";
import { readdir } from "node:fs/promises";
import { join } from "node:path";
import { type TestContext, test } from "node:test";
import * as v from "valibot";
import type { RunEvent } from "../../src/protocol/event-messages.ts";
import { EventReader } from "../helpers/event-reader.ts";
import { startViewer } from "../helpers/viewer.ts";
import { DATA } from "./recorded.ts";

const skip = existsSync(DATA) ? false : "the recorded runs are not here (set RUNREEL_TEST_DATA)";
const AGENTV = [
  join(DATA, "agentv", "run1", "agentv-final", "results", "runs", "default"),
  join(DATA, "agentv", "head-run1", "agentv-final", "results"),
];
const OTHERS = [
  join(DATA, "acpx", "runs-0.4.1"),
  join(DATA, "acpx", "runs-0.19.1"),
  join(DATA, "waza", "session-logs"),
];

const Runs = v.object({ runs: v.array(v.looseObject({ runId: v.string(), status: v.string() })) });

/** Every event of every run in a folder that has ended, by its run. */
async function endedRuns(t: TestContext, folder: string): Promise<Map<string, RunEvent[]>> {
  const viewer = await startViewer(t, [folder]);
  const { runs } = v.parse(Runs, await (await fetch(`${viewer.url}/api/runs`)).json());
  const ended = runs.filter(({ status }) =>
    ["completed", "failed", "cancelled", "timed_out"].includes(status),
  );
  const streams = new Map<string, RunEvent[]>();
  for (const { runId } of ended) {
    const { runEvents } = await EventReader.all(t, `${viewer.url}/api/v1/runs/${runId}/events`);
    streams.set(runId, runEvents);
  }
  assert.deepEqual(viewer.errors, []);
  return streams;
}

for (const folder of [...AGENTV, ...OTHERS]) {
  const name = folder.slice(DATA.length + 1);
  test(
    `E2, E3: recorded runs are streams without a gap, the same every time: ${name}`,
    { skip },
    async (t) => {
      assert.ok((await readdir(folder)).length > 0);
      const streams = await endedRuns(t, folder);
      assert.ok(streams.size > 0);
      for (const [runId, events] of streams) {
        assert.deepEqual(
          events.map(({ sequence }) => sequence),
          events.map((_, at) => at + 1),
          runId,
        );
        const begun = events.filter(({ type }) => type === "task_started").length;
        const completed = events.filter(({ type }) => type === "task_completed").length;
        assert.ok(completed <= begun, runId);
        assert.equal(events[0]?.type, "run_started");
        assert.match(events.at(-1)?.type ?? "", /^run_(completed|failed)$/);
      }
      assert.deepEqual(await endedRuns(t, folder), streams);
    },
  );
}

for (const folder of AGENTV) {
  test(
    `E3: AgentV's recorded sums are those of its files: ${folder.slice(DATA.length + 1)}`,
    { skip },
    async (t) => {
      for (const [, events] of await endedRuns(t, folder)) {
        const last = events.at(-1);
        assert.ok(last?.type === "run_completed");
        const { failCount, outcome, passCount, totalTasks } = last.data;
        assert.deepEqual([totalTasks, passCount, failCount, outcome], [10, 8, 2, "failed"]);
      }
    },
  );
}

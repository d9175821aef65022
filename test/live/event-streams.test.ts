import assert from "node:assert/strict";
import { rm } from "node:fs/promises";
import { type TestContext, test } from "node:test";
import { AgentvRun, type AgentvTest } from "../../scripts/demo/agentv-run.ts";
import { WazaRun, type WazaTask } from "../../scripts/demo/waza-run.ts";
import type { RunEvent } from "../../src/protocol/event-messages.ts";
import { BEAT_MS } from "../../src/live/event-pipe.ts";
import { SETTLE_MS } from "../../src/live/run-events.ts";
import { AcpxRun } from "../helpers/acpx-run.ts";
import { EventReader } from "../helpers/event-reader.ts";
import { ManualClock } from "../helpers/manual-clock.ts";
import { tempDir } from "../helpers/temp-dir.ts";
import { startViewer, type TestViewer } from "../helpers/viewer.ts";

const START = new Date("2026-01-02T03:04:05.000Z");

function later(seconds: number): Date {
  return new Date(START.getTime() + seconds * 1_000);
}

function adds(id: string, rest: Partial<AgentvTest> = {}): AgentvTest {
  const common = { question: "2 + 2?", answer: "4", score: 1, durationMs: 1_500, costUsd: 0.25 };
  return { id, ...common, tokens: [10, 5], ...rest };
}

const TESTS = [
  adds("adds"),
  adds("subtracts", { score: 0.25, answer: "5" }),
  adds("divides", { score: 0, error: "The agent went away.", durationMs: 0 }),
];

function eventsOf(viewer: TestViewer, id: string): string {
  return `${viewer.url}/api/v1/runs/${id}/events`;
}

function typesOf(events: readonly RunEvent[]): string[] {
  return events.map(({ type }) => type);
}

async function writeEvaluation(root: string, tests = TESTS): Promise<AgentvRun> {
  const run = new AgentvRun(root, START, "evals/arithmetic.eval.yaml", tests.length);
  await run.start();
  for (const [index, one] of tests.entries()) await run.result(one, later(index + 1));
  return run;
}

async function finishedRun(t: TestContext) {
  const root = await tempDir(t);
  const run = await new AcpxRun(root, "run-a").begin();
  await run.finish();
  return { root, run, viewer: await startViewer(t, [root]) };
}

test("E1, E3, E4, E7: a flow's run is a stream of its attempts, and ends", async (t) => {
  const { viewer } = await finishedRun(t);
  const reader = await EventReader.all(t, eventsOf(viewer, "run-a"));
  assert.equal(reader.status, 200);
  assert.equal(reader.headers["content-type"], "text/event-stream");
  assert.equal(reader.headers["cache-control"], "no-cache");
  assert.equal(reader.headers["x-accel-buffering"], "no");
  assert.ok(reader.text.startsWith("retry: 1000\n\n"), "how soon to come again is said first");
  assert.deepEqual(
    reader.frames.map(({ event, id }) => [id, event]),
    [1, 2, 3, 4].map((id) => [String(id), undefined]),
  );
  const common = { schemaVersion: "1.0", runId: "run-a" };
  assert.deepEqual(reader.runEvents, [
    {
      ...common,
      sequence: 1,
      type: "run_started",
      data: { spec: "small-talk", passCount: 0, failCount: 0 },
      timestamp: "2026-01-02T03:04:05.000Z",
    },
    {
      ...common,
      sequence: 2,
      type: "task_started",
      data: { taskName: "reply" },
      timestamp: "2026-01-02T03:04:05.020Z",
    },
    {
      ...common,
      sequence: 3,
      type: "task_completed",
      data: { taskName: "reply", outcome: "passed", completedTasks: 1 },
      timestamp: "2026-01-02T03:04:05.030Z",
    },
    {
      ...common,
      sequence: 4,
      type: "run_completed",
      data: { outcome: "passed", totalTasks: 1, passCount: 1, failCount: 0, duration: 4 },
      timestamp: "2026-01-02T03:04:09.000Z",
    },
  ]);
  assert.deepEqual(viewer.errors, []);
});

test("E3, E4: an evaluation's stream counts its tests, its graders are steps", async (t) => {
  const root = await tempDir(t);
  const run = await writeEvaluation(root);
  await run.finish(later(4));
  const viewer = await startViewer(t, [root]);
  const { runEvents } = await EventReader.all(t, eventsOf(viewer, run.runId));
  const oneTest = ["task_started", "step_executed", "task_completed"];
  // Where the agent failed nothing was graded.
  assert.deepEqual(typesOf(runEvents), [
    "run_started",
    ...oneTest,
    ...oneTest,
    "task_started",
    "task_completed",
    "run_completed",
  ]);
  const [started, task, step, completed] = runEvents;
  assert.deepEqual(started?.data, {
    spec: "arithmetic.eval.yaml",
    totalTasks: 3,
    passCount: 0,
    failCount: 0,
  });
  assert.deepEqual(task?.data, { taskName: "adds", target: "mock", totalTasks: 3 });
  const graded = {
    taskName: "adds",
    target: "mock",
    graderName: "has-answer",
    graderType: "contains",
    passed: true,
    score: 1,
  };
  assert.deepEqual(step?.data, graded);
  assert.deepEqual(completed?.data, {
    taskName: "adds",
    target: "mock",
    outcome: "passed",
    score: 1,
    duration: 1.5,
    totalTasks: 3,
    completedTasks: 1,
  });
  assert.deepEqual(
    runEvents.filter(({ type }) => type === "task_completed").map(({ data }) => data["outcome"]),
    ["passed", "failed", "error"],
  );
  const last = runEvents.at(-1);
  assert.equal(last?.type, "run_completed");
  const { duration, ...sums } = last.data;
  assert.deepEqual(sums, {
    outcome: "failed",
    totalTasks: 3,
    passCount: 1,
    failCount: 2,
    tokens: 45,
    cost: 0.75,
  });
  assert.ok(duration !== undefined && duration > 0);
  assert.deepEqual(viewer.errors, []);
});

test("E5: whoever resumes at a number gets exactly what follows it, and at the end nothing ever", async (t) => {
  const root = await tempDir(t);
  const run = await writeEvaluation(root);
  await run.finish(later(4));
  const viewer = await startViewer(t, [root]);
  const url = eventsOf(viewer, run.runId);
  const whole = (await EventReader.all(t, url)).runEvents;
  assert.deepEqual(
    whole.map(({ sequence }) => sequence),
    Array.from({ length: 10 }, (_, at) => at + 1),
  );
  for (let after = 0; after < whole.length; after += 1) {
    const byHeader = await EventReader.all(t, url, { "last-event-id": String(after) });
    assert.deepEqual(byHeader.runEvents, whole.slice(after));
    const byQuery = await EventReader.all(t, `${url}?lastEventId=${after}`, { "last-event-id": "7" });
    assert.deepEqual(byQuery.runEvents, whole.slice(after), "the address wins over the header");
  }
  for (const after of [whole.length, whole.length + 1, 999_999]) {
    const reader = await EventReader.all(t, `${url}?lastEventId=${after}`);
    assert.deepEqual([reader.status, reader.text], [204, ""]);
  }
});

test("E6: what is asked wrongly is refused before anything is opened", async (t) => {
  const { viewer } = await finishedRun(t);
  const url = eventsOf(viewer, "run-a");
  for (const bad of ["-1", "x", "1.5", "1e3", "%201", "9".repeat(16)]) {
    assert.equal((await EventReader.all(t, `${url}?lastEventId=${bad}`)).status, 400, bad);
  }
  assert.equal((await EventReader.all(t, url, { "last-event-id": "two" })).status, 400);
  assert.equal(
    (await EventReader.all(t, `${url}?lastEventId=`, { "last-event-id": "3" })).runEvents.length,
    1,
  );
  for (const id of ["run-b", "..", "%2e%2e%2frun-a", "run-a%00"]) {
    assert.equal((await EventReader.all(t, eventsOf(viewer, id))).status, 404, id);
  }
  assert.equal((await EventReader.all(t, `${viewer.url}/api/events?run=run-b`)).status, 404);
  assert.equal((await EventReader.all(t, url, { host: "elsewhere.example" })).status, 403);
  assert.equal((await EventReader.all(t, url, { origin: "http://elsewhere.example" })).status, 403);
  const head = await EventReader.open(t, url, { method: "HEAD" });
  await head.ended();
  assert.deepEqual([head.status, head.headers["content-type"], head.text], [200, "text/event-stream", ""]);
  const post = await EventReader.open(t, url, { method: "POST" });
  assert.equal(post.status, 405);
});

test("E8: the newest run is called latest, in both addresses", async (t) => {
  const empty = await startViewer(t, [await tempDir(t)]);
  assert.equal((await EventReader.all(t, eventsOf(empty, "latest"))).status, 404);
  assert.equal((await EventReader.all(t, `${empty.url}/api/events?run=latest`)).status, 204);
  const { root, viewer } = await finishedRun(t);
  const newer = await new AcpxRun(root, "run-b", "2026-01-02T04:00:00.000Z").begin();
  await newer.finish("failed");
  const runs = async () => (await (await fetch(`${viewer.url}/api/runs`)).text()).includes("run-b");
  while (!(await runs())) await new Promise((resolve) => setTimeout(resolve, 20));
  for (const url of [eventsOf(viewer, "latest"), `${viewer.url}/api/events?run=latest`]) {
    const { runEvents } = await EventReader.all(t, url);
    assert.deepEqual(new Set(runEvents.map(({ runId }) => runId)), new Set(["run-b"]));
    assert.deepEqual([runEvents.at(-1)?.type, runEvents.at(-1)?.data["outcome"]], ["run_failed", "failed"]);
  }
});

test("E3, E4: sums that say more than the tests are the end's, and a baseline is told without being counted", async (t) => {
  const root = await tempDir(t);
  const run = new WazaRun(root, { startedAt: START, taskCount: 2 });
  const tasks: WazaTask[] = [
    { name: "adds", status: "passed" },
    { name: "divides", status: "failed" },
  ];
  await run.start();
  // From the cache: nothing says which of them passed.
  for (const { name } of tasks) await run.begin(name, later(1));
  await run.start(later(2));
  for (const each of tasks) await run.run(each, later(3), later(4));
  await run.finish(tasks, later(5));
  // No time passes, so nothing can be waited for.
  const viewer = await startViewer(t, [root], { clock: new ManualClock(later(10).getTime()) });
  const { runEvents } = await EventReader.all(t, eventsOf(viewer, run.file.replace(/\.jsonl$/, "")));
  assert.deepEqual(
    runEvents
      .slice(1, -1)
      .map(({ data: { completedTasks, target, totalTasks } }) => [target, completedTasks, totalTasks]),
    [
      [undefined, undefined, 2],
      [undefined, undefined, 2],
      ["baseline", undefined, 2],
      ["baseline", 0, 2],
      ["baseline", undefined, 2],
      ["baseline", 0, 2],
    ],
  );
  const { passCount, failCount, totalTasks } = runEvents.at(-1)?.data ?? {};
  assert.deepEqual([passCount, failCount, totalTasks], [1, 1, 2]);
});

test("E2, E7: a run in flight is followed, and its end waits for the lines before it", async (t) => {
  const root = await tempDir(t);
  const run = await new AcpxRun(root, "run-a").begin();
  const viewer = await startViewer(t, [root]);
  const reader = await EventReader.open(t, eventsOf(viewer, "run-a"));
  await reader.until("what there is", () => reader.frames.length === 2);
  // acpx writes that it is over before the lines that tell how.
  const client = await viewer.connect({ protocol: "runreel.live.v1" });
  client.subscribeRun("run-a");
  await run.writeLive({ status: "completed", finishedAt: "2026-01-02T03:04:09.000Z" });
  await run.writeManifest({ status: "completed", finishedAt: "2026-01-02T03:04:09.000Z" });
  await client.waitFor(() => client.run("run-a")?.state.status === "completed", 5_000, "the status");
  await run.appendTrace("node_outcome", { nodeId: "reply", attemptId: "reply#1" }, { outcome: "failed" });
  await run.appendTrace("run_completed");
  await reader.ended();
  assert.deepEqual(typesOf(reader.runEvents), [
    "run_started",
    "task_started",
    "task_completed",
    "run_completed",
  ]);
  assert.equal(reader.runEvents[2]?.data["outcome"], "failed");
});

test("E7: a run whose last line never says that it is over ends all the same, and a resume at its end too", async (t) => {
  const root = await tempDir(t);
  const run = await new AcpxRun(root, "run-a").begin();
  await run.writeManifest({ status: "cancelled", finishedAt: "2026-01-02T03:04:09.000Z" });
  const clock = new ManualClock(Date.now());
  const viewer = await startViewer(t, [root], { clock });
  const url = eventsOf(viewer, "run-a");
  const reader = await EventReader.open(t, url);
  await reader.until("what its lines tell", () => reader.frames.length === 2);
  clock.advance(SETTLE_MS);
  await reader.ended();
  assert.deepEqual(typesOf(reader.runEvents), ["run_started", "task_started", "run_failed"]);
  assert.deepEqual(reader.runEvents.at(-1)?.data["outcome"], "cancelled");
  // Whether there is anything more is told when it is known.
  const asked = EventReader.all(t, `${url}?lastEventId=3`);
  const turning = setInterval(() => clock.advance(SETTLE_MS / 3), 5);
  const { status } = await asked.finally(() => clearInterval(turning));
  assert.equal(status, 204);
});

test("E9: while nothing happens a comment comes every 15 s", async (t) => {
  const root = await tempDir(t);
  const run = await new AcpxRun(root, "run-a").begin();
  const clock = new ManualClock(Date.now());
  const viewer = await startViewer(t, [root], { clock });
  for (const url of [eventsOf(viewer, "run-a"), `${viewer.url}/api/events`]) {
    const reader = await EventReader.open(t, url);
    await reader.until("the first frames", () => reader.frames.length > 0);
    const beats = () => reader.text.split(": heartbeat\n\n").length - 1;
    clock.advance(BEAT_MS - 1);
    assert.equal(beats(), 0);
    clock.advance(1);
    await reader.until("a heartbeat", () => beats() === 1);
    clock.advance(BEAT_MS);
    await reader.until("another one", () => beats() === 2);
    reader.close();
  }
  assert.equal(run.runId, "run-a");
});

test("E2: the numbers are the same after a restart, in the middle of a run and at its end", async (t) => {
  const root = await tempDir(t);
  const flow = await new AcpxRun(root, "run-a").begin();
  await flow.appendTrace("node_outcome", { nodeId: "reply", attemptId: "reply#1" }, { outcome: "ok" });
  await flow.appendTrace("node_started", { nodeId: "reply", attemptId: "reply#2" });
  const evaluation = new AgentvRun(root, START, "evals/arithmetic.eval.yaml", TESTS.length);
  await evaluation.start();
  for (const [index, one] of TESTS.slice(0, 2).entries()) await evaluation.result(one, later(index + 1));
  const ids = ["run-a", evaluation.runId];
  const readSome = async (viewer: TestViewer, count: number) => {
    const all: string[] = [];
    for (const id of ids) {
      const reader = await EventReader.open(t, eventsOf(viewer, id));
      await reader.until(`${count} events of ${id}`, () => reader.frames.length >= count);
      all.push(...reader.frames.slice(0, count).map(({ data }) => data ?? ""));
      reader.close();
    }
    return all;
  };
  const first = await startViewer(t, [root]);
  const before = await readSome(first, 4);
  await first.close();
  const second = await startViewer(t, [root]);
  assert.deepEqual(await readSome(second, 4), before);
  // What this one has seen written and what the next one finds come to the same.
  const watching = await Promise.all(ids.map((id) => EventReader.open(t, eventsOf(second, id))));
  await Promise.all(watching.map((reader) => reader.until("the start", () => reader.frames.length >= 4)));
  for (const one of TESTS.slice(2)) await evaluation.result(one, later(3));
  // All rows are written anew, in another form and order.
  await evaluation.finish(later(4), ["divides", "subtracts", "adds"]);
  await flow.finish();
  await Promise.all(watching.map((reader) => reader.ended()));
  await second.close();
  const third = await startViewer(t, [root]);
  for (const [index, id] of ids.entries()) {
    assert.deepEqual((await EventReader.all(t, eventsOf(third, id))).runEvents, watching[index]?.runEvents);
  }
});

test("E10: a run that is written anew or goes ends its streams, and who comes back learns which", async (t) => {
  const root = await tempDir(t);
  const run = await new AcpxRun(root, "run-a").begin();
  const viewer = await startViewer(t, [root]);
  const reader = await EventReader.open(t, eventsOf(viewer, "run-a"));
  await reader.until("what there is", () => reader.frames.length === 2);
  await rm(run.path("trace.ndjson"));
  const again = await new AcpxRun(root, "run-a", "2026-01-02T05:00:00.000Z").begin();
  await reader.ended();
  assert.equal(reader.frames.length, 2);
  const next = await EventReader.open(t, `${eventsOf(viewer, "run-a")}?lastEventId=1`);
  await next.until("what follows number 1 now", () => next.frames.length === 1);
  assert.equal(next.runEvents[0]?.timestamp, "2026-01-02T05:00:00.020Z");
  await rm(again.dir, { recursive: true });
  await next.ended();
  assert.equal((await EventReader.all(t, eventsOf(viewer, "run-a"))).status, 404);
});

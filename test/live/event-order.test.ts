import assert from "node:assert/strict";
import { type TestContext, test } from "node:test";
import { AgentvRun, type AgentvTest } from "../../scripts/demo/agentv-run.ts";
import { WazaRun, type WazaTask } from "../../scripts/demo/waza-run.ts";
import type { RunEvent } from "../../src/protocol/event-messages.ts";
import { EventReader } from "../helpers/event-reader.ts";
import { tempDir } from "../helpers/temp-dir.ts";
import { startViewer, type TestViewer } from "../helpers/viewer.ts";

/** Events are the same for who watched a run and for who finds it over, whenever its files came. */

const START = Date.now();

function at(ms: number): Date {
  return new Date(START + ms);
}

function task(name: string, status: WazaTask["status"] = "passed"): WazaTask {
  const graders = [{ name: "sum", passed: status === "passed" }];
  return { name, status, prompt: "2 + 2?", answer: "4", durationMs: 500, tokens: [30, 4], graders };
}

async function streamOf(t: TestContext, viewer: TestViewer, runId: string): Promise<EventReader> {
  return EventReader.open(t, `${viewer.url}/api/v1/runs/${runId}/events`);
}

/** Who reads it all from its files alone, as after a restart. */
async function readAgain(t: TestContext, root: string, runId: string): Promise<readonly RunEvent[]> {
  const viewer = await startViewer(t, [root]);
  const reader = await streamOf(t, viewer, runId);
  await reader.ended();
  assert.deepEqual(viewer.errors, []);
  return reader.runEvents;
}

/** A run's log as it is written, with a look after each line; `listen` follows both streams from its start. */
async function watchedWaza(t: TestContext, taskCount: number) {
  const root = await tempDir(t);
  const viewer = await startViewer(t, [root]);
  const feed = await EventReader.open(t, `${viewer.url}/api/events`);
  await feed.until("a place to resume at", () => feed.lastId !== "");
  const run = new WazaRun(root, { startedAt: at(0), taskCount });
  await run.start();
  await feed.until("the start", () => feed.feedEvents.length > 0);
  const runId = feed.feedEvents[0]?.data.run_id ?? "";
  const one = await streamOf(t, viewer, runId);
  const seen = (count: number) => one.until(`${count} events`, () => one.runEvents.length >= count);
  // As a page that is open at the run: what is told late is told to it.
  const client = await viewer.connect();
  client.subscribeRun(runId);
  const traced = (what: string, count: number) => {
    const lines = () => JSON.stringify(client.run(runId)?.state.trace ?? []);
    return client.waitFor(() => lines().split(what).length > count, 10_000, `${count} of ${what}`);
  };
  return { root, feed, run, runId, one, seen, traced };
}

function tasksOf(events: readonly RunEvent[]) {
  return events.map(({ data, type }) => [type, data["taskName"] ?? null]);
}

test("E2: waza's transcripts and results change no number, whenever they come", async (t) => {
  const { feed, one, root, run, runId, seen, traced } = await watchedWaza(t, 3);
  const [first, second, third] = [task("one"), task("two", "failed"), task("three")];
  await run.begin("one", at(1_000));
  await run.begin("two", at(1_001));
  await run.begin("three", at(1_002));
  // Nobody can say whose it is, until the transcript does.
  await run.grade({ name: "sum", passed: true }, at(1_400));
  await run.end(first, at(1_500));
  await seen(6);
  // Its transcript comes after its end.
  await run.transcript(first, at(1_000));
  await traced('"type":"test_result"', 2);
  await run.transcript(second, at(1_001));
  await run.end(second, at(2_000));
  await seen(7);
  // The third one was in the cache, and its results come when the stream has ended.
  await run.finish([first, second, third], at(3_000));
  await one.ended();
  await feed.until("the end", () => feed.feedEvents.at(-1)?.event === "run_completed");
  await run.transcript(third, at(1_002));
  await run.writeResults("results.json", run.results([first, second, third], at(3_000)));
  await traced('"role":"results"', 3);
  assert.deepEqual(tasksOf(one.runEvents), [
    ["run_started", null],
    ["task_started", "one"],
    ["task_started", "two"],
    ["task_started", "three"],
    ["step_executed", null],
    ["task_completed", "one"],
    ["task_completed", "two"],
    ["task_completed", "three"],
    ["run_completed", null],
  ]);
  const told = (events: readonly RunEvent[]) => events.filter(({ type }) => type !== "run_completed");
  const again = await readAgain(t, root, runId);
  assert.deepEqual(told(again), told(one.runEvents));
  const end = again.at(-1);
  assert.ok(end?.type === "run_completed");
  assert.equal(end.sequence, one.runEvents.at(-1)?.sequence);
  assert.equal(end.data.tokens, 3 * 34, "the transcripts and the results tell the same once");
  assert.deepEqual(
    feed.feedEvents.flatMap(({ data, event }) => (event === "test_result" ? [data.test_id] : [event])),
    ["run_started", "one", "two", "three", "run_completed"],
    "what is only said more of a test is no news",
  );
});

test("E2: a test of waza's cache of which only files tell ends no stream late and has no event", async (t) => {
  const { one, root, run, runId, traced } = await watchedWaza(t, 2);
  const tasks = [task("one"), task("two", "failed")];
  await run.begin("one", at(1_000));
  await run.begin("two", at(1_001));
  // Both sums fit each of them.
  await run.finish(tasks, at(3_000));
  await one.ended();
  await run.transcript(task("two", "failed"), at(1_001));
  await traced('"type":"test_result"', 1);
  await run.writeResults("results.json", run.results(tasks, at(3_000)));
  await traced('"role":"results"', 2);
  const again = await readAgain(t, root, runId);
  assert.deepEqual(again.slice(0, -1), one.runEvents.slice(0, -1));
  assert.deepEqual(tasksOf(again), [
    ["run_started", null],
    ["task_started", "one"],
    ["task_started", "two"],
    ["run_completed", null],
  ]);
});

function adds(id: string, score: number): AgentvTest {
  return { id, question: "2 + 2?", answer: "4", score, durationMs: 500, tokens: [10, 5], costUsd: 0.25 };
}

test("E2: AgentV's numbers, scores and sums are the same while it runs, at its end and after a restart", async (t) => {
  const root = await tempDir(t);
  const viewer = await startViewer(t, [root]);
  const run = new AgentvRun(root, at(0), "evals/sums.eval.yaml", 3);
  await run.start();
  await run.result(adds("one", 1), at(1_000));
  const runId = run.runId;
  const list = await EventReader.open(t, `${viewer.url}/api/events`);
  await list.until("the run", () => list.feedEvents.some(({ data }) => data.run_id === runId));
  const watched = await streamOf(t, viewer, runId);
  await watched.until("a result", () => watched.runEvents.length === 4);
  await run.result(adds("two", 0.5), at(2_000));
  await watched.until("another", () => watched.runEvents.length === 7);
  // Its row is written after one of a later time.
  await run.result(adds("three", 0.75), at(1_999));
  await watched.until("the last", () => watched.runEvents.length === 10);
  const other = await startViewer(t, [root]);
  const running = await streamOf(t, other, runId);
  await running.until("all of it", () => running.runEvents.length === 10);
  assert.deepEqual(running.runEvents, watched.runEvents);
});

test("E2: AgentV's numbers, scores and sums come through the rewrite at the end", async (t) => {
  const root = await tempDir(t);
  const viewer = await startViewer(t, [root]);
  const run = new AgentvRun(root, at(0), "evals/sums.eval.yaml", 3);
  await run.start();
  const list = await EventReader.open(t, `${viewer.url}/api/events`);
  await list.until("the run", () => list.feedEvents.some(({ data }) => data.run_id === run.runId));
  const watched = await streamOf(t, viewer, run.runId);
  for (const [index, one] of [adds("one", 1), adds("two", 0.5), adds("three", 0.75)].entries()) {
    await run.result(one, at(1_000 * (index + 1)));
    await watched.until("a result", () => watched.runEvents.length === 4 + 3 * index);
  }
  await run.finish(at(4_000), ["three", "two", "one"]);
  await watched.ended();
  const end = watched.runEvents.at(-1);
  assert.ok(end?.type === "run_completed");
  assert.deepEqual([end.data.tokens, end.data.cost, end.data.passCount], [45, 0.75, 1]);
  assert.deepEqual(await readAgain(t, root, run.runId), watched.runEvents);
});

import assert from "node:assert/strict";
import { rename, rm } from "node:fs/promises";
import { join } from "node:path";
import { type TestContext, test } from "node:test";
import { AgentvRun, type AgentvTest } from "../../scripts/demo/agentv-run.ts";
import type { FeedEvent, RunEvent } from "../../src/protocol/event-messages.ts";
import { agentvProducer } from "../e2e/agentv-producers.ts";
import { AcpxRun } from "../helpers/acpx-run.ts";
import { EventReader } from "../helpers/event-reader.ts";
import { tempDir } from "../helpers/temp-dir.ts";
import { startViewer, type TestViewer } from "../helpers/viewer.ts";

/** A real evaluation takes some seconds, more on a busy machine. */
const PATIENCE_MS = 40_000;

/** Runs are told as new by their own clocks, which are this machine's. */
const START = new Date();

function later(seconds: number): Date {
  return new Date(START.getTime() + seconds * 1_000);
}

function adds(id: string, score: number, rest: Partial<AgentvTest> = {}): AgentvTest {
  return { id, question: "2 + 2?", answer: "4", score, durationMs: 500, ...rest };
}

const TESTS = [adds("one", 1), adds("two", 0.5), adds("three", 0, { error: "gone" }), adds("four", 1)];

function evaluationIn(root: string, startedAt = START): AgentvRun {
  return new AgentvRun(root, startedAt, "evals/sums.eval.yaml", TESTS.length);
}

function listen(t: TestContext, viewer: TestViewer, lastId?: string): Promise<EventReader> {
  const headers: Record<string, string> = lastId === undefined ? {} : { "last-event-id": lastId };
  return EventReader.open(t, `${viewer.url}/api/events`, { headers });
}

function told(reader: EventReader, run: AgentvRun | AcpxRun): FeedEvent[] {
  return reader.feedEvents.filter(({ data }) => data.run_id === run.runId);
}

function resultsOf(events: readonly FeedEvent[]) {
  return events.flatMap(({ data, event }) =>
    event === "test_result" ? [[data.test_id, data.status, data.score, data.passed, data.total]] : [],
  );
}

const RESULTS = [
  ["one", "passed", 1, 1, 4],
  ["two", "failed", 0.5, 1, 4],
  ["three", "error", 0, 1, 4],
  ["four", "passed", 1, 2, 4],
];

async function writeRest(run: AgentvRun, from: number): Promise<void> {
  for (const [index, one] of TESTS.entries()) if (index >= from) await run.result(one, later(index));
  await run.finish(later(9));
}

test("E13: an evaluation that begins is told of with its results, each once, and its end", async (t) => {
  const root = await tempDir(t);
  const viewer = await startViewer(t, [root]);
  const reader = await listen(t, viewer);
  await reader.until("a place to resume at", () => reader.lastId !== "");
  assert.deepEqual(reader.feedEvents, [], "nothing is going on");
  const run = evaluationIn(root);
  await run.start();
  await reader.until("the start", () => told(reader, run).length === 1);
  const data = { run_id: run.runId, eval_file: "sums.eval.yaml", target: null, total: 4 };
  assert.deepEqual(told(reader, run), [
    { event: "run_started", data: { ...data, done: 0, passed: 0, failed: 0, errors: 0 } },
  ]);
  for (const [index, one] of TESTS.entries()) {
    await run.result(one, later(index));
    await reader.until(one.id, () => resultsOf(told(reader, run)).length === index + 1);
  }
  await run.finish(later(9));
  await reader.until("the end", () => told(reader, run).at(-1)?.event === "run_completed");
  assert.deepEqual(resultsOf(told(reader, run)), RESULTS);
  assert.deepEqual(told(reader, run).at(-1), {
    event: "run_completed",
    data: {
      run_id: run.runId,
      passed: 2,
      failed: 1,
      pass_rate: 2 / 3,
      errors: 1,
      total: 4,
      status: "completed",
    },
  });
  assert.ok(reader.frames.every(({ event, id }) => id !== undefined || event !== undefined));
  assert.deepEqual(viewer.errors, []);
});

test("E14: who comes in the middle is told how far every run has come, and then the rest", async (t) => {
  const root = await tempDir(t);
  const flow = await new AcpxRun(root, "run-a", START.toISOString()).begin();
  const ended = await new AcpxRun(root, "run-b", START.toISOString()).begin();
  await ended.finish();
  const run = evaluationIn(root);
  await run.start();
  for (const [index, one] of TESTS.slice(0, 3).entries()) await run.result(one, later(index));
  const viewer = await startViewer(t, [root]);
  const first = await listen(t, viewer);
  const hasBoth = (reader: EventReader) => told(reader, run).length === 1 && told(reader, flow).length === 1;
  await first.until("how both stand", () => hasBoth(first));
  const second = await listen(t, viewer);
  await second.until("how both stand", () => hasBoth(second) && second.lastId !== "");
  await writeRest(run, 3);
  for (const reader of [first, second]) {
    await reader.until("the end", () => told(reader, run).at(-1)?.event === "run_completed");
    const [started, ...rest] = told(reader, run);
    assert.deepEqual(started, {
      event: "run_started",
      data: {
        run_id: run.runId,
        eval_file: "sums.eval.yaml",
        target: "mock",
        total: 4,
        done: 3,
        passed: 1,
        failed: 1,
        errors: 1,
      },
    });
    assert.deepEqual(resultsOf(rest), RESULTS.slice(3));
    assert.deepEqual(told(reader, flow), [
      {
        event: "run_updated",
        data: {
          run_id: "run-a",
          source: "acpx",
          flow: "small-talk",
          status: "running",
          current_step: "reply",
        },
      },
    ]);
    assert.deepEqual(told(reader, ended), [], "what has ended is no news");
  }
});

test("E15: whoever resumes gets what it missed, and at an unknown place the present state", async (t) => {
  const root = await tempDir(t);
  const run = evaluationIn(root);
  await run.start();
  const viewer = await startViewer(t, [root]);
  const steady = await listen(t, viewer);
  await steady.until("the start", () => told(steady, run).length === 1);
  const first = await listen(t, viewer);
  await first.until("the start", () => told(first, run).length === 1 && first.lastId !== "");
  first.close();
  for (const [index, one] of TESTS.slice(0, 3).entries()) await run.result(one, later(index));
  await steady.until("three results", () => resultsOf(told(steady, run)).length === 3);
  const second = await listen(t, viewer, first.lastId);
  await second.until("what it missed", () => told(second, run).length === 3);
  assert.deepEqual(resultsOf(told(second, run)), RESULTS.slice(0, 3));
  assert.deepEqual(second.frames.at(-1)?.id, steady.frames.at(-1)?.id, "one numbering for all");
  for (const id of ["1", "ffffffff.1", `${second.lastId}9`, "-1", "x".repeat(2_000)]) {
    const unknown = await listen(t, viewer, id);
    await unknown.until("the present state", () => unknown.lastId !== "");
    const [started, ...rest] = told(unknown, run);
    assert.deepEqual([started?.event, started?.data["done"], rest], ["run_started", 3, []], id);
    unknown.close();
  }
  await writeRest(run, 3);
  await second.until("the end", () => told(second, run).at(-1)?.event === "run_completed");
  assert.deepEqual(resultsOf(told(second, run)), RESULTS);
});

test("E16: other runs are told of as their status or step changes, and when they are taken away", async (t) => {
  const root = await tempDir(t);
  const viewer = await startViewer(t, [root]);
  const reader = await listen(t, viewer);
  await reader.until("a place to resume at", () => reader.lastId !== "");
  const run = await new AcpxRun(root, "run-a", START.toISOString()).begin();
  const words = () => told(reader, run).map(({ data }) => [data["status"], data["current_step"]]);
  await reader.until("the start", () => words().length > 0);
  await run.writeLive({ status: "waiting", currentNode: "ask" });
  await reader.until("that it waits", () => words().at(-1)?.[0] === "waiting");
  await run.finish();
  await reader.until("its end", () => words().at(-1)?.[0] === "completed");
  assert.deepEqual(
    words().filter(([status, step]) => status !== "completed" && step !== undefined),
    [
      ["running", "reply"],
      ["waiting", "ask"],
    ],
  );
  const other = await new AcpxRun(root, "run-b", START.toISOString()).begin();
  await reader.until("another", () => told(reader, other).length > 0);
  await rm(other.dir, { recursive: true });
  await reader.until("that it is gone", () => told(reader, other).at(-1)?.data["status"] === "gone");
});

test("E13: an evaluation that goes on after its end tells its further results only", async (t) => {
  const root = await tempDir(t);
  const viewer = await startViewer(t, [root]);
  const reader = await listen(t, viewer);
  const run = evaluationIn(root);
  await run.start();
  await reader.until("the start", () => told(reader, run).length === 1);
  await run.result(adds("one", 1), later(0));
  await run.result(adds("two", 0.5), later(1));
  await run.finish(later(2));
  const ends = () => told(reader, run).filter(({ event }) => event === "run_completed").length;
  await reader.until("the end", () => ends() === 1);
  // Two tests were never run: the stub is there again, and a row more.
  const again = evaluationIn(root);
  await again.start();
  for (const [index, one] of TESTS.entries()) await again.result(one, later(index));
  // Over again before anybody has looked, it would be a run that ended once.
  await reader.until("its further results", () => resultsOf(told(reader, run)).length === 4);
  await again.finish(later(9));
  await reader.until("the end again", () => ends() === 2);
  assert.deepEqual(
    resultsOf(told(reader, run)).map(([id]) => id),
    ["one", "two", "three", "four"],
  );
});

test("E13: an evaluation that is over before it is found is told of whole; an old one is no news", async (t) => {
  const [root, elsewhere] = [await tempDir(t), await tempDir(t)];
  const viewer = await startViewer(t, [root]);
  const reader = await listen(t, viewer);
  await reader.until("a place to resume at", () => reader.lastId !== "");
  const write = async (startedAt: Date) => {
    const run = evaluationIn(elsewhere, startedAt);
    await run.start();
    for (const [index, one] of TESTS.entries())
      await run.result(one, new Date(startedAt.getTime() + 10 * (index + 1)));
    await run.finish(startedAt);
    await rename(run.dir, join(root, run.runId));
    return run;
  };
  const old = await write(new Date("2026-01-02T03:04:05.000Z"));
  const quick = await write(new Date());
  await reader.until("its end", () => told(reader, quick).at(-1)?.event === "run_completed");
  assert.deepEqual(resultsOf(told(reader, quick)), RESULTS);
  assert.deepEqual([told(reader, quick)[0]?.event, told(reader, quick)[0]?.data["done"]], ["run_started", 0]);
  assert.deepEqual(told(reader, old), []);
});

test("E13: AgentV's own runs are told of as they are written, and their sums are the files'", async (t) => {
  const project = await tempDir(t);
  const producer = agentvProducer(t);
  t.diagnostic(producer.name);
  const viewer = await startViewer(t, [project]);
  const feed = await listen(t, viewer);
  const started = () => feed.feedEvents.find(isStart);
  const evaluation = await producer.launch(project);
  await feed.until("the start", () => started() !== undefined, PATIENCE_MS);
  const runId = started()?.data.run_id ?? "";
  const one = await EventReader.open(t, `${viewer.url}/api/v1/runs/${runId}/events`);
  await feed.until("the end", () => feed.feedEvents.at(-1)?.event === "run_completed", PATIENCE_MS);
  await evaluation.ended;
  assert.deepEqual([started()?.data["total"], started()?.data["done"]], [10, 0]);
  const results = feed.feedEvents.filter(({ event }) => event === "test_result");
  assert.equal(new Set(results.map(({ data }) => data["test_id"])).size, 10);
  assert.equal(results.length, 10, "each once, through the rewrite at the end, too");
  const passed = results.map(({ data }) => Number(data["passed"]));
  assert.deepEqual(
    passed,
    passed.toSorted((left, right) => left - right),
  );
  const end = feed.feedEvents.at(-1);
  assert.ok(end?.event === "run_completed");
  assert.deepEqual([end.data.passed, end.data.failed, end.data.errors, end.data.total], [8, 1, 1, 10]);
  assert.equal(end.data.pass_rate?.toFixed(3), "0.889");
  await one.ended();
  const last = one.runEvents.at(-1);
  assert.ok(last?.type === "run_completed");
  assert.deepEqual([last.data.passCount, last.data.failCount, last.data.outcome], [8, 2, "failed"]);
  // Whoever reads it from its files alone gets the same numbers for the same events.
  const again = await startViewer(t, [project]);
  const { runEvents } = await EventReader.all(t, `${again.url}/api/v1/runs/${runId}/events`);
  const told = (events: readonly RunEvent[]) =>
    events.map(({ data, sequence, type }) => [sequence, type, data["taskName"], data["outcome"]]);
  assert.deepEqual(told(runEvents), told(one.runEvents));
  assert.deepEqual([viewer.errors, again.errors], [[], []]);
});

test("E13: another run with the same --output is told of whole, as the first one was", async (t) => {
  const root = await tempDir(t);
  const viewer = await startViewer(t, [root]);
  const reader = await listen(t, viewer);
  const options = { name: "out" };
  for (const [round, score] of [1, 0].entries()) {
    const moment = (seconds: number) => later(20 * round + seconds);
    const run = new AgentvRun(root, moment(0), "evals/sums.eval.yaml", 2, options);
    const from = told(reader, run).length;
    const news = () => told(reader, run).slice(from);
    await run.start();
    await reader.until("the start", () => news().length > 0);
    await run.result(adds("one", score), moment(1));
    await run.result(adds("two", score), moment(2));
    await run.finish(moment(3));
    await reader.until("the end", () => news().at(-1)?.event === "run_completed");
    // Who looks while the folder is emptied may take it for the first run, which goes on.
    const begun = news().findLastIndex(isStart);
    assert.deepEqual(
      news()
        .slice(begun)
        .map(({ data, event }) => [event, data["test_id"] ?? data["done"], data["passed"]]),
      [
        ["run_started", 0, 0],
        ["test_result", "one", score],
        ["test_result", "two", 2 * score],
        ["run_completed", undefined, 2 * score],
      ],
      `run ${round + 1}`,
    );
  }
});

test("E15: who lost its place is told of what ended in the meantime, and who never had one is not", async (t) => {
  const root = await tempDir(t);
  const first = await startViewer(t, [root]);
  const run = evaluationIn(root);
  await run.start();
  const flow = await new AcpxRun(root, "run-a", START.toISOString()).begin();
  const reader = await listen(t, first);
  await reader.until(
    "how both stand",
    () => told(reader, run).length === 1 && told(reader, flow).length === 1,
  );
  await first.close();
  await writeRest(run, 0);
  await flow.writeLive({ status: "completed", finishedAt: later(5).toISOString() });
  await flow.writeManifest({ status: "completed", finishedAt: later(5).toISOString() });
  const old = evaluationIn(root, new Date(START.getTime() - 7_200_000));
  await old.start();
  await old.result(adds("one", 1), new Date(START.getTime() - 7_199_000));
  await old.finish(START);
  const second = await startViewer(t, [root]);
  const back = await listen(t, second, reader.lastId);
  await back.until("the present state", () => back.lastId !== "");
  assert.deepEqual(
    back.feedEvents.map(({ data, event }) => [
      event,
      data.run_id,
      data["status"],
      data["passed"],
      data["errors"],
    ]),
    [
      ["run_completed", run.runId, "completed", 2, 1],
      ["run_updated", flow.runId, "completed", undefined, undefined],
    ],
  );
  const fresh = await listen(t, second);
  await fresh.until("the present state", () => fresh.lastId !== "");
  assert.deepEqual(fresh.feedEvents, []);
});

function isStart({ event }: FeedEvent): boolean {
  return event === "run_started";
}

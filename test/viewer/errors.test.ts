import assert from "node:assert/strict";
import { test } from "node:test";
import { Log } from "../../src/protocol/log.ts";
import { errorTimes, nextError, previousError } from "../../viewer/playback/errors.ts";
import { RunIndex } from "../../viewer/playback/run-index.ts";
import { madeRun, said, session, stamp, T0, traced, update } from "./made-run.ts";

const call = (id: string, status: string) =>
  update({ sessionUpdate: status === "pending" ? "tool_call" : "tool_call_update", toolCallId: id, status });

function errorsOf(run: Parameters<typeof errorTimes>[0]): number[] {
  const index = new RunIndex();
  index.extend(run);
  return [...errorTimes(run, index)].map((time) => time - T0);
}

const trace = Log.from([
  traced(1, 0, "node_started", "a#1"),
  traced(2, 100, "node_outcome", "a#1", { outcome: "failed" }),
  traced(3, 100, "node_started", "a#2"),
  traced(4, 900, "node_outcome", "a#2", { outcome: "ok" }),
]);
const sessions = session("main", [
  said(1, 200, call("one", "pending")),
  said(2, 300, call("two", "pending")),
  said(3, 400, call("two", "failed")),
  said(4, 500, call("one", "completed")),
]);

test("an error is known when an attempt, a tool call or the run has failed", () => {
  assert.deepEqual(errorsOf(madeRun({ trace, sessions })), [100, 400]);
  const run = { startedAt: stamp(0), finishedAt: stamp(1000) };
  assert.deepEqual(errorsOf(madeRun({ trace, sessions, run, status: "failed" })), [100, 400, 1000]);
  assert.deepEqual(errorsOf(madeRun({ trace, sessions, run, status: "cancelled" })), [100, 400]);
});

test("what became known at the same moment is one error to step to", () => {
  const run = { startedAt: stamp(0), finishedAt: stamp(100) };
  assert.deepEqual(errorsOf(madeRun({ trace, run, status: "timed_out" })), [100]);
});

test("the next and the previous error are never the one where one is", () => {
  const errors = Float64Array.from([10, 20, 30]);
  assert.deepEqual(
    [0, 10, 15, 29, 30].map((at) => nextError(errors, at)),
    [10, 20, 20, 30, null],
  );
  assert.deepEqual(
    [10, 11, 20, 35].map((at) => previousError(errors, at)),
    [null, 10, 10, 30],
  );
});

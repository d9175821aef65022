import assert from "node:assert/strict";
import { test } from "node:test";
import type { TraceEvent } from "../../src/protocol/bundle.ts";
import {
  attemptOfTurn,
  attemptsStep,
  closeOpen,
  NO_ATTEMPTS,
  runningAttempt,
  startedBy,
} from "../../viewer/timeline/attempts.ts";
import { T0, traced } from "./made-run.ts";

const fold = (events: readonly TraceEvent[]) => events.reduce(attemptsStep, NO_ATTEMPTS);

const two = [
  traced(1, 0, "run_started"),
  traced(2, 10, "node_started", "draft#1", { nodeType: "acp", statusDetail: "starting" }),
  traced(3, 20, "node_heartbeat", "draft#1", { statusDetail: "at work" }),
  { ...traced(4, 30, "acp_prompt_prepared", "draft#1"), sessionId: "main" },
  traced(5, 900, "node_outcome", "draft#1", { outcome: "failed", error: "no answer" }),
  traced(6, 910, "node_started", "draft#2", { nodeType: "acp" }),
  { ...traced(7, 920, "acp_prompt_prepared", "draft#2"), sessionId: "main" },
];

test("an attempt runs from its start to its outcome", () => {
  const state = fold(two);
  assert.deepEqual(state.list.at(0), {
    attemptId: "draft#1",
    nodeId: "draft",
    nodeType: "acp",
    number: 1,
    startedAt: T0 + 10,
    finishedAt: T0 + 900,
    outcome: "failed",
    error: "no answer",
    sessionId: "main",
    statusDetail: null,
  });
  assert.equal(state.list.at(1)?.number, 2);
  assert.equal(runningAttempt(state)?.attemptId, "draft#2");
});

test("a heartbeat says what an attempt is at, until its outcome", () => {
  assert.equal(fold(two.slice(0, 3)).list.at(0)?.statusDetail, "at work");
});

test("a run's end ends what still ran, and says that nobody wrote how", () => {
  const state = fold([...two, traced(8, 2000, "run_failed", undefined, { error: "Interrupted" })]);
  assert.equal(state.list.at(1)?.finishedAt, T0 + 2000);
  assert.equal(state.list.at(1)?.outcome, "interrupted");
  assert.equal(runningAttempt(state), null);
  assert.equal(closeOpen(fold(two), T0 + 1500).list.at(1)?.finishedAt, T0 + 1500);
});

test("a turn belongs to the attempt that prompted the session last before it", () => {
  const state = fold(two);
  assert.equal(attemptOfTurn(state, "main", T0 + 60)?.attemptId, "draft#1");
  assert.equal(attemptOfTurn(state, "main", T0 + 5000)?.attemptId, "draft#2");
  assert.equal(attemptOfTurn(state, "other", T0 + 5000), null);
});

test("how many had started by a moment", () => {
  const { list } = fold(two);
  assert.deepEqual(
    [0, 9, 10, 909, 910, 9999].map((ms) => startedBy(list, T0 + ms)),
    [0, 0, 1, 1, 2, 2],
  );
});

test("events that name no known attempt, or nothing at all, change nothing", () => {
  const state = fold([
    traced(1, 0, "node_outcome", "ghost#1", { outcome: "ok" }),
    traced(2, 1, "node_started"),
    { seq: 3, at: "never", type: "something_new", payload: null },
  ]);
  assert.equal(state.list.length, 0);
});

import assert from "node:assert/strict";
import { test } from "node:test";
import { Log } from "../../src/protocol/log.ts";
import { searchWords } from "../../src/protocol/run-words.ts";
import { failedSteps, findSteps, type FoundStep } from "../../viewer/find/find-steps.ts";
import { laterWords } from "../../viewer/find/later.ts";
import { RunIndex } from "../../viewer/playback/run-index.ts";
import { sessionLog } from "../../src/protocol/log-ranges.ts";
import { TESTS_SESSION } from "../../src/protocol/test-lines.ts";
import { hitTest } from "../../viewer/find/hit-test.ts";
import { MadeEvaluation } from "./told-evaluation.ts";
import { madeRun, said, session, T0, traced, update } from "./made-run.ts";
import { ServedRun } from "./served-run.ts";

const acp = { nodeType: "acp" };
const tool = (toolCallId: string, more: Record<string, unknown>) =>
  update({ sessionUpdate: "tool_call", toolCallId, ...more });

const run = madeRun({
  trace: Log.from([
    traced(1, 0, "node_started", "load_change#1", { nodeType: "action" }),
    traced(2, 10, "node_outcome", "load_change#1", { outcome: "ok" }),
    traced(3, 20, "node_started", "draft_review#1", acp),
    traced(4, 40, "node_outcome", "draft_review#1", { outcome: "timed_out", error: "No answer" }),
    traced(5, 50, "node_started", "draft_review#2", acp),
  ]),
  sessions: {
    ...session("a", [
      said(1, 25, tool("1", { title: "Read review.md", kind: "read", status: "completed" })),
      said(2, 55, tool("2", { title: "Run tests", kind: "execute", status: "failed" })),
    ]),
    ...session("b", [said(1, 30, tool("1", { title: "Read review.md", kind: "read", status: "pending" }))]),
  },
});

function find(typed: string, most = 20) {
  const index = new RunIndex();
  index.extend(run);
  const found = findSteps(index, { words: searchWords(typed), sessionIds: ["a", "b"], most, endedAt: null });
  return { names: found.steps.map(nameOf), count: found.count, isWhole: found.isWhole };
}

function nameOf(step: FoundStep): string {
  if (step.is === "attempt") return `${step.attempt.nodeId}#${step.attempt.number}`;
  return `${step.sessionId}/${step.place}`;
}

test("steps and tool calls are found by name, kind, outcome and number, the newest first", () => {
  assert.deepEqual(find("review").names, ["draft_review#2", "b/0", "a/0", "draft_review#1"]);
  assert.deepEqual(find("draft REVIEW").names, ["draft_review#2", "draft_review#1"]);
  assert.deepEqual(find("draft_review").names, ["draft_review#2", "draft_review#1"]);
  assert.deepEqual(find("agent running").names, ["draft_review#2"]);
  assert.deepEqual(find("timed out").names, ["draft_review#1"]);
  assert.deepEqual(find("failed").names, ["a/1"]);
  assert.deepEqual(find("draft attempt 2").names, ["draft_review#2"]);
  assert.deepEqual(find("draft #2").names, ["draft_review#2"]);
  assert.deepEqual(find("done").names, ["load_change#1"]);
  assert.deepEqual(find("tool read").names, ["b/0", "a/0"]);
  assert.deepEqual(find("running tool").names, ["b/0"]);
  assert.deepEqual(find("nothing").names, []);
  assert.deepEqual(find("(.*").names, []);
});

test("what is called as was typed comes first, then what begins so, then what has such words", () => {
  const names = ["step_2", "substep_2", "a_step_2b", "step_21", "step_32", "step_2"];
  const events = names.map((name, seq) => traced(seq, seq, "node_started", `${name}#${seq}`, acp));
  const calls = [
    said(1, 50, tool("1", { title: "Step 2 again" })),
    said(2, 51, tool("2", { title: "32 steps" })),
  ];
  const index = new RunIndex();
  index.extend(madeRun({ trace: Log.from(events), sessions: session("a", calls) }));
  const ask = { words: searchWords("Step 2"), sessionIds: ["a"], endedAt: null };
  const found = findSteps(index, { ...ask, most: 20 });
  const named = found.steps.map((step) => (step.is === "attempt" ? step.attempt.nodeId : step.label));
  assert.deepEqual(named, [
    "step_2",
    "step_2",
    "Step 2 again",
    "step_21",
    "a_step_2b",
    "32 steps",
    "step_32",
    "substep_2",
  ]);
  assert.equal(found.count, 8);
  assert.deepEqual(findSteps(index, { ...ask, most: 3 }).steps, found.steps.slice(0, 3));
});

test("of many, the newest are given, and how many there are", () => {
  assert.deepEqual(find("review", 2), { names: ["draft_review#2", "b/0"], count: 4, isWhole: true });
  assert.equal(find(Array.from({ length: 60 }, () => "review").join(" ")).count, 4);
});

test("the newest failed steps are at hand", () => {
  const index = new RunIndex();
  index.extend(run);
  assert.deepEqual(failedSteps(index, 5, null).map(nameOf), ["draft_review#1"]);
});

test("what lies after the playhead is told as such: all of a step, or how it ended", () => {
  assert.equal(laterWords(10, 20, 9), "later");
  assert.equal(laterWords(10, 20, 10), "ended later");
  assert.equal(laterWords(10, 20, 19), "ended later");
  assert.equal(laterWords(10, 20, 20), "");
  assert.equal(laterWords(10, null, 15), "");
});

test("while the older part of a run is unknown, that is said", async () => {
  const events = Array.from({ length: 600 }, (_, seq) =>
    traced(seq, seq, "node_started", `work#${seq + 1}`, acp),
  );
  const served = new ServedRun(madeRun({ trace: Log.from(events) }), () => 100);
  const ask = { words: ["work"], sessionIds: [], most: 3, endedAt: null };
  const before = findSteps(served.index, ask);
  assert.ok(!before.isWhole && before.count < 600);
  await served.learn();
  const after = findSteps(served.index, ask);
  assert.ok(after.isWhole && after.count === 600);
  assert.deepEqual(after.steps, before.steps);
});

test("a hundred thousand steps are looked through between two keys", (t) => {
  const index = new RunIndex();
  const names = ["survey", "work_on_it", "check"];
  let trace = Log.empty<ReturnType<typeof traced>>();
  for (let step = 0; step < 100_000; step += 1) {
    trace = trace.append(traced(step, step, "node_started", `${names[step % 3]}#${step + 1}`, acp));
    trace = trace.append(
      traced(step, step, "node_outcome", `${names[step % 3]}#${step + 1}`, { outcome: "ok" }),
    );
  }
  index.extend(madeRun({ trace }));
  for (const typed of ["work done", "nowhere", "9999"]) {
    const begun = performance.now();
    findSteps(index, { words: searchWords(typed), sessionIds: [], most: 20, endedAt: null });
    t.diagnostic(`"${typed}": ${(performance.now() - begun).toFixed(1)} ms`);
  }
});

test("of an evaluation, tests are found by their names, and what was found says of which test it is", () => {
  const made = new MadeEvaluation();
  made.started(0, "sums/adds/mock#1", { test: "Adds two" });
  made.started(1, "sums/divides/mock#1", { test: "Divides" });
  made.graded(2, "sums/adds/mock#1");
  made.graded(3, null);
  made.ended(4, "sums/adds/mock#1", {}, ["What is 1 + 1?", "2"]);
  const index = new RunIndex();
  index.extend(made.run());
  const found = findSteps(index, { words: ["adds", "two"], sessionIds: [], most: 5, endedAt: null });
  assert.deepEqual(
    found.steps.map((step) => [step.test?.name, step.test?.target]),
    [["Adds two", "mock"]],
  );
  const at = (line: number, attempt?: string) => hitTest(index, { log: "trace", line, attempt });
  // Many run beside each other: a line is of the attempt that it names, not of the newest.
  assert.equal(at(2, "sums/adds/mock#1")?.test.name, "Adds two");
  assert.equal(at(3), null);
  assert.deepEqual(hitTest(index, { log: sessionLog(TESTS_SESSION), line: 1 })?.at, T0 + 4);
});

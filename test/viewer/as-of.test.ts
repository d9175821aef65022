import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import type { RunState } from "../../src/protocol/bundle.ts";
import { Log } from "../../src/protocol/log.ts";
import { ConversationPictures } from "../../viewer/conversation/picture.ts";
import { asOf, attemptAt } from "../../viewer/playback/as-of.ts";
import { SILENT_MS } from "../../viewer/playback/run-clock.ts";
import { RunIndex } from "../../viewer/playback/run-index.ts";
import { answer, chunk, madeRun, prompt, said, session, stamp, T0, traced } from "./made-run.ts";

const trace = [
  traced(1, 0, "run_started"),
  traced(2, 100, "node_started", "draft#1", { nodeType: "acp", statusDetail: "drafting" }),
  { ...traced(3, 150, "acp_prompt_prepared", "draft#1"), sessionId: "main" },
  traced(4, 1000, "node_outcome", "draft#1", { outcome: "failed", error: "no JSON" }),
  traced(5, 1100, "node_started", "draft#2", { nodeType: "acp" }),
  traced(6, 2000, "node_outcome", "draft#2", { outcome: "ok" }),
  traced(7, 2010, "run_completed"),
];
const events = [
  said(1, 160, prompt(1, "Draft")),
  ...Array.from({ length: 40 }, (_, index) =>
    said(index + 2, 200 + index * 10, chunk("agent_message", `w${index} `)),
  ),
  said(42, 700, answer(1)),
  said(43, 1200, prompt(2, "Again")),
  said(44, 1300, chunk("agent_message", "done")),
  said(45, 1900, answer(2)),
];
const ended: RunState = madeRun({
  status: "completed",
  run: { startedAt: stamp(0), finishedAt: stamp(2010), status: "completed" },
  trace: Log.from(trace),
  sessions: session("main", events),
});

/** What a view shows, as plain values. */
function shown(run: RunState, at: number, index = new RunIndex()) {
  const view = asOf(run, index, at, null);
  const talk = new ConversationPictures().at({ run, index, at, portions: 1, hold: null });
  assert.ok(talk.isReady);
  return {
    status: view.status,
    error: view.error,
    currentNode: view.currentNode,
    attempts: Array.from({ length: view.steps.count }, (_, step) => attemptAt(view.steps, step)),
    turns: talk.value?.turns ?? [],
  };
}

test("what is shown at T is what a reader of the files cut at T would see", () => {
  const index = new RunIndex();
  fc.assert(
    fc.property(fc.integer({ min: 0, max: 2009 }), (ms) => {
      const at = T0 + ms;
      const cut = madeRun({
        trace: Log.from(trace.filter((event) => Date.parse(event.at) <= at)),
        sessions: session(
          "main",
          events.filter((event) => Date.parse(event.at) <= at),
        ),
      });
      assert.deepEqual(shown(ended, at, index), shown(cut, Number.POSITIVE_INFINITY));
    }),
  );
});

test("in the middle of a streamed answer, half of it stands there", () => {
  const { turns } = shown(ended, T0 + 255);
  const last = turns[0]?.entries.at(-1);
  assert.ok(last?.kind === "agent");
  assert.equal(last.text, "w0 w1 w2 w3 w4 w5 ");
});

test("an end, an outcome and an error show from their own moment on", () => {
  assert.equal(shown(ended, T0 + 2009).status, "running");
  assert.equal(shown(ended, T0 + 2010).status, "completed");
  const before = shown(ended, T0 + 999).attempts[0];
  assert.equal(before?.outcome, null);
  assert.equal(before?.finishedAt, null);
  assert.equal(before?.error, null);
  assert.equal(shown(ended, T0 + 1000).attempts[0]?.error, "no JSON");
});

test("a run killed in the middle of a step ends that step with itself", () => {
  const killed = madeRun({
    status: "failed",
    run: { startedAt: stamp(0), finishedAt: stamp(600), error: "Interrupted", currentNode: "draft" },
    trace: Log.from(trace.slice(0, 3)),
  });
  const view = shown(killed, Number.POSITIVE_INFINITY);
  assert.equal(view.error, "Interrupted");
  assert.equal(view.currentNode, null);
  assert.equal(view.attempts[0]?.finishedAt, T0 + 600);
  assert.equal(shown(killed, T0 + 599).error, null);
  assert.equal(shown(killed, T0 + 599).currentNode, "draft");
});

test("a run that waits does so from the moment on at which that was written, and not before", () => {
  const waits = madeRun({
    status: "waiting",
    run: { startedAt: stamp(0), updatedAt: stamp(400), waitingOn: "ask", statusDetail: "needs an answer" },
    trace: Log.from(trace.slice(0, 3)),
  });
  for (const at of [T0 + 400, T0 + 401, Number.POSITIVE_INFINITY]) {
    const view = asOf(waits, new RunIndex(), at, null);
    assert.equal(view.status, "waiting");
    assert.equal(view.statusDetail, "needs an answer");
  }
  assert.equal(asOf(waits, new RunIndex(), T0 + 399, null).status, "running");
});

test("a silent run is stalled once it has been silent for long enough", () => {
  const quiet = madeRun({ status: "stalled", trace: Log.from(trace.slice(0, 3)), stalledSince: stamp(150) });
  assert.equal(shown(quiet, Number.POSITIVE_INFINITY).status, "stalled");
  assert.equal(shown(quiet, T0 + 150 + SILENT_MS).status, "stalled");
  assert.equal(shown(quiet, T0 + 149 + SILENT_MS).status, "running");
});

test("new data leaves a rewound view the very same object", () => {
  const index = new RunIndex();
  const first = asOf(
    madeRun({ trace: Log.from(trace.slice(0, 5)), sessions: session("main", events.slice(0, 43)) }),
    index,
    T0 + 500,
    null,
  );
  let log = Log.from(trace.slice(0, 5));
  let said43 = Log.from(events.slice(0, 43));
  const second = asOf(
    madeRun({ trace: log, sessions: { main: { id: "main", binding: null, record: null, events: said43 } } }),
    index,
    T0 + 500,
    first,
  );
  for (const event of trace.slice(5)) log = log.append(event);
  for (const event of events.slice(43)) said43 = said43.append(event);
  const third = asOf(
    madeRun({ trace: log, sessions: { main: { id: "main", binding: null, record: null, events: said43 } } }),
    index,
    T0 + 500,
    second,
  );
  assert.equal(third, second);
});

test("an error that a run tells of while it goes on is known at its edge", () => {
  const going = madeRun({
    status: "running",
    run: { error: "No model" },
    trace: Log.from(trace.slice(0, 3)),
  });
  assert.equal(asOf(going, new RunIndex(), Number.POSITIVE_INFINITY, null).error, "No model");
  assert.equal(asOf(going, new RunIndex(), T0 + 100, null).error, null);
  const silent = madeRun({ ...going, status: "stalled", stalledSince: stamp(150) });
  assert.equal(asOf(silent, new RunIndex(), T0 + 150 + SILENT_MS, null).error, "No model");
});

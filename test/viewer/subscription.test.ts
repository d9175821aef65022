import assert from "node:assert/strict";
import { test } from "node:test";
import type { RunsState, RunState } from "../../src/protocol/bundle.ts";
import type { ClientMessage, ServerMessage } from "../../src/protocol/messages.ts";
import { readMessage } from "../../viewer/live/connection.ts";
import { type Failure, type OpenRun, Subscription } from "../../viewer/live/subscription.ts";
import { madeRun, traced } from "./made-run.ts";

function page() {
  const sent: ClientMessage[] = [];
  const seen: { runs: RunsState | null; run: OpenRun; resyncs: number } = {
    runs: null,
    run: { kind: "none" },
    resyncs: 0,
  };
  /** What waits, the newest last. */
  const timers: { ms: number; task: () => void }[] = [];
  const subscription = new Subscription({
    send: (message) => sent.push(message),
    runs: (runs) => (seen.runs = runs),
    run: (run) => (seen.run = run),
    resynced: () => (seen.resyncs += 1),
    after: (ms, task) => {
      const timer = { ms, task };
      timers.push(timer);
      return () => timers.splice(0, timers.length, ...timers.filter((other) => other !== timer));
    },
  });
  return { sent, seen, subscription, timers };
}

const TOPIC = 7;

/** As it comes off the wire: plain JSON, no logs. */
function snapshot(runId: string, version: number, epoch = "e1", topic = TOPIC): ServerMessage {
  const state = madeRun({ manifest: { runId } });
  const message = readMessage(JSON.stringify({ type: "run_snapshot", runId, topic, epoch, version, state }));
  assert.ok(message !== null);
  return message;
}
function patch(
  from: number,
  seq: number,
  { epoch = "e1", to = from + 1, topic = TOPIC } = {},
): ServerMessage {
  const entries = Array.from({ length: to - from }, (_, more) =>
    traced(seq + more, seq + more, "node_heartbeat"),
  );
  const ops = [["/trace", ...entries]];
  const message = readMessage(JSON.stringify({ type: "patch", topic, epoch, from, to, ops }));
  assert.ok(message !== null);
  return message;
}
function opened(run: OpenRun): RunState {
  assert.ok(run.kind === "open");
  return run.state;
}
function failureOf(run: OpenRun): Failure | null {
  assert.ok(run.kind === "open");
  return run.failure;
}
const list = (...ids: string[]): ServerMessage => ({
  type: "runs_snapshot",
  epoch: "e1",
  version: 1,
  state: {
    schema: "acpx.viewer-runs.v2",
    order: ids,
    runsById: Object.fromEntries(
      ids.map((runId) => [
        runId,
        { runId, source: "acpx", flowName: "f", status: "running", startedAt: "", updatedAt: "", path: "" },
      ]),
    ),
    total: ids.length,
    trouble: [],
  },
});

test("patches that follow the snapshot move the run", () => {
  const { seen, sent, subscription } = page();
  subscription.opened();
  subscription.want("a");
  assert.deepEqual(sent, [
    { type: "hello", protocol: "runreel.live.v1" },
    { type: "subscribe_runs" },
    { type: "subscribe_run", runId: "a" },
  ]);
  assert.deepEqual(seen.run, { kind: "loading", runId: "a" });
  subscription.receive(snapshot("a", 3));
  subscription.receive(patch(3, 1));
  subscription.receive(patch(4, 2));
  assert.equal(opened(seen.run).trace.length, 2);
  assert.equal(opened(seen.run).trace.last()?.seq, 2);
});

test("a gap asks for one snapshot, keeps what is shown, and goes on from there", () => {
  const { seen, sent, subscription } = page();
  subscription.want("a");
  subscription.receive(snapshot("a", 1));
  subscription.receive(patch(1, 1));
  sent.length = 0;
  subscription.receive(patch(5, 9));
  subscription.receive(patch(6, 10));
  assert.deepEqual(sent, [{ type: "resync_run", runId: "a" }]);
  assert.equal(seen.resyncs, 1);
  assert.equal(opened(seen.run).trace.length, 1);
  subscription.receive(snapshot("a", 7));
  subscription.receive(patch(7, 11));
  assert.equal(opened(seen.run).trace.last()?.seq, 11);
});

test("another epoch, or an op that fails, is a gap too; a patch already known is none", () => {
  const { seen, sent, subscription } = page();
  subscription.want("a");
  subscription.receive(snapshot("a", 5));
  sent.length = 0;
  subscription.receive(patch(3, 1));
  assert.deepEqual(sent, []);
  subscription.receive(patch(5, 1, { epoch: "e2" }));
  assert.deepEqual(sent, [{ type: "resync_run", runId: "a" }]);
  subscription.receive(snapshot("a", 1, "e2"));
  const bad: ServerMessage = {
    type: "patch",
    topic: TOPIC,
    epoch: "e2",
    from: 1,
    to: 2,
    ops: [{ op: "append", path: "/nowhere", value: 1 }],
  };
  subscription.receive(bad);
  assert.equal(sent.length, 2);
  assert.equal(seen.resyncs, 2);
});

test("a slow load never takes the place of a newer choice", () => {
  const { seen, subscription } = page();
  subscription.want("slow");
  subscription.want("quick");
  subscription.receive(snapshot("quick", 1));
  subscription.receive(snapshot("slow", 1, "e1", 8));
  subscription.receive(patch(1, 1, { topic: 8 }));
  assert.ok(seen.run.kind === "open" && seen.run.runId === "quick");
  assert.equal(seen.run.state.trace.length, 0);
});

test("a catch-up of several versions is one patch", () => {
  const { seen, sent, subscription } = page();
  subscription.want("a");
  subscription.receive(snapshot("a", 3));
  sent.length = 0;
  subscription.receive(patch(3, 1, { to: 9 }));
  subscription.receive(patch(9, 7));
  assert.equal(opened(seen.run).trace.length, 7);
  assert.deepEqual(sent, []);
});

test("a new connection asks to go on from the place held, and nothing is drawn again when it may", () => {
  const { seen, sent, subscription } = page();
  subscription.want("a");
  subscription.receive(snapshot("a", 1));
  subscription.receive(patch(1, 1));
  const before = seen.run;
  sent.length = 0;
  subscription.opened();
  assert.deepEqual(sent, [
    { type: "hello", protocol: "runreel.live.v1" },
    { type: "subscribe_runs" },
    { type: "subscribe_run", runId: "a", epoch: "e1", version: 2 },
  ]);
  // What comes before the answer is of the old connection's order, and in the answer.
  subscription.receive(patch(9, 2));
  assert.equal(seen.run, before);
  subscription.receive({ type: "run_resumed", runId: "a", topic: 12, epoch: "e1", version: 2 });
  assert.equal(seen.run, before);
  subscription.receive(patch(2, 2, { to: 4, topic: 12 }));
  assert.equal(opened(seen.run).trace.length, 3);
  assert.equal(seen.resyncs, 0);
});

test("where the place is over the old state is shown until the snapshot, which begins another life", () => {
  const { seen, subscription } = page();
  subscription.want("a");
  subscription.receive(snapshot("a", 1));
  subscription.receive(patch(1, 1));
  subscription.opened();
  const before = seen.run;
  assert.equal(opened(before).trace.length, 1);
  subscription.receive(snapshot("a", 40, "e2"));
  subscription.receive(patch(40, 7, { epoch: "e2" }));
  assert.equal(opened(seen.run).trace.last()?.seq, 7);
  assert.ok(seen.run.kind === "open" && before.kind === "open" && seen.run.life !== before.life);
});

test("parts are filled in only for as long as their life lasts", () => {
  const { seen, subscription } = page();
  subscription.want("a");
  subscription.receive(snapshot("a", 1));
  assert.ok(seen.run.kind === "open");
  const { life } = seen.run;
  subscription.change(life, (run) => ({ ...run, sourceLabel: "changed" }));
  assert.equal(opened(seen.run).sourceLabel, "changed");
  subscription.receive(patch(1, 1));
  assert.equal(opened(seen.run).sourceLabel, "changed");
  subscription.receive(snapshot("a", 1, "e2"));
  subscription.change(life, (run) => ({ ...run, sourceLabel: "late" }));
  assert.equal(opened(seen.run).sourceLabel, "acpx");
});

test("a run nobody knows is asked for again when the list names it", () => {
  const { seen, sent, subscription } = page();
  subscription.want("later");
  subscription.receive({ type: "error", code: "run_not_found", message: "no", runId: "later" });
  assert.deepEqual(seen.run, { kind: "missing", runId: "later", wasOpen: false });
  sent.length = 0;
  subscription.receive(list("other"));
  assert.deepEqual(sent, []);
  subscription.receive(list("later", "other"));
  assert.deepEqual(sent, [{ type: "subscribe_run", runId: "later" }]);
  assert.deepEqual(seen.run, { kind: "loading", runId: "later" });
});

test("a run that is removed while it is open is said to be gone, and opens again when it comes back", () => {
  const { seen, sent, subscription } = page();
  subscription.want("a");
  subscription.receive(snapshot("a", 1));
  const gone = { type: "error", code: "run_not_found", message: "gone", runId: "a" } as const;
  subscription.receive(gone);
  assert.deepEqual(seen.run, { kind: "missing", runId: "a", wasOpen: true });
  subscription.receive(gone);
  assert.deepEqual(seen.run, { kind: "missing", runId: "a", wasOpen: true }, "it stays gone");
  sent.length = 0;
  subscription.receive(list("a"));
  assert.deepEqual(sent, [{ type: "subscribe_run", runId: "a" }]);
});

test("a run nobody knows may be an older one: it is asked for when there are more runs", () => {
  const { seen, sent, subscription } = page();
  const head = (total: number): ServerMessage => {
    const message = list("newest");
    assert.ok(message.type === "runs_snapshot");
    return { ...message, state: { ...message.state, total } };
  };
  subscription.receive(head(300));
  subscription.want("older");
  subscription.receive({ type: "error", code: "run_not_found", message: "no", runId: "older" });
  sent.length = 0;
  subscription.receive(head(300));
  assert.deepEqual(sent, []);
  subscription.receive(head(301));
  assert.deepEqual(sent, [{ type: "subscribe_run", runId: "older" }]);
  assert.deepEqual(
    seen.run,
    { kind: "missing", runId: "older", wasOpen: false },
    "as long as nothing is known",
  );
});

const refusal = (runId: string, message = "It cannot be read."): ServerMessage => ({
  type: "error",
  code: "internal_error",
  message,
  runId,
});

test("a run that the server cannot show is said to be so, and asked for again ever more seldom", () => {
  const { seen, sent, subscription, timers } = page();
  subscription.want("a");
  subscription.receive(refusal("other"));
  assert.equal(seen.run.kind, "loading");
  const waits: number[] = [];
  for (let turn = 0; turn < 6; turn += 1) {
    sent.length = 0;
    subscription.receive(refusal("a"));
    assert.deepEqual(seen.run, { kind: "failed", runId: "a", message: "It cannot be read.", isAsked: false });
    assert.deepEqual(sent, []);
    const timer = timers.pop();
    assert.equal(timers.length, 0);
    waits.push(timer?.ms ?? 0);
    timer?.task();
    assert.deepEqual(seen.run, { kind: "failed", runId: "a", message: "It cannot be read.", isAsked: true });
    assert.deepEqual(sent, [{ type: "subscribe_run", runId: "a" }]);
  }
  assert.deepEqual(waits, [5000, 10_000, 20_000, 40_000, 60_000, 60_000]);
  subscription.receive(snapshot("a", 1));
  assert.equal(failureOf(seen.run), null);
  subscription.receive(refusal("a"));
  assert.equal(timers[0]?.ms, 5000, "after a good answer it begins anew");
});

test("on request it is asked for at once, but not twice; another run or connection leaves nothing waiting", () => {
  const { seen, sent, subscription, timers } = page();
  subscription.retry();
  subscription.want("a");
  subscription.receive(refusal("a"));
  sent.length = 0;
  subscription.retry();
  subscription.retry();
  assert.deepEqual(sent, [{ type: "subscribe_run", runId: "a" }]);
  assert.equal(timers.length, 0);
  subscription.receive(refusal("a"));
  sent.length = 0;
  subscription.opened();
  assert.deepEqual(sent.slice(2), [{ type: "subscribe_run", runId: "a" }]);
  assert.ok(seen.run.kind === "failed" && seen.run.isAsked);
  assert.equal(timers.length, 0);
  subscription.receive(refusal("a"));
  subscription.want("b");
  assert.deepEqual(seen.run, { kind: "loading", runId: "b" });
  assert.equal(timers.length, 0);
});

test("a run that was shown keeps its last picture, is told to be no longer live, and goes on where it was", () => {
  const { seen, sent, subscription } = page();
  subscription.want("a");
  subscription.receive(snapshot("a", 1));
  subscription.receive(patch(1, 1));
  subscription.receive(refusal("a", "It is too large."));
  assert.equal(opened(seen.run).trace.length, 1);
  assert.ok(seen.run.kind === "open");
  const { failure, life } = seen.run;
  assert.equal(failure?.message, "It is too large.");
  subscription.receive(patch(2, 2));
  assert.equal(opened(seen.run).trace.length, 1, "no longer followed");
  subscription.change(life, (run) => ({ ...run, sourceLabel: "changed" }));
  sent.length = 0;
  subscription.retry();
  assert.deepEqual(sent, [{ type: "subscribe_run", runId: "a", epoch: "e1", version: 2 }]);
  assert.equal(failureOf(seen.run)?.isAsked, true);
  subscription.receive({ type: "run_resumed", runId: "a", topic: 12, epoch: "e1", version: 2 });
  assert.ok(seen.run.kind === "open" && seen.run.life === life);
  assert.equal(seen.run.failure, null);
  assert.equal(opened(seen.run).sourceLabel, "changed");
  subscription.receive(patch(2, 2, { topic: 12 }));
  assert.equal(opened(seen.run).trace.length, 2);
});

test("the list moves by patches, and resyncs by itself", () => {
  const { seen, sent, subscription } = page();
  subscription.receive(list("a"));
  const move = (fromVersion: number): ServerMessage => ({
    type: "runs_patch",
    epoch: "e1",
    fromVersion,
    toVersion: fromVersion + 1,
    ops: [{ op: "replace", path: "/runsById/a/status", value: "completed" }],
  });
  subscription.receive(move(1));
  assert.equal(seen.runs?.runsById["a"]?.status, "completed");
  subscription.receive(move(9));
  assert.deepEqual(sent, [{ type: "resync_runs" }]);
});

test("what is not a message of the protocol is passed over", () => {
  for (const data of ["", "null", "[]", "{", '{"type":"news"}', '{"type":"run_patch"}', 7, null])
    assert.equal(readMessage(data), null);
  assert.deepEqual(readMessage('{"type":"pong"}'), { type: "pong" });
});

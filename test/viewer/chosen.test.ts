import assert from "node:assert/strict";
import { test } from "node:test";
import { Log } from "../../src/protocol/log.ts";
import { MadeEvaluation } from "./told-evaluation.ts";
import { madeRun, stamp, T0, traced } from "./made-run.ts";
import { pageWithoutBrowser } from "./page-without-browser.ts";

const { choice, chosen, frame, playback, scrub, show } = await pageWithoutBrowser();

/** Three steps of ten seconds, the second of which goes on beside the third. */
const trace = [
  traced(1, 0, "node_started", "a#1"),
  traced(2, 10_000, "node_outcome", "a#1", { outcome: "ok" }),
  traced(3, 10_000, "node_started", "b#1"),
  traced(4, 20_000, "node_started", "c#1"),
  traced(5, 40_000, "node_outcome", "b#1", { outcome: "ok" }),
  traced(6, 41_000, "node_outcome", "c#1", { outcome: "ok" }),
  traced(7, 42_000, "run_completed"),
];
const ended = madeRun({
  status: "completed",
  run: { startedAt: stamp(0), finishedAt: stamp(42_000) },
  trace: Log.from(trace),
});
const node = () => chosen.chosenStep.value?.attempt.nodeId;

test("who goes to a moment of a step has that step, beside another too, and is at that moment", () => {
  show(ended);
  chosen.chooseAt(2, T0 + 25_000);
  assert.equal(playback.position.value, T0 + 25_000);
  assert.equal(node(), "b");
});

test("a choice is over once one plays on, and does not come back with the pause", () => {
  show(ended);
  playback.seekTo(T0 + 25_000);
  choice.chooseHere(2);
  assert.equal(node(), "b");
  playback.togglePlay();
  frame();
  assert.equal(node(), "c");
  playback.togglePlay();
  assert.equal(playback.playhead.value.kind, "paused");
  assert.equal(node(), "c");
});

test("who chooses while it plays has that one, also after the pause", () => {
  show(ended);
  playback.seekTo(T0 + 25_000);
  playback.togglePlay();
  choice.chooseHere(2);
  assert.equal(node(), "b");
  playback.togglePlay();
  assert.equal(node(), "b");
});

test("a choice holds for one life of the run: in another its line may be another step's", () => {
  show(ended);
  playback.seekTo(T0 + 25_000);
  choice.chooseHere(2);
  show(ended);
  assert.equal(node(), "c");
});

test("while nothing of it changes, what is chosen is the same object", () => {
  show(ended);
  playback.seekTo(T0 + 21_000);
  const one = chosen.chosenStep.value;
  playback.seekTo(T0 + 25_000);
  assert.equal(chosen.chosenStep.value, one);
  playback.seekTo(T0 + 22_000);
  assert.equal(chosen.chosenStep.value, one);
  choice.chooseHere(2);
  const other = chosen.chosenStep.value;
  assert.notEqual(other, one);
  choice.chooseHere(2);
  playback.setRate(2);
  assert.equal(chosen.chosenStep.value, other);
});

test("where a drag ends the page is, too, but not what comes in the place of what was dragged", () => {
  show(ended);
  scrub.scrubTo(T0 + 5000);
  scrub.scrubTo(T0 + 6000);
  scrub.endScrub();
  assert.equal(playback.position.value, T0 + 6000);
  scrub.scrubTo(T0 + 7000);
  scrub.scrubTo(T0 + 8000);
  scrub.dropScrub();
  frame();
  frame();
  assert.equal(playback.position.value, T0 + 7000);
  assert.equal(scrub.drawnPosition.value, T0 + 7000);
});

test("a finished step is shown as it ended, also where the next one began in the same millisecond", () => {
  show(ended);
  chosen.chooseLine(0);
  assert.equal(playback.position.value, T0 + 10_000);
  assert.equal(node(), "a");
  assert.equal(chosen.chosenStep.value?.attempt.outcome, "ok");
});

test("a step that goes on is shown at the edge", () => {
  show(madeRun({ trace: Log.from(trace.slice(0, 3)) }));
  chosen.chooseLine(2);
  assert.equal(playback.playhead.value.kind, "live");
  assert.equal(node(), "b");
});

/** Two tests that fail, one of which is run again and passes, and others beside them. */
function evaluation() {
  const made = new MadeEvaluation();
  made.started(0, "one#1");
  made.started(1_000, "two#1");
  made.ended(10_000, "one#1", { state: "failed" });
  made.started(11_000, "three#1");
  made.ended(20_000, "two#1", { state: "error" });
  made.ended(30_000, "three#1");
  made.started(31_000, "two#2");
  made.ended(40_000, "two#2");
  made.started(41_000, "four#1");
  return made.run();
}

test("of an evaluation the newest failure is shown that was not made good, or else what ended last", () => {
  show(evaluation());
  assert.equal(node(), "one");
  playback.seekTo(T0 + 25_000);
  assert.equal(node(), "two");
  playback.seekTo(T0 + 9_000);
  assert.equal(node(), "two", "nothing has ended: the one that began last");
  show(madeRun({ ...evaluation(), trace: Log.from([...evaluation().trace].filter(({ seq }) => seq > 3)) }));
  playback.seekTo(T0 + 35_000);
  assert.equal(node(), "three");
});

test("a test that somebody chose stays chosen wherever they go, and is looked at where they are", () => {
  show(evaluation());
  playback.seekTo(T0 + 35_000);
  chosen.chooseLine(3);
  assert.equal(playback.position.value, T0 + 35_000);
  assert.equal(node(), "three");
  playback.seekTo(T0 + 45_000);
  playback.togglePlay();
  assert.equal(node(), "three");
  playback.togglePlay();
  // Of what had not begun nothing is known.
  playback.seekTo(T0 + 10_500);
  assert.equal(node(), "one");
  playback.seekTo(T0 + 35_000);
  assert.equal(node(), "three");
  choice.letGoOfChoice();
  assert.equal(node(), "one");
});

test("who goes to a test that had not begun goes to its end", () => {
  show(evaluation());
  playback.seekTo(T0 + 5_000);
  chosen.chooseLine(3);
  assert.equal(playback.position.value, T0 + 30_000);
  assert.equal(node(), "three");
});

test("where all is over it is the first that failed, as in the table, and else the first with an error", () => {
  const over = { status: "completed" as const, run: { startedAt: stamp(0), finishedAt: stamp(42_000) } };
  const made = new MadeEvaluation();
  for (const [place, id] of ["one", "two", "three", "four"].entries()) made.started(place, `${id}#1`);
  made.ended(10_000, "three#1", { state: "failed" });
  made.ended(20_000, "one#1", { state: "error" });
  made.ended(30_000, "four#1", { state: "failed" });
  made.ended(40_000, "two#1");
  show({ ...made.run(), ...over });
  playback.jumpToLive();
  assert.equal(node(), "three");
  playback.seekTo(T0 + 41_000);
  assert.equal(node(), "four", "before, the newest");
  made.started(41_000, "three#2");
  made.ended(41_500, "three#2");
  show({ ...made.run(), ...over });
  playback.jumpToLive();
  assert.equal(node(), "four", "what was made good has not failed");
});

test("a run that fell silent or was broken off is opened at the test that it was at", () => {
  const made = new MadeEvaluation();
  made.started(0, "one#1");
  made.ended(10_000, "one#1", { state: "failed" });
  made.started(11_000, "two#1");
  const run = made.run();
  show(run);
  playback.jumpToLive();
  assert.equal(node(), "one");
  show({ ...run, status: "stalled", stalledSince: stamp(30_000) });
  assert.equal(node(), "two");
  const finishedAt = stamp(42_000);
  show({ ...run, status: "cancelled", run: { startedAt: stamp(0), finishedAt } });
  assert.equal(node(), "two");
  // A test that nobody was told the end of is no news where the others have theirs.
  show({ ...run, status: "completed", run: { startedAt: stamp(0), finishedAt } });
  assert.equal(node(), "one");
});

import assert from "node:assert/strict";
import { test } from "node:test";
import { liveEdge, observe, SILENT_MS } from "../../viewer/playback/run-clock.ts";

test("a run seen while it happens has its edge at the wall clock", () => {
  const clock = observe(null, 100_000, 104_000);
  assert.equal(liveEdge("running", clock, 100_000, 104_000), 104_000);
  assert.equal(liveEdge("running", clock, 100_000, 110_000), 110_000);
});

test("a recording written again later runs on from its newest stamp", () => {
  const recorded = 1_000_000;
  const now = 90_000_000;
  let clock = observe(null, recorded, now);
  assert.equal(liveEdge("running", clock, recorded, now), recorded);
  assert.equal(liveEdge("running", clock, recorded, now + 3000), recorded + 3000);
  // An event that took a shorter way moves the edge forward, a longer one never back.
  clock = observe(clock, recorded + 5000, now + 4000);
  assert.equal(liveEdge("running", clock, recorded + 5000, now + 4000), recorded + 5000);
  clock = observe(clock, recorded + 5100, now + 6000);
  assert.equal(liveEdge("running", clock, recorded + 5100, now + 6000), recorded + 7000);
});

test("the edge is never before the newest stamp, whatever the clocks say", () => {
  const ahead = observe(null, 105_000, 100_000);
  assert.equal(liveEdge("running", ahead, 105_000, 100_000), 105_000);
  assert.equal(liveEdge("running", { skew: 0 }, 105_000, 100_000), 105_000);
});

test("where nothing moves the edge is the newest stamp", () => {
  for (const status of ["waiting", "completed", "failed", "timed_out", "cancelled"] as const)
    assert.equal(liveEdge(status, { skew: 0 }, 50, 9999), 50);
});

test("a run without any stamp has no clock", () => {
  assert.equal(observe(null, Number.NEGATIVE_INFINITY, 5), null);
});

test("a run that stalled stands where it was found silent, and time does not run back", () => {
  const silentFor = SILENT_MS + 1;
  const running = liveEdge("running", { skew: 0 }, 50, 50 + silentFor);
  assert.ok(running - liveEdge("stalled", { skew: 0 }, 50, 50 + silentFor) <= 1);
  assert.equal(liveEdge("stalled", null, 50, 9e9), 50 + SILENT_MS);
});

test("an evaluation that is first seen in the middle of a long test is happening now", () => {
  const minutes = 4 * 60_000;
  const clock = observe(null, 100_000, 100_000 + minutes, true);
  assert.equal(liveEdge("running", clock, 100_000, 100_000 + minutes), 100_000 + minutes);
  // One that was recorded yesterday is not.
  const recorded = observe(null, 100_000, 90_000_000, true);
  assert.equal(liveEdge("running", recorded, 100_000, 90_000_000), 100_000);
});

import assert from "node:assert/strict";
import { test } from "node:test";
import { Log } from "../../src/protocol/log.ts";
import { madeRun, stamp, T0, traced } from "./made-run.ts";
import { pageWithoutBrowser } from "./page-without-browser.ts";

const { frame, playback, show } = await pageWithoutBrowser();

const trace = [
  traced(1, 0, "node_started", "a#1"),
  traced(2, 10_000, "node_outcome", "a#1", { outcome: "ok" }),
];

test("who has caught up with the edge plays at its own pace when they look back again", () => {
  const run = { startedAt: stamp(0), finishedAt: stamp(10_000) };
  show(madeRun({ status: "completed", run, trace: Log.from(trace) }));
  playback.seekTo(T0 + 9999);
  playback.setRate(10);
  playback.togglePlay();
  assert.equal(playback.rate.value, 10);
  const begun = Date.now();
  while (Date.now() - begun < 2) frame();
  frame();
  assert.equal(playback.playhead.value.kind, "live");
  assert.equal(playback.rate.value, 1);
});

test("at the newest moment of a run that waits, playing moves nothing", () => {
  show(madeRun({ status: "waiting", trace: Log.from(trace) }));
  const { plays } = playback;
  const before = plays.value;
  playback.togglePlay();
  assert.equal(playback.playhead.value.kind, "live");
  assert.equal(plays.value, before);
  assert.equal(playback.hasMoreToPlay.value, false);
  playback.seekTo(T0 + 5000);
  assert.equal(playback.hasMoreToPlay.value, true);
});

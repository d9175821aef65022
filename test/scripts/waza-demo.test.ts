import assert from "node:assert/strict";
import { basename } from "node:path";
import { test } from "node:test";
import { playWaza } from "../../scripts/demo/waza-demo.ts";
import { tempDir } from "../helpers/temp-dir.ts";
import { readWaza, statesIn, toldBy } from "../helpers/waza-reading.ts";
import { fastClock } from "./fast-clock.ts";

test("the demo of waza is a run with transcripts and results, told in full", async (t) => {
  const runsDir = await tempDir(t);
  const { dir, status } = await playWaza({ runsDir, clock: fastClock() });
  assert.equal(status, "completed");
  const { state } = await readWaza(runsDir, basename(dir));
  assert.equal(state.problems.count, 0);
  assert.equal(state.run.status, "completed");
  assert.deepEqual(
    state.tally?.passed,
    Object.values(statesIn(state)).filter((each) => each === "passed").length,
  );
  for (const { files, talk, tokens } of toldBy(state).results.values()) {
    assert.deepEqual(
      files?.map(({ role }) => role),
      ["transcript", "results"],
    );
    assert.ok(talk != null && tokens != null);
  }
});

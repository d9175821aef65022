import assert from "node:assert/strict";
import { test } from "node:test";
import { Log } from "../../src/protocol/log.ts";
import { encodeRows } from "../../src/protocol/outline-wire.ts";
import type { OutlineRow } from "../../src/protocol/outline.ts";
import { madeRun, stamp, T0, traced } from "./made-run.ts";
import { pageWithoutBrowser } from "./page-without-browser.ts";

const { answer, chosen, playback, show, stepping } = await pageWithoutBrowser();

/** A trace of 300 lines, a second apart, each the start of a step. The page is sent the last 44. */
const lines = Array.from({ length: 300 }, (_, line) =>
  traced(line, line * 1000, "node_started", `a#${line}`),
);
const rows = lines.map((_, line): OutlineRow => ({
  line,
  at: T0 + line * 1000,
  is: "begin",
  attempt: `a#${line}`,
  node: "a",
  kind: "step",
  detail: null,
}));
const long = madeRun({
  status: "completed",
  run: { startedAt: stamp(0), finishedAt: stamp(300_000) },
  trace: Log.tail(256, lines.slice(256)),
});
const second = (count: number) => T0 + count * 1000;

/** The older part of the index comes in. */
async function learn(): Promise<void> {
  const ends = [second(127), second(255)];
  await answer("/times?", { ends, quiet: [], first: second(0), last: second(255) });
  await answer("/outline?", { blocks: [encodeRows(rows.slice(0, 256))], lines: 256, next: null });
  assert.notEqual(playback.indexed.value?.index.isWhole, false, "all of it is known");
}

test("a step that has to wait is made once it is known where it leads", async () => {
  show(long);
  playback.seekTo(second(100.5));
  stepping.stepAttempt(1);
  assert.equal(playback.position.value, second(100.5));
  await learn();
  assert.equal(playback.position.value, second(101));
});

for (const [what, step] of [
  ["step", () => stepping.stepAttempt(1)],
  ["event", () => stepping.stepEvent(1)],
  ["error", () => stepping.stepError(1)],
] as const) {
  for (const [act, expected, goElsewhere] of [
    ["a click", second(7), () => playback.seekTo(second(7))],
    ["Home", second(0), () => playback.jumpToStart()],
    ["L", second(300), () => playback.jumpToLive()],
  ] as const) {
    test(`who goes elsewhere by ${act} is not moved by the ${what} they had asked for before`, async () => {
      show(long);
      playback.seekTo(second(100.5));
      step();
      goElsewhere();
      await learn();
      assert.equal(playback.position.value, expected);
      assert.equal(stepping.stepNews.value, null);
    });
  }
}

test("who plays on meanwhile is not held up", async () => {
  show(long);
  playback.seekTo(second(100.5));
  stepping.stepAttempt(1);
  playback.togglePlay();
  await learn();
  assert.equal(playback.playhead.value.kind, "playing");
});

test("E goes to an error with the attempt that failed, though the next one began with its end", async () => {
  const failed = [
    traced(1, 0, "node_started", "a#1"),
    traced(2, 1000, "node_outcome", "a#1", { outcome: "failed", error: "It broke" }),
    traced(3, 1000, "node_started", "b#1"),
    traced(4, 5000, "node_outcome", "b#1", { outcome: "ok" }),
  ];
  show(madeRun({ trace: Log.from(failed) }));
  for (const [from, direction] of [
    [0, 1],
    [3, -1],
  ] as const) {
    playback.seekTo(second(from));
    stepping.stepError(direction);
    assert.equal(playback.position.value, second(1));
    const { attempt } = chosen.chosenStep.value ?? {};
    assert.deepEqual([attempt?.nodeId, attempt?.outcome, attempt?.error], ["a", "failed", "It broke"]);
  }
});

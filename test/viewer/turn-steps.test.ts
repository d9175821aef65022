import assert from "node:assert/strict";
import { test } from "node:test";
import { Log } from "../../src/protocol/log.ts";
import { RunIndex } from "../../viewer/playback/run-index.ts";
import { answer, madeRun, prompt, said, session, T0, traced } from "./made-run.ts";

/** Attempts that note a prompt each at these times, and turns that begin at those: whose each turn is. */
function owners(prompts: readonly number[], turns: readonly number[]): (number | undefined)[] {
  const trace = prompts.flatMap((ms, index) => [
    traced(index * 2, ms, "node_started", `work#${index + 1}`, { nodeType: "acp" }),
    { ...traced(index * 2 + 1, ms, "acp_prompt_prepared", `work#${index + 1}`), sessionId: "main" },
  ]);
  const events = turns.flatMap((ms, index) => [
    said(index * 2, ms, prompt(index, "Go on")),
    said(index * 2 + 1, ms, answer(index)),
  ]);
  const index = new RunIndex();
  index.extend(madeRun({ trace: Log.from(trace), sessions: session("main", events) }));
  return turns.map((ms, turn) => index.stepOfTurn("main", { line: turn * 2, at: T0 + ms })?.number);
}

test("a turn belongs to the attempt that noted its prompt just before", () => {
  assert.deepEqual(owners([0, 1000, 2000], [10, 1010, 2010]), [1, 2, 3]);
});

test("short steps keep their turns, though the next prompt comes soon", () => {
  assert.deepEqual(owners([0, 100, 200, 300], [5, 105, 205, 305]), [1, 2, 3, 4]);
  assert.deepEqual(owners([0, 2050], [2000, 2055]), [1, 2], "also where an agent is slow to start");
});

test("a prompt may be noted a moment after the turn began, by another clock", () => {
  assert.deepEqual(owners([50, 150, 1050], [0, 100, 1000]), [1, 2, 3]);
  assert.deepEqual(owners([1000], [0]), [undefined], "but not long after");
});

test("a turn that nobody noted a prompt of goes on with what was asked before", () => {
  assert.deepEqual(owners([0, 5000], [10, 2000, 5010]), [1, 1, 2]);
});

test("an attempt that never asked what it had noted takes no turn", () => {
  assert.deepEqual(owners([0, 1000, 2000], [10, 2010]), [1, 3]);
});

test("what was said before the first prompt, and in a session that nobody asked, is nobody's", () => {
  const index = new RunIndex();
  index.extend(madeRun({ sessions: session("main", [said(0, 0, prompt(0, "Hello"))]) }));
  assert.equal(index.stepOfTurn("main", { line: 0, at: T0 }), null);
  assert.equal(index.stepOfTurn("other", { line: -1, at: T0 }), null);
});

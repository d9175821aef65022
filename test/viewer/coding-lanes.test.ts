import assert from "node:assert/strict";
import { test } from "node:test";
import { MAIN_SESSION } from "../../src/protocol/turn-lines.ts";
import { asOf, attemptAt } from "../../viewer/playback/as-of.ts";
import { RunIndex } from "../../viewer/playback/run-index.ts";
import { standingOf } from "../../viewer/steps/standing.ts";
import { codingLanes } from "../../viewer/timeline/coding-lanes.ts";
import { T0 } from "./made-run.ts";
import { MadeSession } from "./made-session.ts";

/** Each call: from when to when it is drawn, as what. */
function callsOf(made: MadeSession, at = Number.POSITIVE_INFINITY) {
  const index = new RunIndex();
  index.extend(made.run());
  const { lanes, stepLanes } = codingLanes(index);
  return lanes.slice(stepLanes).flatMap(({ labelOf, packed, spans }) =>
    Array.from({ length: packed.spans.length }, (_, place) => {
      const call = packed.spans.at(place);
      const { kind, text } = labelOf(call, at);
      return [text, (spans.starts[call] ?? 0) - T0, (spans.ends[call] ?? 0) - T0, kind];
    }).filter(([, , , kind]) => kind !== "agent-bar"),
  );
}

test("a call that never had a result ends with its turn, and is told as one without", () => {
  const made = new MadeSession()
    .prompt(1000, "One")
    .call(2000, "a", "first")
    .result(3000, "a", "fine")
    .call(4000, "b", "left")
    .end(5000)
    .prompt(8000, "Two")
    .call(9000, "c", "goes on");
  assert.deepEqual(callsOf(made), [
    ["first", 2000, 3000, "tool"],
    ["left", 4000, 5000, "unanswered"],
    ["goes on", 9000, Number.POSITIVE_INFINITY, "tool"],
  ]);
  assert.deepEqual(callsOf(made, T0 + 4500)[1], ["left", 4000, 5000, "tool"], "it went on then");
  // One may be answered after its turn.
  made.result(9500, "b", "late");
  assert.deepEqual(
    callsOf(made).find(([text]) => text === "left"),
    ["left", 4000, 9500, "tool"],
  );
});

test("a subagent's call without a result ends with the subagent", () => {
  const made = new MadeSession()
    .prompt(1000, "One")
    .call(2000, "a", "look")
    .agent(2000, "agent-1", "look", "a")
    .call(3000, "s", "of the agent", "read", "agent-1")
    .agentOver(4000, "agent-1")
    .result(4000, "a", "fine")
    .end(9000);
  assert.deepEqual(callsOf(made).at(-1), ["of the agent", 3000, 4000, "unanswered"]);
});

test("a turn after which something else came is no failure", () => {
  const made = new MadeSession()
    .prompt(1000, "One")
    .end(2000, "interrupted")
    .prompt(3000, "Two")
    .end(4000, "failed");
  const index = new RunIndex();
  const view = asOf(made.run(), index, Number.POSITIVE_INFINITY, null);
  const told = [0, 1].map((turn) => {
    const attempt = attemptAt(view.steps, turn);
    return [attempt.outcome, standingOf(attempt, view), index.trace.table.isFailed(turn)];
  });
  assert.deepEqual(told, [
    ["broken_off", "done", false],
    ["failed", "failed", true],
  ]);
  assert.ok(index.session(MAIN_SESSION).isWhole);
});

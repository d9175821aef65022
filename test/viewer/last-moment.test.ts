import assert from "node:assert/strict";
import { test } from "node:test";
import { lastMomentOf } from "../../viewer/steps/last-moment.ts";
import { T0, tableOf, traced } from "./made-run.ts";

/** Where a click on the `index`th step leads, in ms of the run, and which step is the last one there. */
function shown(lines: readonly (readonly [ms: number, type: string, attempt: string])[], index: number) {
  const table = tableOf(lines.map(([ms, type, attempt], seq) => traced(seq, ms, type, attempt)));
  const at = lastMomentOf(table, table.attempt(index, Number.POSITIVE_INFINITY, null));
  return at === null ? null : [at - T0, table.begunBy(at) - 1];
}

test("a step is looked at when it ended", () => {
  const lines = [
    [0, "node_started", "a#1"],
    [500, "node_outcome", "a#1"],
    [501, "node_started", "b#1"],
  ] as const;
  assert.deepEqual(shown(lines, 0), [500, 0]);
  assert.equal(shown(lines, 1), null);
});

test("where the next step begins as it ends, a step is looked at before that", () => {
  const lines = [
    [0, "node_started", "a#1"],
    [500, "node_outcome", "a#1"],
    [500, "node_started", "b#1"],
    [900, "node_outcome", "b#1"],
  ] as const;
  assert.deepEqual(shown(lines, 0), [499, 0]);
  assert.deepEqual(shown(lines, 1), [900, 1]);
});

test("where that would not lead to it, a step is looked at with its outcome", () => {
  const atOnce = [
    [500, "node_started", "a#1"],
    [500, "node_outcome", "a#1"],
    [500, "node_started", "b#1"],
  ] as const;
  assert.deepEqual(shown(atOnce, 0), [500, 1]);
  const besides = [
    [0, "node_started", "a#1"],
    [100, "node_started", "b#1"],
    [500, "node_outcome", "a#1"],
    [500, "node_started", "c#1"],
  ] as const;
  assert.deepEqual(shown(besides, 0), [500, 2]);
});

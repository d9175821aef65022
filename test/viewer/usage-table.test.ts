import assert from "node:assert/strict";
import { test } from "node:test";
import { addUsage, NO_USAGE, type Usage } from "../../src/protocol/usage.ts";
import { UsageTable } from "../../viewer/playback/usage-table.ts";

const COUNT = 5000;

/** A long session: each line is at the moment of its number. */
const lines = Array.from({ length: COUNT }, (_, at) => ({
  at,
  attempt: `turn-${at % 7}#1`,
  session: `session-${at % 5}`,
  model: at % 11 === 0 ? null : `model-${at % 3}`,
  usage: { ...NO_USAGE, outputTokens: at, costUsd: at % 2 === 0 ? 1 : null },
  isRepeated: at % 13 === 0,
}));

test("the parts of a long session are those of its lines known by then, at any moment", () => {
  const table = new UsageTable();
  for (const { at, ...line } of lines) table.add(at, line);
  for (const at of [-1, 0, 1, 1022, 1023, 1024, 1025, 3000, 2047, COUNT, Number.POSITIVE_INFINITY]) {
    const parts = new Map<string, Usage>();
    for (const { model, usage } of lines.filter((line) => line.at <= at && !line.isRepeated))
      parts.set(model ?? "", addUsage(parts.get(model ?? "") ?? NO_USAGE, usage));
    assert.deepEqual(
      table.parts("model", at),
      Array.from(parts, ([name, usage]) => ({ name, usage })),
    );
  }
});

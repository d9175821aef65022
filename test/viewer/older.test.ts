import assert from "node:assert/strict";
import { test } from "node:test";
import type { RunState } from "../../src/protocol/bundle.ts";
import { Log } from "../../src/protocol/log.ts";
import { encodeRows } from "../../src/protocol/outline-wire.ts";
import type { OutlineRow } from "../../src/protocol/outline.ts";
import { Older } from "../../viewer/playback/older.ts";
import { RunIndex } from "../../viewer/playback/run-index.ts";
import { madeRun, T0, traced } from "./made-run.ts";

/** A trace of 300 lines, each the start of a step, of which the last 44 are held. */
const lines = Array.from({ length: 300 }, (_, line) => traced(line, line, "node_started", `a#${line}`));
const run: RunState = madeRun({ trace: Log.tail(256, lines.slice(256)) });
const rows = lines.map((_, line): OutlineRow => ({
  line,
  at: T0 + line,
  is: "begin",
  attempt: `a#${line}`,
  node: "a",
  kind: "step",
  detail: null,
}));

function world() {
  const index = new RunIndex();
  index.extend(run);
  const seen = { waits: new Array<number>(), failed: new Array<boolean>(), asked: new Array<string>() };
  let fails = 0;
  const answer = <T>(what: string, value: T) => {
    seen.asked.push(what);
    if (fails === 0) return Promise.resolve({ kind: "good" as const, value });
    fails -= 1;
    return Promise.resolve({ kind: "failed" as const });
  };
  // Nothing here waits for more than promises, and those come first.
  const settled = () => new Promise((resolve) => setImmediate(resolve));
  const older = new Older(index, {
    times: () => answer("times", { ends: [T0 + 127, T0 + 255], quiet: [], first: T0, last: T0 + 255 }),
    outline: (_log, from) => {
      const next = from + 100 < rows.length ? from + 100 : null;
      return answer(`rows ${from}`, { blocks: [encodeRows(rows.slice(from, from + 100))], lines: 300, next });
    },
    breathe: () => Promise.resolve(),
    wait: (failures) => Promise.resolve(void seen.waits.push(failures)),
    changed: () => {},
    failed: (hasFailed) => seen.failed.push(hasFailed),
  });
  return { index, older, seen, settled, failNext: (count: number) => (fails = count) };
}

test("what the snapshot left out is taken in once, and what came meanwhile stands after it", async () => {
  const { index, older, seen, settled } = world();
  assert.equal(index.trace.table.count, 44);
  assert.equal(index.trace.isWhole, false);
  older.follow(run);
  const grown = { ...run, trace: run.trace.append(traced(300, 300, "node_started", "a#300")) };
  index.extend(grown);
  older.follow(grown);
  await settled();
  assert.equal(index.trace.isWhole, true);
  assert.equal(index.trace.table.count, 301);
  assert.equal(index.trace.table.begunBy(T0 + 100), 101);
  assert.equal(index.trace.table.attempt(300, Number.POSITIVE_INFINITY, null).line, 300);
  assert.deepEqual(seen.asked, ["times", "rows 0", "rows 100", "rows 200"]);
});

test("what fails is said, and asked for again after a growing while", async () => {
  const { failNext, index, older, seen, settled } = world();
  failNext(3);
  older.follow(run);
  await settled();
  assert.equal(index.trace.isWhole, true);
  assert.deepEqual(seen.waits, [1, 2, 3]);
  assert.equal(seen.failed.at(-1), false);
});

test("when the run's life is over nothing more is asked for", async () => {
  const { index, older, seen, settled } = world();
  older.follow(run);
  older.end();
  await settled();
  assert.equal(index.trace.isWhole, false);
  assert.deepEqual(seen.asked, ["times"]);
});

import assert from "node:assert/strict";
import { test } from "node:test";
import type { RunSummary } from "../../src/protocol/bundle.ts";
import { hasWords } from "../../src/protocol/run-words.ts";
import { RowClocks } from "../../viewer/catalog/row-clocks.ts";
import { elapsedOf, groupRuns, twinsAmong } from "../../viewer/catalog/groups.ts";

const NOW = new Date(2026, 4, 20, 15, 0).getTime();
const at = (time: number) => new Date(time).toISOString();
const HOUR = 3_600_000;

function made(runId: string, ago: number, fields: Partial<RunSummary> = {}): RunSummary {
  return {
    runId,
    source: "acpx",
    flowName: "review",
    status: "completed",
    startedAt: at(NOW - ago),
    updatedAt: at(NOW - ago),
    path: `/runs/${runId}`,
    ...fields,
  };
}
const ALL = { from: 0, to: 100, gapAfter: null };
const names = (runs: readonly RunSummary[], rows = ALL) =>
  groupRuns(runs, rows, NOW).map((group) => [group.name, ...group.runs.map(({ runId }) => runId)]);

test("what is live stands first, the rest under the day it began", () => {
  const runs = [
    made("done", HOUR),
    made("going", 2 * HOUR, { status: "running" }),
    made("asked", 3 * HOUR, { status: "waiting" }),
    made("last night", 20 * HOUR),
    made("long ago", 24 * 30 * HOUR),
  ];
  assert.deepEqual(names(runs), [
    ["Live", "going", "asked"],
    ["Today", "done"],
    ["Yesterday", "last night"],
    ["Mon 20 April", "long ago"],
  ]);
});

test("what fell silent just now is still live, what fell silent long ago is not", () => {
  const stalled = (runId: string, ago: number) =>
    made(runId, 5 * HOUR, { status: "stalled", stalledSince: at(NOW - ago) });
  assert.deepEqual(names([stalled("hangs", HOUR / 2), stalled("killed", 4 * HOUR)]), [
    ["Live", "hangs"],
    ["Today", "killed"],
  ]);
});

test("a session between two turns is live for ten minutes, and active it is not", () => {
  const idle = (runId: string, ago: number) => made(runId, ago, { status: "idle", source: "codex" });
  const [fresh, calm] = [idle("fresh", HOUR / 7), idle("calm", HOUR / 5)];
  const going = made("going", HOUR, { status: "running" });
  assert.deepEqual(names([fresh, calm, going]), [
    ["Live", "fresh", "going"],
    ["Today", "calm"],
  ]);
  const active = [fresh, calm, going].filter((run) => hasWords(run, ["is:active"], NOW));
  assert.deepEqual(
    active.map(({ runId }) => runId),
    ["going"],
  );
});

test("only the rows asked for are given, across the groups; counts are of all", () => {
  const runs = [
    made("a", 1),
    made("going", 2, { status: "running" }),
    made("b", 3),
    made("c", 20 * HOUR),
    made("d", 21 * HOUR),
  ];
  const rows = { from: 1, to: 4, gapAfter: null };
  assert.deepEqual(names(runs, rows), [
    ["Today", "a", "b"],
    ["Yesterday", "c"],
  ]);
  const groups = groupRuns(runs, rows, NOW);
  assert.deepEqual(
    groups.map(({ count }) => count),
    [2, 2],
  );
  assert.ok(groups.every(({ isOpen }) => !isOpen));
});

test("a day that may have had more says so, and what is live is all there", () => {
  const yesterday = made("c", 20 * HOUR);
  const runs = [
    made("going", 2, { status: "running" }),
    made("b", 3),
    yesterday,
    made("older", 50 * HOUR, { status: "waiting" }),
  ];
  const groups = groupRuns(runs, { ...ALL, gapAfter: yesterday }, NOW);
  assert.deepEqual(
    groups.map(({ isOpen, name }) => [name, isOpen]),
    [
      ["Live", false],
      ["Today", false],
      ["Yesterday", true],
    ],
  );
});

test("a run's clock goes on only while it is written", () => {
  const going = made("a", 60_000, { status: "running", updatedAt: at(NOW - 3000) });
  assert.equal(elapsedOf(going, NOW), 60_000);
  const recorded = made("b", 5 * HOUR, { status: "running", updatedAt: at(NOW - 5 * HOUR + 42_000) });
  assert.equal(elapsedOf(recorded, NOW), 42_000);
});

test("runs of one name that began in the same minute are told apart by the second", () => {
  const runs = [
    made("first", 0),
    made("second", -20_000),
    made("earlier", 90_000),
    made("d", 0, { flowName: "other" }),
    made("e", 0, { label: "nightly" }),
  ];
  assert.deepEqual([...twinsAmong(runs)], ["first", "second"]);
});

test("a silent evaluation goes on as on its own page: no hour of silence sets its clock back", () => {
  const clocks = new RowClocks();
  const going = made("a", 60_000, { status: "running", updatedAt: at(NOW) });
  assert.equal(clocks.elapsed(going, NOW), 60_000);
  assert.equal(clocks.elapsed(going, NOW + 2 * HOUR), 2 * HOUR + 60_000);
  // One that was seen first long after its newest line is a recording, which is written again.
  const recorded = made("b", 5 * HOUR, { status: "running", updatedAt: at(NOW - 5 * HOUR + 3_000) });
  assert.equal(clocks.elapsed(recorded, NOW), 3_000);
  assert.equal(clocks.elapsed(recorded, NOW + 15_000), 18_000);
});

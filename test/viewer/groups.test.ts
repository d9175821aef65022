import assert from "node:assert/strict";
import { test } from "node:test";
import type { RunsState, RunSummary } from "../../src/protocol/bundle.ts";
import { elapsedOf, groupRuns } from "../../viewer/catalog/groups.ts";

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
function list(...runs: RunSummary[]): RunsState {
  return {
    schema: "acpx.viewer-runs.v2",
    order: runs.map(({ runId }) => runId),
    runsById: Object.fromEntries(runs.map((run) => [run.runId, run])),
    total: runs.length,
    trouble: [],
  };
}
const names = (runs: RunsState, filter = "", limit = 100) =>
  groupRuns(runs, filter, limit, NOW).map((group) => [group.name, ...group.runs.map(({ runId }) => runId)]);

test("what is live stands first, the rest under the day it began", () => {
  const runs = list(
    made("done", HOUR),
    made("going", 2 * HOUR, { status: "running" }),
    made("asked", 3 * HOUR, { status: "waiting" }),
    made("last night", 20 * HOUR),
    made("long ago", 24 * 30 * HOUR),
  );
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
  assert.deepEqual(names(list(stalled("hangs", HOUR / 2), stalled("killed", 4 * HOUR))), [
    ["Live", "hangs"],
    ["Today", "killed"],
  ]);
});

test("every word of the filter must be found, and counts go on past the limit", () => {
  const runs = list(
    made("a", 1, { runTitle: "Review PR 412" }),
    made("b", 2, { runTitle: "Review PR 9", status: "failed" }),
    made("c", 3, { runTitle: "Nightly" }),
  );
  assert.deepEqual(names(runs, "review pr"), [["Today", "a", "b"]]);
  assert.deepEqual(names(runs, "review FAILED"), [["Today", "b"]]);
  assert.deepEqual(names(runs, "nothing like it"), []);
  const [today] = groupRuns(runs, "", 2, NOW);
  assert.equal(today?.runs.length, 2);
  assert.equal(today?.count, 3);
});

test("a run's clock goes on only while it is written", () => {
  const going = made("a", 60_000, { status: "running", updatedAt: at(NOW - 3000) });
  assert.equal(elapsedOf(going, NOW), 60_000);
  const recorded = made("b", 5 * HOUR, { status: "running", updatedAt: at(NOW - 5 * HOUR + 42_000) });
  assert.equal(elapsedOf(recorded, NOW), 42_000);
});

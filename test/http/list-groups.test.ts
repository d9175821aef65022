import assert from "node:assert/strict";
import { test } from "node:test";
import * as v from "valibot";
import { RunGroups } from "../../src/protocol/run-groups.ts";
import { RunsPortion } from "../../src/protocol/portion.ts";
import { AgentvRun } from "../../scripts/demo/agentv-run.ts";
import { AcpxRun } from "../helpers/acpx-run.ts";
import { tempDir } from "../helpers/temp-dir.ts";
import { startViewer } from "../helpers/viewer.ts";

test("the list comes in groups, and the rows of each by themselves", async (t) => {
  const root = await tempDir(t);
  const flow = await new AcpxRun(root, "groups").begin();
  const evaluation = new AgentvRun(root, new Date(), "sums.eval.yaml", 2);
  await evaluation.start();
  const viewer = await startViewer(t, [root]);
  const get = async (path: string) => {
    const response = await fetch(`${viewer.url}/api/runs${path}`);
    return {
      status: response.status,
      body: v.parse(v.record(v.string(), v.unknown()), await response.json()),
    };
  };
  const groups = async (query: string) => v.parse(RunGroups, (await get(`/groups?${query}`)).body);
  const ids = async (query: string) =>
    v.parse(RunsPortion, (await get(`?${query}`)).body).runs.map(({ runId }) => runId);

  const kinds = await groups("by=kind");
  assert.deepEqual(
    kinds.groups
      .map(({ active, count, name }) => [name, count, active])
      .toSorted((left, right) => String(left).localeCompare(String(right))),
    [
      ["acpx", 1, 1],
      ["agentv", 1, 1],
    ],
  );
  const [one] = (await groups("by=project")).groups;
  assert.deepEqual([one?.name, one?.count, one?.costUsd], ["", 2, null], "neither tells a project");
  assert.deepEqual([(await groups("by=kind&q=kind:agentv")).runs, await ids("kind=acpx")], [1, ["groups"]]);
  assert.deepEqual(await ids("project=&kind=agentv"), [evaluation.runId]);
  assert.deepEqual(await ids("project=/elsewhere"), []);

  await flow.finish();
  const isOver = async () => (await ids("q=is:active")).length === 1;
  while (!(await isOver())) await new Promise((resolve) => setTimeout(resolve, 20));
  assert.equal((await groups("by=kind&q=is:active")).groups[0]?.name, "agentv");

  for (const query of ["by=day", "by=", `by=kind&q=${"x".repeat(201)}`]) {
    assert.equal((await get(`/groups?${query}`)).status, 400, query);
  }
  const run = await get("/groups");
  assert.equal(run.status, 200, "there is a run of that name");
  assert.ok("manifest" in run.body || "state" in run.body);
});

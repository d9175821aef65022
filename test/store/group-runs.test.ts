import assert from "node:assert/strict";
import { test } from "node:test";
import { RunList } from "../../src/store/run-list.ts";
import { ManualClock } from "../helpers/manual-clock.ts";
import { listedSessions, PROJECTS } from "../helpers/listed-sessions.ts";

const COUNT = 5_000;

function listed(count = COUNT) {
  const clock = new ManualClock(Date.UTC(2026, 10, 20));
  const list = new RunList(clock, (error) => assert.fail(String(error)));
  list.put(listedSessions(count, clock.now()));
  const portion = (search: string, of: { project?: string; kind?: string } = {}, after?: string) => {
    const found = list.portion({ limit: 200, after, search, ...of });
    assert.ok(found !== undefined);
    return found;
  };
  return { list, portion };
}

test("by kind and by project every run is in one group, and the group with the newest run is first", () => {
  const { list } = listed();
  const kinds = list.groups({ by: "kind", search: "" });
  assert.deepEqual(
    kinds.groups.map(({ active, costUsd, count, name, unpricedTokens }) => [
      name,
      count,
      active,
      costUsd,
      unpricedTokens,
    ]),
    [
      ["claude-code", COUNT / 2, 1, COUNT / 8, 0],
      ["codex", COUNT / 4, 0, null, (COUNT / 4) * 110],
      ["acpx", COUNT / 4, 0, null, 0],
    ],
  );
  const projects = list.groups({ by: "project", search: "" });
  assert.deepEqual([projects.runs, projects.groups[0]?.name], [COUNT, "/home/someone/src/project-0"]);
  assert.equal(
    projects.groups.reduce((sum, { count }) => sum + count, 0),
    COUNT,
  );
  assert.equal(projects.groups.find(({ name }) => name === "")?.count, COUNT / 4, "flows tell no project");
  assert.ok(projects.total <= PROJECTS);
});

test("the rows of a group are its runs, portion by portion and nothing twice", () => {
  const { list, portion } = listed();
  for (const { count, name } of list.groups({ by: "project", search: "" }).groups) {
    const ids: string[] = [];
    let after: string | undefined;
    do {
      const { next, runs, total } = portion("", { project: name }, after);
      assert.equal(total, count);
      assert.ok(runs.every(({ project = "" }) => project === name));
      ids.push(...runs.map(({ runId }) => runId));
      after = next ?? undefined;
    } while (after !== undefined);
    assert.deepEqual([ids.length, new Set(ids).size], [count, count]);
  }
  assert.equal(portion("", { kind: "codex", project: "" }).total, 0);
});

test("what was typed and what was chosen are searched for together, in groups as in rows", () => {
  const { list, portion } = listed();
  assert.equal(portion("kind:codex,acpx").total, COUNT / 2);
  assert.equal(portion("kind:claude").total, COUNT / 2, "as it is called, too");
  assert.deepEqual(
    portion("is:active").runs.map(({ runId }) => runId),
    ["run-0"],
  );
  assert.equal(portion("kind:codex is:active").total, 0);
  assert.equal(portion("project-17").total, COUNT / PROJECTS, "a session is found by its project");
  assert.equal(portion("project-17 kind:codex session").total, COUNT / PROJECTS);
  assert.equal(portion("kind:").total, 0, "no choice, so it is a text");
  const found = list.groups({ by: "project", search: "project-17 kind:codex" });
  assert.deepEqual(
    found.groups.map(({ count }) => count),
    [COUNT / PROJECTS],
  );
});

test("a run that is put again with the same sums is no news", () => {
  const { list } = listed(10);
  const before = list.head.state;
  list.put(listedSessions(10, Date.UTC(2026, 10, 20)));
  assert.equal(list.head.state, before);
});

test("5,000 sessions are listed, grouped and searched well within the time of a key", () => {
  const { list, portion } = listed();
  const asks: [string, () => unknown][] = [
    ["a portion", () => portion("")],
    ["a search", () => portion("session 49 kind:codex")],
    ["what goes on", () => portion("is:active")],
    ["projects", () => list.groups({ by: "project", search: "" })],
    ["projects of a search", () => list.groups({ by: "project", search: "session 4" })],
    ["rows", () => portion("", { project: "/home/someone/src/project-3" })],
  ];
  for (const [name, ask] of asks) {
    const times = Array.from({ length: 7 }, () => {
      const began = performance.now();
      ask();
      return performance.now() - began;
    });
    const best = Math.min(...times);
    assert.ok(best < 50, `${name} took ${best.toFixed(1)} ms`);
  }
});

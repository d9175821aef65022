import assert from "node:assert/strict";
import { test } from "node:test";
import { acpxSource } from "../../src/sources/acpx/acpx-source.ts";
import { agentvSource } from "../../src/sources/agentv/agentv-source.ts";
import { namesAhead, sourcesHere, type Way, waysFrom, waysOf, waysOn } from "../../src/store/ways.ts";
import { ManualClock } from "../helpers/manual-clock.ts";

const [one, two] = [acpxSource(new ManualClock()), agentvSource(new ManualClock())];

function along(ways: readonly Way[], path: string): string[] {
  const there = path.split("/").reduce(waysFrom, ways);
  return sourcesHere(there).map(({ type }) => type);
}

test("a way leads to its folder and no other", () => {
  const ways = [
    ...waysOf(one, [".", "results"]),
    ...waysOf(two, [".agentv/results/runs/*", "*/deep", "results"]),
  ];
  assert.deepEqual(sourcesHere(ways), [one]);
  assert.deepEqual(namesAhead(ways), { named: [".agentv", "results"], any: true });
  assert.deepEqual(along(ways, "results"), ["acpx", "agentv"], "each once");
  assert.deepEqual(along(ways, ".agentv/results/runs/default"), ["agentv"]);
  assert.deepEqual(along(ways, ".agentv/results/runs/.tmp"), [], "any folder but a hidden one");
  assert.deepEqual(along(ways, ".agentv/results/runs"), []);
  assert.deepEqual(along(ways, ".agentv/results/runs/default/deeper"), []);
  assert.deepEqual(along(ways, "results/deep"), ["agentv"], "by its name and as any folder");
  assert.deepEqual(waysFrom(ways, ".git"), []);
});

test("from a folder that lies on a way itself the way goes on", () => {
  const ways = waysOf(two, [".", ".agentv/results/runs/*", "results/runs/*", "runs/*"]);
  const on = (path: string) => waysOn(ways, path).map(({ names }) => names.join("/"));
  assert.deepEqual(on("/project/.agentv/results/runs"), ["*", "*"]);
  assert.deepEqual(on("/project/results/runs"), ["*"]);
  assert.deepEqual(on("/project/.agentv/results"), ["runs/*"]);
  assert.deepEqual(on("/project/.agentv"), [], "its own ways lead on");
  assert.deepEqual(on("/flows/runs"), [], "many folders have that name");
  assert.deepEqual(on("/project/.agentv/results/runs/default"), []);
  assert.deepEqual(on("/"), []);
});

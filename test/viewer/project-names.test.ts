import assert from "node:assert/strict";
import { test } from "node:test";
import { projectNames } from "../../viewer/arrange/project-names.ts";
import { costWords, lastFolder } from "../../viewer/catalog/cost-words.ts";

test("a project is called by its last folder, and by more where others end alike", () => {
  const names = (...paths: string[]) => {
    const known = projectNames(paths);
    return paths.map((path) => known.get(path));
  };
  assert.deepEqual(names("/home/a/runreel", "/home/a/other"), ["runreel", "other"]);
  assert.deepEqual(names("/home/a/web", "/home/b/web", "/srv/x"), ["a/web", "b/web", "x"]);
  assert.deepEqual(names("/web", "/a/web"), ["web", "a/web"]);
  assert.deepEqual(names("", "/"), ["No project", "/"]);
  assert.deepEqual(names("C:\\work\\web"), ["web"]);
  assert.deepEqual(names("/w/a/x/y", "/w/b/x/y"), ["a/x/y", "b/x/y"]);
  assert.equal(lastFolder("/home/a/runreel/"), "runreel");
});

test("a cost is said in dollars, and what has no price in words, never as nothing", () => {
  const usage = (costUsd: number | null, unpricedTokens = 0) => ({
    inputTokens: 5,
    cacheReadTokens: 0,
    cacheWriteTokens: 0,
    cacheWrite1hTokens: 0,
    outputTokens: 1,
    costUsd,
    unpricedTokens,
  });
  assert.equal(costWords(usage(1.239)), "$1.24");
  assert.equal(costWords(usage(1234.5)), "$1,234.50");
  assert.equal(costWords(usage(0.001)), "<$0.01");
  assert.equal(costWords(usage(null, 6)), "unpriced");
  assert.equal(costWords(usage(2, 3)), "$2.00 + unpriced");
  assert.equal(costWords({ ...usage(null), inputTokens: 0, outputTokens: 0 }), null);
  assert.equal(costWords(undefined), null);
});

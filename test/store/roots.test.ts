import assert from "node:assert/strict";
import { mkdir, rename, rm } from "node:fs/promises";
import { join } from "node:path";
import { test, type TestContext } from "node:test";
import { systemClock } from "../../src/clock.ts";
import { acpxSource } from "../../src/sources/acpx/acpx-source.ts";
import { agentvSource } from "../../src/sources/agentv/agentv-source.ts";
import { Watcher } from "../../src/sources/watcher.ts";
import type { Root } from "../../src/store/roots.ts";
import { RunCatalog } from "../../src/store/run-catalog.ts";
import { AcpxRun } from "../helpers/acpx-run.ts";
import { tempDir } from "../helpers/temp-dir.ts";
import { until } from "../helpers/until.ts";

async function catalogOf(t: TestContext, roots: readonly Root[], isOff = false) {
  const watcher = new Watcher((trouble) => catalog.setTrouble(trouble), systemClock, isOff);
  const catalog: RunCatalog = new RunCatalog({
    roots,
    sources: [acpxSource(systemClock), agentvSource(systemClock)],
    clock: systemClock,
    watcher,
    onError: (error) => assert.fail(String(error)),
  });
  t.after(() => catalog.close());
  await catalog.start();
  const ids = () => catalog.list.all.map(({ runId }) => runId).toSorted();
  const trouble = () => catalog.list.head.state.trouble;
  return { catalog, ids, trouble };
}

test("a root of some sources is looked into on their ways alone", async (t) => {
  const root = await tempDir(t);
  await new AcpxRun(join(root, "flows", "runs"), "run-on-a-way").begin();
  await new AcpxRun(root, "run-in-itself").begin();
  const one = await catalogOf(t, [{ dir: root, sources: ["acpx"] }]);
  assert.deepEqual(one.ids(), ["run-on-a-way"]);
  const other = await catalogOf(t, [{ dir: root, sources: ["agentv"] }]);
  assert.deepEqual(other.ids(), [], "nobody looks for flows there");
  const every = await catalogOf(t, [{ dir: root }]);
  assert.deepEqual(every.ids(), ["run-in-itself", "run-on-a-way"]);
});

test("a root that is not there is told until it is, and one that nobody named is not", async (t) => {
  const base = await tempDir(t);
  const [named, usual] = [join(base, "named"), join(base, "usual")];
  const { catalog, ids, trouble } = await catalogOf(t, [{ dir: named }, { dir: usual, isQuiet: true }]);
  assert.deepEqual(trouble(), [`${named} is not there; what appears in it will be shown.`]);
  assert.equal(catalog.watching(), "watching", "the system tells of all there is");
  const told = () => `${ids().join(" ")}; ${trouble().join(" ")}`;
  await new AcpxRun(named, "run-a").begin();
  await new AcpxRun(usual, "run-b").begin();
  await until(() => ids().join(" ") === "run-a run-b", told);
  await until(() => trouble().length === 0, told);
  await rename(named, join(base, "elsewhere"));
  await until(() => trouble().length === 1 && ids().join(" ") === "run-b", told);
  await rm(usual, { recursive: true });
  await until(() => ids().length === 0, told);
  assert.equal(trouble().length, 1);
});

test("with watching off what is there at the start is listed, an opened run is read, and nothing else", async (t) => {
  const root = await tempDir(t);
  const run = await new AcpxRun(root, "run-a").begin();
  const { catalog, ids, trouble } = await catalogOf(t, [{ dir: root }], true);
  assert.equal(catalog.watching(), "off");
  assert.match(trouble().join("\n"), /^Watching is off/);
  await new AcpxRun(root, "run-b").begin();
  await mkdir(join(root, "runs"));
  await run.finish();
  const opened = await catalog.open("run-a", "whole");
  assert.equal(opened?.topic.state.status, "completed", "read as it is by now");
  opened?.release();
  // Longer than any sweep of a folder that is not watched.
  await new Promise((resolve) => setTimeout(resolve, 1_500));
  assert.deepEqual(ids(), ["run-a"]);
});

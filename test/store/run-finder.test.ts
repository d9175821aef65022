import assert from "node:assert/strict";
import { appendFile, mkdir, rename, rm, symlink, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { test, type TestContext } from "node:test";
import { AgentvRun } from "../../scripts/demo/agentv-run.ts";
import { type Clock, systemClock } from "../../src/clock.ts";
import { acpxSource } from "../../src/sources/acpx/acpx-source.ts";
import { agentvSource } from "../../src/sources/agentv/agentv-source.ts";
import type { Source } from "../../src/sources/source.ts";
import { Watcher } from "../../src/sources/watcher.ts";
import { RunCatalog } from "../../src/store/run-catalog.ts";
import { RunFinder } from "../../src/store/run-finder.ts";
import { AcpxRun } from "../helpers/acpx-run.ts";
import { BareWatcher, impatientClock } from "../helpers/bare-watcher.ts";
import { FileSource } from "../helpers/file-source.ts";
import { tempDir } from "../helpers/temp-dir.ts";
import { until } from "../helpers/until.ts";

const NOON = Date.UTC(2026, 0, 2, 12);

function agentvRun(root: string, minute: number): AgentvRun {
  return new AgentvRun(root, new Date(NOON + minute * 60_000), "sums.eval.yaml", 3);
}

interface Asked {
  readonly roots?: readonly string[];
  readonly workingDir?: string;
  readonly clock?: Clock;
}

/** A catalog with all kinds of sources, one of which keeps its runs in files. */
async function catalogOf(t: TestContext, { roots = [], workingDir, clock = systemClock }: Asked) {
  const files = new FileSource();
  const sources: Source[] = [acpxSource(clock), agentvSource(clock), files];
  const errors: unknown[] = [];
  const watcher = new Watcher(() => undefined, clock);
  const onError = (error: unknown) => void errors.push(error);
  const catalog = new RunCatalog({
    roots: roots.map((dir) => ({ dir })),
    workingDir,
    sources,
    clock,
    watcher,
    onError,
  });
  t.after(async () => {
    await catalog.close();
    assert.deepEqual(errors, []);
  });
  await catalog.start();
  const paths = () => catalog.list.all.map(({ path }) => path).toSorted();
  const untilPaths = (...wanted: string[]) =>
    until(
      () => paths().join("\n") === wanted.toSorted().join("\n"),
      () => paths().join("\n"),
    );
  return { catalog, files, paths, untilPaths };
}

/** The finder alone, on the system's bare events: what it was told, and what it looked into. */
function finderOf(t: TestContext, { roots = [], workingDir }: Asked) {
  const watcher = new BareWatcher();
  const looks: string[] = [];
  const runs = new Set<string>();
  const all = [acpxSource(impatientClock), agentvSource(impatientClock)];
  const finder = new RunFinder({
    roots: roots.map((dir) => ({ dir })),
    workingDir,
    sources: all,
    clock: impatientClock,
    watcher,
    lookInto: async (places, sources) => {
      looks.push(...places);
      const not: string[] = [];
      for (const place of places) {
        const glances = await Promise.all(sources.map((source) => source.glancer(place).read()));
        if (glances.every((glance) => glance === null)) not.push(place);
        else runs.add(place);
      }
      return not;
    },
    gone: async (places) => places.forEach((place) => runs.delete(place)),
    touched: () => undefined,
    onError: (error) => assert.fail(String(error)),
  });
  t.after(() => finder.close());
  return { finder, looks, runs, watched: watcher.watched };
}

test("runs of a project appear with all folders that lead to them at once, and no sweep finds them", async (t) => {
  if (process.platform !== "linux") return t.skip("elsewhere a fresh watch takes a moment");
  const project = await tempDir(t);
  await mkdir(join(project, "node_modules", "results", "deep"), { recursive: true });
  const { finder, looks, runs, watched } = finderOf(t, { workingDir: project });
  await finder.start();
  assert.deepEqual([watched, looks], [[project], []], "nothing is there: one watch, and no look");

  const experiment = join(project, ".agentv", "results", "runs", "default");
  const [first, second] = [agentvRun(experiment, 1), agentvRun(experiment, 2)];
  await first.start();
  await until(
    () => runs.has(first.dir),
    () => looks.join("\n"),
  );
  await second.start();
  await until(
    () => runs.has(second.dir),
    () => looks.join("\n"),
  );
  for (const { dir } of [first, second]) {
    const count = looks.filter((place) => place === dir).length;
    assert.ok(count <= 4, `${count} looks into ${dir}`);
  }
  assert.ok(
    looks.every((place) => place.startsWith(join(project, ".agentv", "results"))),
    "only what the ways lead to is looked into",
  );
  assert.equal(new Set(watched).size, watched.length, "nothing is watched twice");
  assert.ok(watched.every((dir) => !dir.includes("node_modules") && !dir.includes(first.runId)));

  await rm(join(project, ".agentv"), { recursive: true });
  await until(
    () => runs.size === 0,
    () => [...runs].join("\n"),
  );
  await first.start();
  await until(
    () => runs.has(first.dir),
    () => looks.join("\n"),
  );
});

test("what is moved away, and what comes in its place, is followed at every depth", async (t) => {
  if (process.platform !== "linux") return t.skip("elsewhere a fresh watch takes a moment");
  const project = await tempDir(t);
  const away = await tempDir(t);
  const { finder, runs } = finderOf(t, { workingDir: project });
  await finder.start();
  const path = (...names: string[]) => join(project, ".agentv", "results", ...names);
  const holds = (...names: string[]) =>
    until(
      () => [...runs].toSorted().join() === names.toSorted().join(),
      () => [...runs].join("\n"),
    );
  const one = agentvRun(path("runs", "one"), 1);
  await one.start();
  await holds(one.dir);
  for (const [index, depth] of [[], ["results"], ["results", "runs"], ["results", "runs", "one"]].entries()) {
    const place = join(project, ".agentv", ...depth);
    const [old, anew] = [join(away, `old-${index}`), join(away, `new-${index}`)];
    await rename(place, old);
    await holds();
    const other = agentvRun(join(anew, ...["results", "runs", "one"].slice(depth.length)), 10 + index);
    await other.start();
    await rename(anew, place);
    await holds(path("runs", "one", other.runId));
    // And where no moment lies between.
    await rename(place, anew);
    await rename(old, place);
    await holds(one.dir);
  }
});

test("what is a run holds no other: its folder is not looked into for more", async (t) => {
  const flows = await tempDir(t);
  const dirs: string[] = [];
  for (let index = 0; index < 300; index += 1) {
    const run = new AcpxRun(join(flows, "runs"), `run-${index}`);
    await run.writeManifest({ status: "completed" });
    await mkdir(run.path("sessions"));
    dirs.push(run.dir);
  }
  const { finder, looks, runs, watched } = finderOf(t, { roots: [flows] });
  await finder.start();
  await until(
    () => runs.size === dirs.length,
    () => String(runs.size),
  );
  assert.deepEqual(watched, [flows, join(flows, "runs")]);
  const below = looks.filter((place) => place.startsWith(join(flows, "runs", "run-")));
  assert.deepEqual(below.toSorted(), dirs.toSorted(), "each once");
});

test("a project, its results and a link to them are watched at once, and no run is listed twice", async (t) => {
  const project = await tempDir(t);
  const results = join(project, ".agentv", "results");
  const run = agentvRun(join(results, "runs", "default"), 1);
  await run.start();
  await symlink(results, join(project, "link"));
  const roots = [join(project, "link"), project, results, join(results, "runs", "default"), run.dir];
  const { untilPaths } = await catalogOf(t, { roots, workingDir: project });
  await untilPaths(run.dir);
  const next = agentvRun(join(results, "runs", "default"), 2);
  await next.start();
  await untilPaths(run.dir, next.dir);
  // One of the ways to them ends; the others still lead there.
  const other = agentvRun(join(await tempDir(t), "runs", "default"), 3);
  await other.start();
  await rm(join(project, "link"));
  await symlink(join(other.dir, "..", "..", ".."), join(project, "link"));
  await untilPaths(run.dir, next.dir, other.dir);
  await rm(join(project, "link"));
  await untilPaths(run.dir, next.dir);
  await rename(run.dir, join(project, "away"));
  // It lies right below a root that somebody named.
  await untilPaths(join(project, "away"), next.dir);
  await rm(results, { recursive: true });
  await untilPaths(join(project, "away"));
});

test("a folder that somebody named may be a run itself, now or later", async (t) => {
  const root = await tempDir(t);
  const bundle = await new AcpxRun(root, "run-a").begin();
  const later = join(root, "later");
  await mkdir(later);
  const { untilPaths } = await catalogOf(t, { roots: [bundle.dir, later] });
  await untilPaths(bundle.dir);
  const aside = agentvRun(await tempDir(t), 1);
  await aside.start();
  await writeFile(join(later, "notes.txt"), "");
  for (const name of ["index.jsonl", "benchmark.json"]) {
    await rename(join(aside.dir, name), join(later, name));
  }
  await untilPaths(bundle.dir, later);
  await rm(later, { recursive: true });
  await untilPaths(bundle.dir);
});

for (const layout of ["A", "B"] as const)
  test(`${layout}: every folder on the way from the project to a run may be named`, async (t) => {
    const names = [".agentv", "results", ...(layout === "A" ? ["runs", "default"] : [])];
    const project = await tempDir(t);
    const run = new AgentvRun(join(project, ...names), new Date(NOON), "sums.eval.yaml", 3, { layout });
    await run.start();
    for (let depth = 0; depth <= names.length + 1; depth += 1) {
      const root = join(project, ...[...names, run.runId].slice(0, depth));
      const { catalog, untilPaths } = await catalogOf(t, { roots: [root] });
      await untilPaths(run.dir);
      await catalog.close();
    }
  });

test("runs of several formats lie in one folder; hidden folders and links are passed over", async (t) => {
  const root = await tempDir(t);
  const elsewhere = await tempDir(t);
  const flow = await new AcpxRun(root, "run-a").begin();
  const evaluation = agentvRun(root, 1);
  await evaluation.start();
  await new AcpxRun(root, ".hidden").begin();
  const far = await new AcpxRun(elsewhere, "far").begin();
  await symlink(far.dir, join(root, "far"));
  await writeFile(join(root, "two.runs"), "passed\nfailed\n");
  const { untilPaths } = await catalogOf(t, { roots: [root] });
  await untilPaths(flow.dir, evaluation.dir, join(root, "two.runs"), join(root, "two.runs#2"));
});

test("in the folder one is in only what lies at hand is shown", async (t) => {
  const project = await tempDir(t);
  const elsewhere = await tempDir(t);
  await new AcpxRun(project, "flow").begin();
  await agentvRun(project, 1).start();
  await agentvRun(join(project, "results", "runs", "default"), 2).start();
  await writeFile(join(project, "a.runs"), "passed\n");
  await mkdir(join(project, "results", "deeper"), { recursive: true });
  await writeFile(join(project, "results", "b.runs"), "passed\n");
  await writeFile(join(project, "results", "deeper", "c.runs"), "passed\n");
  // Large results are often kept elsewhere.
  const mine = agentvRun(join(elsewhere, "runs", "default"), 3);
  await mine.start();
  await mkdir(join(project, ".agentv"));
  await symlink(elsewhere, join(project, ".agentv", "results"));
  const { files, untilPaths } = await catalogOf(t, { workingDir: project });
  await untilPaths(mine.dir, join(project, "a.runs"), join(project, "results", "b.runs"));
  assert.deepEqual([...files.asked.keys()].toSorted(), [project, join(project, "results")]);
});

test("runs in files come, change and go with their lines and their files", async (t) => {
  const root = await tempDir(t);
  const file = join(root, "log.runs");
  const { catalog, files, untilPaths } = await catalogOf(t, { roots: [root] });
  await appendFile(file, "soon\n");
  await until(
    () => files.glances.includes(file),
    () => files.glances.join("\n"),
  );
  await untilPaths();
  await writeFile(file, "passed\n");
  await untilPaths(file);
  await appendFile(file, "passed\n");
  await untilPaths(file, `${file}#2`);
  const ids = catalog.list.all.map(({ runId }) => runId).toSorted();
  assert.deepEqual(ids, ["log.runs", "log.runs.2"]);
  const glances = files.glances.length;
  await writeFile(file, "failed\npassed\n");
  await until(
    () => catalog.find("log.runs")?.flowName === "failed",
    () => String(catalog.find("log.runs")?.flowName),
  );
  assert.ok(files.glances.length > glances);
  assert.equal((await (await catalog.filesOf("log.runs.2"))?.allows("log.runs")) ?? false, true);
  assert.equal(await (await catalog.filesOf("log.runs.2"))?.allows("other.runs"), false);
  assert.equal(await catalog.filesOf("log.runs.3"), undefined);
  await writeFile(file, "failed\n");
  await untilPaths(file);
  await rename(file, join(root, "away.runs"));
  await untilPaths(join(root, "away.runs"));
  await rm(join(root, "away.runs"));
  await untilPaths();
});

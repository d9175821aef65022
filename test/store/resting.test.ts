import assert from "node:assert/strict";
import { mkdir, rename } from "node:fs/promises";
import { join } from "node:path";
import { test, type TestContext } from "node:test";
import { acpxSource } from "../../src/sources/acpx/acpx-source.ts";
import type { Source } from "../../src/sources/source.ts";
import { Watcher } from "../../src/sources/watcher.ts";
import { RunCatalog } from "../../src/store/run-catalog.ts";
import { AcpxRun } from "../helpers/acpx-run.ts";
import { ManualClock } from "../helpers/manual-clock.ts";
import { heldBySystem } from "../helpers/open-watches.ts";
import { refuseWatches } from "../helpers/refused-watches.ts";
import { tempDir } from "../helpers/temp-dir.ts";
import { until } from "../helpers/until.ts";

const RUNS = 40;

/** Counts what a source is asked for. */
class CountingSource implements Source {
  readonly below = [];
  readonly atHand = [];
  readonly type = "acpx";
  readonly label = "acpx flow";
  glancers = 0;
  stamps: string[] = [];
  readonly #source: Source;

  constructor(clock: ManualClock) {
    this.#source = acpxSource(clock);
  }

  glancer(dir: string) {
    this.glancers += 1;
    return this.#source.glancer(dir);
  }

  stampOf(dir: string) {
    this.stamps.push(dir);
    return this.#source.stampOf(dir);
  }

  follow(...args: Parameters<Source["follow"]>) {
    return this.#source.follow(...args);
  }
}

async function setUp(t: TestContext, write?: (root: string) => Promise<unknown>) {
  const root = await tempDir(t);
  await write?.(root);
  const clock = new ManualClock(Date.now());
  const source = new CountingSource(clock);
  const errors: unknown[] = [];
  const before = await heldBySystem();
  const watcher = new Watcher((trouble) => catalog.setTrouble(trouble), clock);
  const catalog = new RunCatalog({
    roots: [{ dir: root }],
    sources: [source],
    clock,
    watcher,
    onError: (error) => errors.push(error),
  });
  t.after(() => catalog.close());
  await catalog.start();
  /** Turns the crank in small steps until it holds: files take real time. */
  const turnUntil = (what: string, holds: () => boolean) =>
    until(
      holds,
      () => `not ${what}`,
      () => clock.advance(100),
    );
  return { root, clock, source, errors, before, catalog, until: turnUntil };
}

/** What was woken by its last writes is looked at once more; watches are then ended in the background. */
async function watchesReach(count: number, clock: ManualClock): Promise<void> {
  let watches: number | undefined;
  const isReached = async () => {
    watches = (await heldBySystem())?.watches;
    return watches === undefined || watches === count;
  };
  await until(
    isReached,
    () => `${watches} watches, not ${count}`,
    () => clock.advance(100),
  );
}

async function endedRuns(root: string, count = RUNS): Promise<void> {
  for (let index = 0; index < count; index += 1) {
    const startedAt = new Date(Date.UTC(2026, 0, 1) + index * 1_000).toISOString();
    const run = await new AcpxRun(root, `run-${String(index).padStart(3, "0")}`, startedAt).begin();
    await run.finish();
  }
}

test("ended runs that nobody reads have no watch and no open file, and are glanced at once", async (t) => {
  const { before, catalog, clock, root, source, until } = await setUp(t, endedRuns);
  await until("all of them", () => catalog.list.head.state.total === RUNS);
  const glances = source.glancers;
  await until("every stamp, twice", () => source.stamps.length >= 2 * RUNS);
  assert.equal(new Set(source.stamps).size, RUNS);
  assert.equal(source.glancers, glances, "a stamp that stands asks for nothing more");
  const held = await heldBySystem();
  if (held !== undefined) {
    assert.equal(held.watches, (before?.watches ?? 0) + 1, "the root's own");
    assert.deepEqual(
      held.files.filter((file) => file.startsWith(root)),
      [],
    );
  }
  assert.ok(clock.waiting <= 3, `${clock.waiting} timers for ${RUNS} runs`);
});

test("a run that is read is watched, and no more once its reader has left", async (t) => {
  const { catalog, clock, until } = await setUp(t, endedRuns);
  await until("all of them", () => catalog.list.head.state.total === RUNS);
  const idle = await heldBySystem();
  const open = await catalog.open("run-007", "whole");
  assert.ok(open !== undefined);
  assert.equal(open.topic.state.trace.length, 4);
  open.release();
  clock.advance(10_001);
  await until("the end of its topic", () => open.topic.hasEnded);
  await watchesReach(idle?.watches ?? 0, clock);
});

test("an active run is watched until it has ended; its last words are still taken in", async (t) => {
  const { before, catalog, clock, root, until } = await setUp(t, (dir) => endedRuns(dir, 3));
  const run = await new AcpxRun(root, "run-new", "2026-01-03T00:00:00.000Z").begin();
  await until("the new run", () => catalog.find("run-new")?.status === "running");
  assert.equal(catalog.list.head.state.order[0], "run-new");
  await run.writeLive({ status: "completed" });
  await until("its end", () => catalog.find("run-new")?.status === "completed");
  await run.writeManifest({
    status: "completed",
    finishedAt: "2026-01-03T00:05:00.000Z",
    runTitle: "All done",
  });
  await until("its last words", () => catalog.find("run-new")?.runTitle === "All done");
  await watchesReach((before?.watches ?? 0) + 1, clock);
});

test("an ended run whose stamp moves is glanced at anew, and goes on if it does", async (t) => {
  const { catalog, root, until } = await setUp(t, endedRuns);
  await until("all of them", () => catalog.list.head.state.total === RUNS);
  const again = new AcpxRun(root, "run-003", "2026-01-01T00:00:03.000Z");
  await again.writeLive({ status: "running", currentNode: "once more" });
  await again.writeManifest();
  await until("the run that goes on", () => catalog.find("run-003")?.currentNode === "once more");
});

test("a run that appears whole, by a rename, is found through the root's one watch", async (t) => {
  const { catalog, root, until } = await setUp(t, (dir) => endedRuns(dir, 3));
  const elsewhere = await tempDir(t);
  const run = await new AcpxRun(elsewhere, "run-whole").begin();
  await rename(run.dir, join(root, "run-whole"));
  await until("the run", () => catalog.find("run-whole") !== undefined);
});

test("a root called as one of its folders is watched on when that folder comes", async (t) => {
  const base = await tempDir(t);
  const root = join(base, "runs");
  await mkdir(root);
  const clock = new ManualClock(Date.now());
  const catalog = new RunCatalog({
    roots: [{ dir: root }],
    sources: [acpxSource(clock)],
    clock,
    watcher: new Watcher(() => {}),
    onError: assert.ifError,
  });
  t.after(() => catalog.close());
  await catalog.start();
  const held = await heldBySystem();
  await mkdir(join(root, "runs"));
  await new AcpxRun(root, "run-a").begin();
  await until(
    () => catalog.find("run-a") !== undefined,
    () => "not the run",
    () => clock.advance(20),
  );
  if (held !== undefined) assert.ok(((await heldBySystem())?.watches ?? 0) >= held.watches);
});

test("where nothing can be watched, all is found by looking, and the list says so", async (t) => {
  const free = refuseWatches();
  t.after(free);
  const { catalog, errors, root, until } = await setUp(t, (dir) => endedRuns(dir, 3));
  assert.match(catalog.list.head.state.trouble[0] ?? "", /limit of watched folders is reached/);
  const run = await new AcpxRun(root, "run-new").begin();
  await until("the new run", () => catalog.find("run-new")?.status === "running");
  await run.writeLive({ status: "waiting" });
  await until("its change", () => catalog.find("run-new")?.status === "waiting");
  free();
  await until("the end of the trouble", () => catalog.list.head.state.trouble.length === 0);
  assert.deepEqual(errors, []);
});

test("the newest names are listed first, and announced before the others", async (t) => {
  const { catalog, until } = await setUp(t, async (dir) => {
    for (let index = 0; index < 450; index += 1) {
      const startedAt = new Date(Date.UTC(2026, 0, 1) + index * 1_000).toISOString();
      await new AcpxRun(dir, `run-${1_000 + index}`, startedAt).writeManifest({ status: "completed" });
    }
  });
  const { order } = catalog.list.head.state;
  assert.equal(order[0], "run-1449");
  assert.ok(order.length >= 200, "the newest portion is there when it is said to be");
  await until("the others", () => catalog.list.head.state.total === 450);
});

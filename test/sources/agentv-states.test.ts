import assert from "node:assert/strict";
import { rename, rm, utimes, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { test, type TestContext } from "node:test";
import { type AgentvLayout, AgentvRun, type AgentvTest } from "../../scripts/demo/agentv-run.ts";
import { agentvSource } from "../../src/sources/agentv/agentv-source.ts";
import type { Glance } from "../../src/sources/source.ts";
import { judge } from "../../src/store/stall.ts";
import { Following } from "../helpers/following.ts";
import { ManualClock } from "../helpers/manual-clock.ts";
import { linesOf } from "../helpers/trace-lines.ts";
import { tempDir } from "../helpers/temp-dir.ts";

const START = new Date("2026-01-02T03:04:05.678Z");

function at(seconds: number): Date {
  return new Date(START.getTime() + seconds * 1_000);
}

function aCase(id: string, more: Partial<AgentvTest> = {}): AgentvTest {
  return { id, question: `Say ${id}.`, answer: id, score: 1, durationMs: 900, ...more };
}

const failing = { score: 0.5 };
const broken = { score: 0, error: "no such command" };

/** A run, a clock that stands still, and both who read it. */
async function stage(t: TestContext, layout: AgentvLayout, planned = 3, name?: string) {
  const root = await tempDir(t);
  const make = (startedAt: Date) =>
    new AgentvRun(root, startedAt, "/project/evals/words.eval.yaml", planned, {
      layout,
      ...(name === undefined ? {} : { name }),
    });
  const run = make(START);
  const clock = new ManualClock(Date.now());
  const source = agentvSource(clock);
  const glancer = source.glancer(run.dir);
  const glance = async (): Promise<Glance> => {
    const seen = await glancer.read();
    assert.ok(seen !== null);
    return seen;
  };
  /** Status, detail and counts, as the list has them and as who follows the run has them. */
  const look = async (following: Following): Promise<string> => {
    const { pulse, summary } = await glance();
    await following.read();
    const { run: file, tally } = following.state;
    assert.deepEqual(tally, summary.tally, "the list and the page say the same");
    assert.equal(file.status, pulse.status);
    assert.equal(file.statusDetail, summary.statusDetail);
    assert.equal(file.finishedAt, summary.finishedAt);
    const { done, errors, failed, passed, total } = summary.tally ?? {};
    const words = [judge(pulse, clock.now()).status, summary.statusDetail].filter(Boolean).join(", ");
    return `${words} ${done}/${total} = ${passed} + ${failed} + ${errors}`;
  };
  return { root, make, run, clock, source, glance, look };
}

for (const layout of ["A", "B"] as const) {
  test(`${layout}: from the stub on a run starts, runs, is finalised and has ended`, async (t) => {
    const { glance, look, run, source } = await stage(t, layout);
    await run.start();
    const following = new Following(source, run.dir);
    assert.equal(await look(following), "starting 0/3 = 0 + 0 + 0");
    const { summary } = await glance();
    assert.equal(summary.startedAt, START.toISOString());
    assert.equal(summary.flowName, "words.eval.yaml");
    assert.equal(summary.tally?.passRate, null);
    assert.equal(summary.finishedAt, undefined);
    await run.result(aCase("one"), at(1));
    assert.equal(await look(following), "running 1/3 = 1 + 0 + 0");
    await run.result(aCase("two", failing), at(2));
    await run.result(aCase("three", broken), at(3));
    assert.equal(await look(following), "finalising 3/3 = 1 + 1 + 1");
    const resultsTold = () =>
      linesOf(following.state.trace).filter((line) => line?.type === "test_result").length;
    assert.equal(resultsTold(), 3);
    await run.finishBeside();
    assert.equal(await look(following), "finalising 3/3 = 1 + 1 + 1");
    await run.finish(at(4));
    assert.equal(await look(following), "completed 3/3 = 1 + 1 + 1");
    assert.equal(resultsTold(), 3, "nothing is told twice");
    const files = linesOf(following.state.trace).filter((line) => line?.type === "test_files");
    assert.equal(files.length, 3, "what there is to open is told when it is there");
    await look(following);
    assert.equal(linesOf(following.state.trace).at(-1), files.at(-1), "once");
    const ended = await glance();
    assert.equal(ended.summary.tally?.passRate, 0.5);
    assert.equal(ended.summary.finishedAt, at(3).toISOString());
    assert.equal(
      ended.summary.startedAt,
      START.toISOString(),
      "the summary's time has moved, the start has not",
    );
    assert.equal(ended.pulse.silenceMs, null);
  });

  test(`${layout}: a run that was killed is silent, and no more is said; when it grows again it is resumed`, async (t) => {
    const { clock, look, run, source } = await stage(t, layout);
    await run.start();
    await run.result(aCase("one"), at(1));
    const following = new Following(source, run.dir);
    assert.equal(await look(following), "running 1/3 = 1 + 0 + 0");
    clock.advance(120_001);
    assert.equal(await look(following), "stalled 1/3 = 1 + 0 + 0");
    run.resume();
    await run.result(aCase("two"), at(300));
    assert.equal(await look(following), "running, resumed 2/3 = 2 + 0 + 0");
    await run.result(aCase("three"), at(301));
    await run.finish(at(302));
    assert.equal(await look(following), "completed 3/3 = 3 + 0 + 0");
    const late = new Following(source, run.dir);
    assert.equal(await look(late), "completed 3/3 = 3 + 0 + 0", "rows of both forms");
  });

  test(`${layout}: what failed is run again in the same folder: twelve rows for ten tests, the last counts`, async (t) => {
    const { look, run, source } = await stage(t, layout, 4);
    await run.start();
    for (const [index, more] of [{}, failing, broken, {}].entries())
      await run.result(aCase(`case-${index}`, more), at(index));
    await run.finish(at(5));
    const following = new Following(source, run.dir);
    assert.equal(await look(following), "completed 4/4 = 2 + 1 + 1");
    run.resume();
    await run.result(aCase("case-1"), at(10));
    assert.equal(await look(following), "running, resumed 4/4 = 3 + 0 + 1");
    const late = new Following(source, run.dir);
    assert.equal(await look(late), "running, resumed 4/4 = 3 + 0 + 1", "the rows tell who comes now, too");
    await run.result(aCase("case-2", failing), at(11));
    await run.finish(at(12));
    assert.equal(await look(following), "completed 4/4 = 3 + 1 + 0");
    const attempts = linesOf(following.state.trace).flatMap((line) =>
      line?.type === "test_result" ? [line.attemptId] : [],
    );
    assert.deepEqual(attempts.slice(-2), ["arithmetic/case-1/mock#2", "arithmetic/case-2/mock#2"]);
    const last = new Following(source, run.dir);
    assert.equal(await look(last), "completed 4/4 = 3 + 1 + 0");
  });

  for (const seen of ["stub", "row", "end"] as const)
    test(`${layout}: another run in the same folder is another run, if its ${seen} is seen first`, async (t) => {
      const { clock, glance, make, run, source } = await stage(t, layout, 2, "latest");
      await run.start();
      await run.result(aCase("one"), at(1));
      await run.result(aCase("two", failing), at(2));
      await run.finish(at(3));
      assert.equal((await glance()).summary.startedAt, at(0.1).toISOString(), "its first test's");
      const following = new Following(source, run.dir);
      await following.read();
      const other = make(at(60));
      await other.start();
      if (seen !== "stub") await other.result(aCase("one"), at(61));
      if (seen === "end") {
        await other.result(aCase("two"), at(62));
        await other.finish(at(63));
      }
      clock.advance(5_000);
      // AgentV 5 leaves the index until the first result: only then is it told.
      const isTold = layout === "A" || seen !== "stub";
      assert.equal((await following.follower.read("all")).kind, isTold ? "rewritten" : "read");
      const { summary } = await glance();
      assert.equal(summary.tally?.done, isTold ? { stub: 0, row: 1, end: 2 }[seen] : 2);
      if (isTold && seen !== "end") assert.equal(summary.startedAt, at(60).toISOString());
      if (isTold) return;
      await other.result(aCase("one"), at(61));
      assert.equal((await following.follower.read("all")).kind, "rewritten");
      assert.equal((await glance()).summary.tally?.done, 1);
    });
}

test("B: a row that another has written over is not lost to who saw it, and one that nobody saw comes at the end", async (t) => {
  const { glance, look, run, source } = await stage(t, "B", 3);
  await run.start();
  await run.result(aCase("one"), at(1));
  const following = new Following(source, run.dir);
  assert.equal(await look(following), "running 1/3 = 1 + 0 + 0");
  await writeFile(run.index, run.line(aCase("two"), at(1)));
  assert.equal(await look(following), "running 2/3 = 2 + 0 + 0");
  const late = new Following(source, run.dir);
  await late.read();
  await run.result(aCase("three"), at(3));
  await run.finishBeside();
  // Cut within the rewrite: the first row is one that the late reader has never seen.
  await writeFile(run.index, run.finalIndex().split("\n").slice(0, 1).join("\n") + "\n");
  await late.read();
  await glance();
  await run.finish(at(4));
  assert.equal(await look(following), "completed 3/3 = 3 + 0 + 0");
  assert.equal(await look(late), "completed 3/3 = 3 + 0 + 0");
  const times = linesOf(late.state.trace).map((line) => line?.at ?? "");
  assert.deepEqual(times, times.toSorted(), "it was known when it came to light");
});

test("a slow evaluation may be silent for longer, by what its tests have taken", async (t) => {
  const { clock, look, run, source } = await stage(t, "A");
  await run.start();
  await run.result(aCase("one", { durationMs: 200_000 }), at(200));
  const following = new Following(source, run.dir);
  await look(following);
  clock.advance(599_000);
  assert.equal(await look(following), "running 1/3 = 1 + 0 + 0");
  clock.advance(2_000);
  assert.equal(await look(following), "stalled 1/3 = 1 + 0 + 0");
});

test("a result that cannot be read does not keep a run from having ended", async (t) => {
  const { clock, glance, run } = await stage(t, "A");
  await run.start();
  await run.result(aCase("one"), at(1));
  await run.result(aCase("two"), at(2));
  await run.finish(at(3));
  const [first = "", second = ""] = run.finalIndex().split("\n");
  await writeFile(run.index, `${first.slice(0, 50)}\n${second}\n`);
  assert.equal((await glance()).pulse.status, "completed");
  // One whose row is missing altogether is waited for, but not for ever.
  await writeFile(run.index, `${second}\n`);
  await utimes(run.index, clock.now() / 1_000, clock.now() / 1_000);
  await utimes(run.summary, clock.now() / 1_000, clock.now() / 1_000);
  const late = agentvSource(clock).glancer(run.dir);
  assert.equal((await late.read())?.pulse.status, "finalising");
  clock.advance(2_000);
  assert.equal((await late.read())?.pulse.status, "completed");
});

test("a run is one from its stub on, or from its first result; a foreign file of the same name never is", async (t) => {
  const { glance, root, run, source } = await stage(t, "A");
  await run.start();
  const stub = join(root, "elsewhere");
  await rename(run.summary, stub);
  assert.equal(await source.glancer(run.dir).read(), null, "nobody knows yet how many tests there will be");
  await rename(stub, run.summary);
  assert.equal((await glance()).summary.tally?.total, 3);
  await run.result(aCase("one"), at(1));
  await rm(run.summary);
  assert.equal((await source.glancer(run.dir).read())?.pulse.status, "running");
  for (const name of ["benchmark.json", "summary.json"])
    for (const content of [
      "{}",
      "[]",
      "{",
      '{"metadata":{"skill_name":"x","timestamp":"2026-01-02T03:04:05Z"},"runs":[]}',
      '{"metadata":{"tests_run":[],"timestamp":"2026-01-02T03:04:05Z"}}',
      '{"summary":{"total":3}}',
    ]) {
      const folder = await tempDir(t);
      await writeFile(join(folder, name), content);
      await writeFile(join(folder, "index.jsonl"), '{"id":1}\n');
      assert.equal(await source.glancer(folder).read(), null, content);
    }
});

import assert from "node:assert/strict";
import { appendFile, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { test, type TestContext } from "node:test";
import fc from "fast-check";
import { WazaRun, type WazaTask } from "../../scripts/demo/waza-run.ts";
import { BundleFile } from "../../src/sources/bundle-file.ts";
import type { RunState } from "../../src/protocol/bundle.ts";
import { verdictOf } from "../../src/protocol/verdict.ts";
import { wazaSource } from "../../src/sources/waza/waza-source.ts";
import { specName } from "../../src/sources/waza/spec-name.ts";
import { failedSteps } from "../../viewer/find/find-steps.ts";
import { asOf } from "../../viewer/playback/as-of.ts";
import { RunIndex } from "../../viewer/playback/run-index.ts";
import { baselineAt } from "../../viewer/playback/tally-at.ts";
import { EVERY_TEST } from "../../viewer/results/filter.ts";
import { AT_FIRST } from "../../viewer/results/order.ts";
import { resultsAt } from "../../viewer/results/picture.ts";
import { ManualClock } from "../helpers/manual-clock.ts";
import { pageTally } from "../helpers/page-tally.ts";
import { tempDir } from "../helpers/temp-dir.ts";
import { readWaza, statesIn, toldBy } from "../helpers/waza-reading.ts";

const startedAt = new Date("2026-03-12T02:27:03.000Z");
const after = (ms: number) => new Date(startedAt.getTime() + ms);

const task = (name: string, status: WazaTask["status"] = "passed"): WazaTask => ({
  name,
  status,
  graders: [{ name: "check", passed: status === "passed" }],
});

async function begin(t: TestContext, taskCount: number): Promise<WazaRun> {
  const run = new WazaRun(await tempDir(t), { startedAt, taskCount });
  await run.start();
  return run;
}

function indexOf(state: RunState): RunIndex {
  const index = new RunIndex();
  index.extend(state);
  return index;
}

const glanceAt = async (dir: string, name: string, now = startedAt.getTime()) =>
  wazaSource(new ManualClock(now)).glancer(join(dir, name)).read();

test("a session in order: tests start, are graded and end, and its sums are the tally", async (t) => {
  const run = await begin(t, 3);
  assert.equal((await glanceAt(run.dir, run.file))?.summary.status, "starting");
  const tasks = [task("adds"), task("divides", "failed"), { ...task("waits", "skipped"), graders: [] }];
  for (const [index, each] of tasks.entries()) await run.run(each, after(index * 10), after(index * 10 + 5));
  const midway = await glanceAt(run.dir, run.file);
  assert.equal(midway?.summary.status, "running");
  assert.deepEqual(midway.summary.tally, {
    total: 3,
    done: 3,
    passed: 1,
    failed: 1,
    errors: 0,
    skipped: 1,
    passRate: 0.5,
  });
  await run.finish(tasks, after(40));
  const { state } = await readWaza(run.dir, run.file);
  assert.deepEqual(statesIn(state), { adds: "passed", divides: "failed", waits: "skipped" });
  assert.deepEqual(toldBy(state).graded, ["adds: check pass", "divides: check fail"]);
  assert.deepEqual(state.tally, midway.summary.tally);
  const ended = await glanceAt(run.dir, run.file);
  assert.equal(ended?.summary.status, "completed");
  assert.equal(ended.summary.runId, "20260312T022703Z-session");
  assert.equal(ended.summary.runTitle, "arithmetic · mock-model");
  assert.equal(ended.summary.finishedAt, after(40).toISOString());
  assert.equal(ended.pulse.silenceMs, null);
});

test("of parallel tests a grader is told without its test, unless one alone is open", async (t) => {
  const run = await begin(t, 2);
  await run.begin("adds", after(1));
  await run.begin("divides", after(2));
  await run.grade({ name: "check", passed: true }, after(3));
  await run.end(task("divides"), after(4));
  await run.grade({ name: "check", passed: false }, after(5));
  await run.end(task("adds", "failed"), after(6));
  const { state } = await readWaza(run.dir, run.file);
  assert.deepEqual(toldBy(state).graded, ["?: check pass", "adds: check fail"]);
  assert.deepEqual(statesIn(state), { divides: "passed", adds: "failed" });
});

test("tests from the cache come out as the sums decide, and stay open where they do not", async (t) => {
  const decided = await begin(t, 3);
  await decided.run(task("adds"), after(1), after(2));
  await decided.begin("divides", after(3));
  await decided.begin("waits", after(4));
  await decided.finish([task("adds"), task("divides", "failed"), task("waits", "failed")], after(5));
  const { state } = await readWaza(decided.dir, decided.file);
  assert.deepEqual(statesIn(state), { adds: "passed", divides: "failed", waits: "failed" });
  assert.equal(toldBy(state).results.get("divides")?.cached, true);
  assert.equal(toldBy(state).results.get("adds")?.cached, undefined);

  const undecided = await begin(t, 2);
  await undecided.begin("divides", after(3));
  await undecided.begin("waits", after(4));
  await undecided.finish([task("divides"), task("waits", "failed")], after(5));
  const other = await readWaza(undecided.dir, undecided.file);
  assert.deepEqual(statesIn(other.state), {});
  assert.equal(other.state.tally?.passed, 1);
  assert.equal(other.state.tally.failed, 1);
});

test("sums that say more than the tests are the tally from then on, whatever is told of the tests later", async (t) => {
  const run = await begin(t, 4);
  const tasks = [task("a"), task("b", "failed"), task("c", "failed"), task("d")];
  for (const [index, name] of ["a", "b", "c"].entries()) await run.begin(name, after(index + 1));
  await run.run(task("d"), after(5), after(6));
  await run.finish(tasks, after(10));
  const read = async () => {
    const { state } = await readWaza(run.dir, run.file);
    const summed = { total: 4, done: 4, passed: 2, failed: 2, errors: 0, skipped: 0, passRate: 0.5 };
    assert.deepEqual(state.tally, summed);
    assert.deepEqual(pageTally(state), summed);
    assert.deepEqual((await glanceAt(run.dir, run.file))?.summary.tally, summed);
    const before = pageTally(state, after(9).getTime());
    assert.deepEqual([before?.done, before?.total, before?.passRate], [1, 4, 1]);
    return state;
  };
  const state = await read();
  assert.deepEqual(statesIn(state), { d: "passed" });
  const { rows } =
    resultsAt(state, indexOf(state), Infinity, { filter: EVERY_TEST, order: AT_FIRST }).value ?? {};
  assert.deepEqual(
    rows?.map(({ name, state: each }) => `${name} ${each}`),
    ["a untold", "b untold", "c untold", "d passed"],
  );
  assert.equal(failedSteps(indexOf(state), 10, null).length, 0, "nobody says that they failed");
  await run.writeResults("results.json", run.results(tasks, after(10)));
  assert.deepEqual(statesIn(await read()), { a: "passed", b: "failed", c: "failed", d: "passed" });
});

test("a test that ends without a start has one, and says that it came to nothing", async (t) => {
  const run = await begin(t, 1);
  await run.end({ ...task("adds", "failed"), graders: [{ name: "check", passed: false }] }, after(1));
  const told = toldBy((await readWaza(run.dir, run.file)).state);
  assert.deepEqual(told.started, ["adds"]);
  assert.equal(told.results.get("adds")?.stage, "before the test");
});

test("trials are numbered, by their ends where the log tells them, else by graders that come again", async (t) => {
  const newer = await begin(t, 1);
  await newer.begin("adds", after(1));
  for (const trial of [1, 2]) {
    await newer.grade({ name: "check", passed: trial === 2 }, after(trial * 10));
    if (trial === 2) await newer.grade({ name: "check", passed: false }, after(trial * 10 + 1));
    await newer.trial("adds", trial, after(trial * 10 + 2));
  }
  // The second time in the second trial it was tried again, which is no trial.
  assert.deepEqual(toldBy((await readWaza(newer.dir, newer.file)).state).graded, [
    "adds: check fail",
    "adds: check pass 2",
    "adds: check fail 2",
  ]);

  const older = await begin(t, 1);
  await older.begin("adds", after(1));
  for (const trial of [1, 2, 3]) await older.grade({ name: "check", passed: true }, after(trial * 10));
  assert.deepEqual(toldBy((await readWaza(older.dir, older.file)).state).graded, [
    "adds: check pass",
    "adds: check pass 2",
    "adds: check pass 3",
  ]);
});

test("a comparison is one run: its second pass has tests of its own, and the first alone is counted", async (t) => {
  const run = await begin(t, 2);
  const first = [task("adds"), task("divides")];
  for (const [index, each] of first.entries()) await run.run(each, after(index * 10), after(index * 10 + 5));
  await run.start(after(30));
  await run.run(task("adds"), after(40), after(45));
  await run.run(task("divides", "failed"), after(50), after(55));
  const name = run.file;
  assert.equal((await glanceAt(run.dir, `${name}#2`))?.summary, undefined);
  await run.finish(first, after(60));
  const { state } = await readWaza(run.dir, name);
  assert.deepEqual(toldBy(state).started, [
    "adds",
    "divides",
    "adds/baseline (baseline)",
    "divides/baseline (baseline)",
  ]);
  const counted = { total: 2, done: 2, passed: 2, failed: 0, errors: 0, skipped: 0, passRate: 1 };
  assert.deepEqual(state.tally, counted);
  assert.equal(verdictOf("completed", state.tally), "passed");
  assert.deepEqual((await glanceAt(run.dir, name))?.summary.tally, counted);
  for (const ms of [29, 46, 60])
    assert.deepEqual(pageTally(state, after(ms).getTime()), counted, "the same before, within and after");
  const beside = (at: number) => baselineAt(asOf(state, new RunIndex(), at, null).steps);
  assert.equal(beside(after(39).getTime()), null);
  assert.equal(beside(after(46).getTime())?.passRate, 1);
  assert.equal(beside(after(60).getTime())?.passRate, 0.5);
});

test("a run that stops at its first failure has fewer tests done than planned", async (t) => {
  const run = await begin(t, 5);
  await run.run(task("adds", "failed"), after(1), after(2));
  await run.finish([task("adds", "failed")], after(3));
  const glance = await glanceAt(run.dir, run.file);
  assert.equal(glance?.summary.status, "completed");
  assert.equal(glance.summary.tally?.done, 1);
  assert.equal(glance.summary.tally.total, 5);
});

test("a run that was killed owes a sign of life, and an empty file is no run", async (t) => {
  const run = await begin(t, 2);
  await run.begin("adds", after(1));
  const glance = await glanceAt(run.dir, run.file, startedAt.getTime());
  assert.equal(glance?.summary.status, "running");
  assert.ok(glance.pulse.silenceMs !== null && glance.pulse.silenceMs >= 10 * 60_000);
  await writeFile(join(run.dir, "20260101T000000Z-session.jsonl"), "");
  assert.equal(await glanceAt(run.dir, "20260101T000000Z-session.jsonl"), null);
});

test("a last line without its end is read when nothing more comes", async (t) => {
  const run = await begin(t, 1);
  await run.run(task("adds"), after(1), after(2));
  await run.finish([task("adds")], after(3));
  const path = join(run.dir, run.file);
  await writeFile(path, (await readFile(path, "utf8")).trimEnd());
  assert.equal((await readWaza(run.dir, run.file)).state.run.status, "completed");
});

test("sessions that share a file are runs of their own, one after the other or mixed", async (t) => {
  const dir = await tempDir(t);
  const runs = ["a", "b", "c"].map(
    (model, index) => new WazaRun(dir, { startedAt, model, taskCount: index + 2 }),
  );
  const [one, two, three] = runs;
  assert.ok(one !== undefined && two !== undefined && three !== undefined);
  await one.start();
  await one.run(task("adds"), after(1), after(2));
  await one.run(task("divides"), after(3), after(4));
  await one.finish([task("adds"), task("divides")], after(5));
  // Two programs at once, each with its own tests.
  await two.start(after(10));
  await three.start(after(11));
  await two.begin("left", after(12));
  await three.begin("right", after(13));
  await three.end(task("right", "failed"), after(14));
  await two.end(task("left"), after(15));
  const shelf = wazaSource(new ManualClock()).shelf?.(dir);
  assert.deepEqual(await shelf?.names("all"), [one.file, `${one.file}#2`, `${one.file}#3`]);
  assert.deepEqual(statesIn((await readWaza(dir, one.file)).state), { adds: "passed", divides: "passed" });
  assert.deepEqual(statesIn((await readWaza(dir, `${one.file}#2`)).state), { left: "passed" });
  assert.deepEqual(statesIn((await readWaza(dir, `${one.file}#3`)).state), { right: "failed" });
  assert.equal((await glanceAt(dir, `${one.file}#2`))?.summary.runId, "20260312T022703Z-session.2");
  assert.equal((await glanceAt(dir, `${one.file}#2`))?.summary.path, join(dir, one.file));
});

test("however tests are mixed, counts only rise, and at the end they are the sums", async (t) => {
  const dir = await tempDir(t);
  // The log calls failed what the sums call an error.
  const statuses = fc.array(fc.constantFrom<WazaTask["status"]>("passed", "failed", "skipped", "error"), {
    minLength: 1,
    maxLength: 12,
  });
  let count = 0;
  await fc.assert(
    fc.asyncProperty(statuses, fc.infiniteStream(fc.nat(3)), async (states, choices) => {
      count += 1;
      const run = new WazaRun(join(dir, String(count)), { startedAt, taskCount: states.length });
      await run.start();
      const told = states.map((status) => (status === "error" ? "failed" : status));
      const tasks = told.map((status, index) => task(`task ${index % 5}`, status));
      const waiting = [...tasks];
      const open: WazaTask[] = [];
      const glancer = wazaSource(new ManualClock()).glancer(join(run.dir, run.file));
      let before = { done: 0, passed: 0, failed: 0 };
      const look = async () => {
        const tally = (await glancer.read())?.summary.tally;
        assert.ok(tally !== undefined && tally.total === states.length);
        const { done, failed, passed } = tally;
        assert.ok(done >= before.done && passed >= before.passed && failed >= before.failed);
        before = { done, passed, failed };
      };
      for (let ms = 1; waiting.length > 0 || open.length > 0; ms += 1) {
        const choice = choices.next().value;
        const next = choice === 0 && open.length < 3 ? waiting.shift() : undefined;
        const ending = choice === 1 ? open.shift() : undefined;
        if (next !== undefined) {
          await run.begin(next.name, after(ms));
          open.push(next);
        }
        if (choice === 2 && open.length > 0) await run.grade({ name: "check", passed: true }, after(ms));
        if (ending !== undefined) await run.end(ending, after(ms));
        if (choice === 3) await look();
      }
      await run.finish(
        states.map((status) => task("", status)),
        after(100_000),
      );
      await look();
      const { state } = await readWaza(run.dir, run.file);
      const results = [...toldBy(state).results.values()].map((result) => result.state);
      assert.deepEqual(results.toSorted(), told.toSorted());
      assert.equal(state.tally?.done, states.length);
      assert.equal(state.tally.failed, told.filter((status) => status === "failed").length);
      assert.deepEqual((await glancer.read())?.summary.tally, state.tally);
    }),
    { numRuns: 30 },
  );
});

test("the sums count what no line told, and nothing that was told is counted otherwise", async (t) => {
  const run = await begin(t, 4);
  await run.run(task("adds"), after(1), after(2));
  await run.run(task("divides", "failed"), after(3), after(4));
  await run.begin("cached", after(5));
  await run.begin("too", after(6));
  const sums = { total_tests: 4, passed: 2, failed: 1, errors: 1, duration_ms: 10 };
  await run.line("session_complete", sums, after(10));
  const { state } = await readWaza(run.dir, run.file);
  // Of the two that are open one passed and one could not be run; which, nobody can say.
  assert.deepEqual(statesIn(state), { adds: "passed", divides: "failed" });
  const { done, errors, failed, passed } = state.tally ?? assert.fail();
  assert.deepEqual({ done, errors, failed, passed }, { done: 4, errors: 1, failed: 1, passed: 2 });
});

test("amounts and times that can be none are as if they were not there", async (t) => {
  const run = await begin(t, 1);
  await run.begin("adds", after(1));
  const end = { task_name: "adds", status: "passed", score: -1, duration_ms: 1e18 };
  await run.line("task_complete", end, after(2));
  await run.line("session_complete", { total_tests: 1.5 }, after(3));
  await appendFile(
    join(run.dir, run.file),
    '{"timestamp":"+200000-01-01T00:00:00Z","type":"error","data":{}}\n',
  );
  const { state } = await readWaza(run.dir, run.file);
  const { durationMs, score } = toldBy(state).results.get("adds") ?? assert.fail();
  assert.deepEqual([durationMs, score], [undefined, undefined]);
  assert.equal(state.problems.count, 2);
  assert.equal((await glanceAt(run.dir, run.file))?.summary.tally?.passed, 1);
});

test("a long name costs its length once a line at most, and stays another than the next", async (t) => {
  const run = await begin(t, 2);
  const long = (end: string) => `${"long ".repeat(20_000)}${end}`;
  await run.run(task(long("one")), after(1), after(2));
  await run.run(task(long("two"), "failed"), after(3), after(4));
  const { state } = await readWaza(run.dir, run.file);
  assert.deepEqual(Object.values(statesIn(state)), ["passed", "failed"]);
  assert.ok(JSON.stringify(state.trace).length < 20_000);
});

test("a log of more sessions than any second has is read up to those, by one reader for all of them", async (t) => {
  const dir = await tempDir(t);
  const run = new WazaRun(dir, { startedAt, taskCount: 1 });
  for (let count = 0; count < 1_100; count += 1) await run.start(after(count));
  await run.begin("of the last", after(2_000));
  const source = wazaSource(new ManualClock(startedAt.getTime()));
  const names = (await source.shelf?.(dir).names("all")) ?? [];
  assert.equal(names.length, 1_000);
  const opened = t.mock.method(BundleFile.prototype, "open");
  for (const name of names) {
    const glance = await source.glancer(join(dir, name)).read();
    assert.equal(glance?.summary.status, "starting", "what follows is of none of them");
  }
  assert.ok(opened.mock.callCount() <= 3, `opened ${opened.mock.callCount()} times`);
});

test("types that nobody knows are passed over, and known ones with strange data are counted", async (t) => {
  const run = await begin(t, 1);
  await run.line("something_new", { task_name: 1 }, after(1));
  await run.line("task_complete", { task_name: 1 }, after(1));
  await appendFile(join(run.dir, run.file), '{"timestamp":"yesterday","type":"error","data":{}}\n');
  const { state } = await readWaza(run.dir, run.file);
  assert.equal(state.problems.count, 2);
});

test("an evaluation is called by the part of its spec's path that tells it from others", () => {
  assert.equal(specName("/home/me/skills/azure-deploy/evals/eval.yaml"), "azure-deploy");
  assert.equal(specName("evals\\deploy.yml"), "deploy");
  assert.equal(specName("eval.yaml"), "eval");
  assert.equal(specName(""), "evaluation");
});

test("whatever lines come, in whatever order, all that is told hangs together", async (t) => {
  const dir = await tempDir(t);
  const name = fc.constantFrom("a", "b", "c");
  const number = fc.nat(4);
  const status = fc.constantFrom("passed", "failed", "error", "skipped", "n/a", "odd");
  const some = <Data extends object>(type: string, data: fc.Arbitrary<Data>) =>
    data.map((each) => ({ type, data: each }));
  const anyLine = fc.oneof(
    some(
      "session_start",
      fc.record({ spec_path: name, model: name, task_count: fc.oneof(number, fc.constantFrom(-3, 2.5)) }),
    ),
    some("task_start", fc.record({ task_name: name, task_num: number, total_tasks: number })),
    some("grader_result", fc.record({ grader_name: name, passed: fc.boolean() })),
    some("run_complete", fc.record({ task_name: name, run_number: number })),
    some("task_complete", fc.record({ task_name: name, status })),
    some(
      "session_complete",
      fc.record({ total_tests: number, passed: number, failed: number, errors: number }),
    ),
    some("error", fc.record({ message: name })),
  );
  let count = 0;
  await fc.assert(
    fc.asyncProperty(fc.array(anyLine, { maxLength: 40 }), fc.nat(40), async (lines, until) => {
      count += 1;
      const cut = new WazaRun(join(dir, `${count} cut`), { startedAt, taskCount: 1 });
      for (const [index, { data, type }] of lines.slice(0, until).entries())
        await cut.line(type, data, after(index));
      const run = new WazaRun(join(dir, String(count)), { startedAt, taskCount: 1 });
      for (const [index, { data, type }] of lines.entries()) await run.line(type, data, after(index));
      const names = (await wazaSource(new ManualClock()).shelf?.(run.dir).names("all")) ?? [];
      for (const place of names) {
        const { state } = await readWaza(run.dir, place);
        assert.equal(state.problems.count, 0);
        const { graded, results, started } = toldBy(state);
        const known = new Set(started.map((each) => each.replace(" (baseline)", "")));
        assert.equal(known.size, started.length, "no two tests have one name");
        for (const test of results.keys()) assert.ok(known.has(test));
        for (const each of graded) assert.ok(each.startsWith("?: ") || known.has(each.replace(/: .*/, "")));
        const { tally } = state;
        assert.ok(tally !== undefined && tally.done <= tally.total);
        assert.deepEqual((await glanceAt(run.dir, place))?.summary.tally, tally);
        assert.deepEqual(pageTally(state), tally, "the page counts what the list does");
        const then = lines.length === 0 ? null : await glanceAt(cut.dir, place);
        if (then !== null)
          assert.deepEqual(
            pageTally(state, after(until - 1).getTime()),
            then.summary.tally,
            "as it did then",
          );
      }
    }),
    { numRuns: 150 },
  );
});

import assert from "node:assert/strict";
import { appendFile, mkdir, readdir, readFile, rm, utimes, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { test, type TestContext } from "node:test";
import fc from "fast-check";
import { taskOf, WazaRun, type WazaTask } from "../../scripts/demo/waza-run.ts";
import type { RunState } from "../../src/protocol/bundle.ts";
import { wazaSource } from "../../src/sources/waza/waza-source.ts";
import { BundleFile } from "../../src/sources/bundle-file.ts";
import { Following } from "../helpers/following.ts";
import { ManualClock } from "../helpers/manual-clock.ts";
import { tempDir } from "../helpers/temp-dir.ts";
import { linesOf } from "../helpers/trace-lines.ts";
import { readWaza, statesIn, toldBy } from "../helpers/waza-reading.ts";

const startedAt = new Date("2026-03-12T02:27:03.000Z");
const after = (ms: number) => new Date(startedAt.getTime() + ms);

const ADDS: WazaTask = {
  name: "Adds two",
  status: "passed",
  prompt: "What is 2 + 2?",
  answer: "4",
  durationMs: 400,
  tokens: [30, 4],
  graders: [{ name: "check", passed: true, type: "code", weight: 2, feedback: "right" }],
  tools: [{ name: "bash", input: { command: "expr 2 + 2" }, output: "4" }],
};
const DIVIDES: WazaTask = {
  name: "divides",
  status: "failed",
  prompt: "What is 1 / 0?",
  answer: "0",
  error: "it did not refuse",
  graders: [{ name: "check", passed: false }],
};
const TASKS = [ADDS, DIVIDES];

async function played(t: TestContext, isParallel = false): Promise<WazaRun> {
  const run = new WazaRun(await tempDir(t), { startedAt, taskCount: 2 });
  await run.start();
  if (isParallel) {
    for (const { name } of TASKS) await run.begin(name, after(1));
    for (const each of TASKS) await run.grade({ name: "check", passed: each.status === "passed" }, after(2));
    for (const each of TASKS) await run.end(each, after(3));
  } else for (const [index, each] of TASKS.entries()) await run.run(each, after(index), after(index));
  await run.finish(TASKS, after(2_000));
  return run;
}

/** What was said of a test, as its result points to it. */
function saidOf(state: RunState, name: string): string[] {
  const talk = toldBy(state).results.get(name)?.talk;
  const events = state.sessions["tests"]?.events;
  if (talk == null || events === undefined) return [];
  return Array.from({ length: talk[1] - talk[0] }, (_, index) => JSON.stringify(events.at(talk[0] + index)));
}

test("results that fit a session's end are joined to it, each thing told once", async (t) => {
  const run = await played(t);
  const clock = new ManualClock(Date.now());
  const following = await readWaza(run.dir, run.file, clock);
  const before = following.state.trace.length;
  assert.equal(toldBy(following.state).results.get("Adds two")?.tokens, undefined);
  await run.writeResults("results.json", run.results(TASKS, after(2_000)));
  await following.readToTheEnd(clock);
  const { state } = following;
  const adds = toldBy(state).results.get("Adds two");
  assert.equal(adds?.tokens, 34);
  assert.equal(adds.durationMs, 400);
  assert.deepEqual(adds.files, [{ role: "results", path: "results.json" }]);
  assert.equal(toldBy(state).results.get("divides")?.error, "it did not refuse");
  assert.equal(saidOf(state, "Adds two").length, 5);
  assert.match(saidOf(state, "Adds two").join("\n"), /What is 2 \+ 2.*"kind":"execute".*"rawOutput".*"4"/s);
  assert.equal(state.steps.length, 2, "a test that more is said of is no second step");
  assert.equal(state.steps.at(1)?.error, "it did not refuse");
  assert.ok(state.trace.length > before);
  const ops = following.ops.length;
  await run.writeResults("results.json", run.results(TASKS, after(2_000)));
  await following.readToTheEnd(clock);
  assert.equal(following.ops.length, ops, "written again, it says nothing new");
});

test("of parallel tests the results say whose the graders were", async (t) => {
  const run = await played(t, true);
  await run.writeResults("results.json", run.results(TASKS, after(2_000)));
  const { state } = await readWaza(run.dir, run.file);
  assert.deepEqual(toldBy(state).graded.toSorted(), [
    "?: check fail",
    "?: check pass",
    "Adds two: check pass",
    "divides: check fail",
  ]);
});

test("results of another run are not joined: another model, sum, length or start", async (t) => {
  const run = await played(t);
  const results = run.results(TASKS, after(2_000));
  const wrong = {
    "model.json": { ...results, config: { model_id: "other", engine_type: "mock" } },
    "sum.json": run.results([ADDS, ADDS], after(2_000)),
    "length.json": run.results(TASKS, after(2_001)),
    "start.json": { ...results, timestamp: after(1_000).toISOString() },
    "early.json": { ...results, timestamp: after(-3_600_000).toISOString() },
  };
  for (const [name, content] of Object.entries(wrong)) await run.writeResults(name, content);
  const { state } = await readWaza(run.dir, run.file);
  assert.equal(toldBy(state).results.get("Adds two")?.files, undefined);
  const shelf = wazaSource(new ManualClock()).shelf?.(run.dir);
  assert.deepEqual(await shelf?.names("all"), [run.file, ...Object.keys(wrong).toSorted()]);
  await run.writeResults("own.json", results);
  assert.deepEqual(await shelf?.names("all"), [run.file, ...Object.keys(wrong).toSorted()]);
});

test("results are found beside a log, in its results folder and above it, and are nobody else's then", async (t) => {
  for (const place of [".", "results", ".."]) {
    const root = await tempDir(t);
    const dir = join(root, place === ".." ? "results" : "logs");
    const run = new WazaRun(dir, { startedAt, taskCount: 2 });
    await run.start();
    for (const each of TASKS) await run.run(each, after(1), after(2));
    await run.finish(TASKS, after(2_000));
    await mkdir(join(dir, place), { recursive: true });
    await run.writeResults(join(place, "results.json"), run.results(TASKS, after(2_000)));
    const clock = new ManualClock(Date.now());
    const source = wazaSource(clock);
    const shelves = [join(dir, place), dir].map((each) => source.shelf?.(each));
    const following = new Following(source, join(dir, run.file));
    await following.readToTheEnd(clock);
    assert.equal(toldBy(following.state).results.get("Adds two")?.tokens, 34, place);
    const names = place === "." ? [run.file] : [];
    assert.deepEqual(await shelves[0]?.names("all"), names, place);
  }
});

test("above the folder of a log it is not looked where nobody looks for runs", async (t) => {
  const root = await tempDir(t);
  const run = new WazaRun(join(root, "results"), { startedAt, taskCount: 2 });
  await run.start();
  for (const [index, each] of TASKS.entries()) {
    await run.run(each, after(index * 1_000), after(index * 1_000 + 1));
    await run.transcript(each, after(index * 1_000), join(root, "transcripts"));
  }
  await run.finish(TASKS, after(2_000));
  await run.writeResults("../results.json", run.results(TASKS, after(2_000)));
  const { follower, state } = await readWaza(run.dir, run.file);
  assert.equal(toldBy(state).results.get("Adds two")?.tokens, undefined);
  assert.deepEqual(
    follower.folders.filter((folder) => !folder.startsWith(run.dir)),
    [],
  );
});

/** What was told of each test up to its first result, and of none what files add. */
function toldFirst(state: RunState): unknown[] {
  const ended = new Set<string>();
  return linesOf(state.trace).flatMap((line) => {
    if (line === undefined || ended.has(line.attemptId ?? "")) return [];
    if (line.type === "test_result") ended.add(line.attemptId ?? "");
    const { attemptId, payload, type } = line;
    return [{ attemptId, payload, type }];
  });
}

test("who watched was told the same first as who comes when all files are there", async (t) => {
  for (const isParallel of [false, true]) {
    const run = await played(t, isParallel);
    const clock = new ManualClock(Date.now());
    const following = await readWaza(run.dir, run.file, clock);
    const again = async () => {
      const fresh = await readWaza(run.dir, run.file);
      assert.deepEqual(toldFirst(following.state), toldFirst(fresh.state));
      assert.deepEqual(statesIn(following.state), statesIn(fresh.state));
      return fresh;
    };
    for (const [index, each] of TASKS.entries()) {
      await run.transcript({ ...each, status: "error" }, after(isParallel ? 1 : index));
      await following.readToTheEnd(clock);
      await again();
    }
    assert.deepEqual(statesIn(following.state), { "Adds two": "passed", divides: "failed" });
    await run.writeResults("results.json", run.results(TASKS, after(2_000)));
    await following.readToTheEnd(clock);
    const fresh = await again();
    assert.equal(toldBy(fresh.state).results.get("Adds two")?.tokens, 34);
    assert.deepEqual(following.state.tally, fresh.state.tally);
  }
});

test("what files say of tests from the cache comes after the session's end", async (t) => {
  const run = new WazaRun(await tempDir(t), { startedAt, taskCount: 2 });
  await run.start();
  for (const each of TASKS) {
    await run.begin(each.name, after(10));
    await run.transcript(each, after(11));
  }
  await run.finish(TASKS, after(20));
  const { state } = await readWaza(run.dir, run.file);
  const types = linesOf(state.trace).map((line) => line?.type);
  assert.ok(types.indexOf("run_completed") < types.indexOf("test_result"));
});

test("a folder of thousands of files is asked for those alone that are named", async (t) => {
  const run = await played(t);
  for (let count = 0; count < 300; count += 1) await writeFile(join(run.dir, `${count}.json`), "{}");
  const shelf = wazaSource(new ManualClock()).shelf?.(run.dir);
  assert.deepEqual(await shelf?.names("all"), [run.file]);
  const asked = t.mock.method(BundleFile.prototype, "stat");
  await writeFile(join(run.dir, "notes.txt"), "");
  assert.deepEqual(await shelf?.names(new Set(["notes.txt"])), [run.file]);
  assert.equal(asked.mock.callCount(), 0);
  await run.writeResults("own.json", run.results(TASKS, after(2_001)));
  assert.deepEqual(await shelf?.names(new Set(["own.json"])), [run.file, "own.json"]);
  assert.equal(asked.mock.callCount(), 1);
  await rm(join(run.dir, "own.json"));
  assert.deepEqual(await shelf?.names(new Set(["own.json"])), [run.file]);
  // What no event told is found in the end.
  await run.writeResults("7.json", run.results(TASKS, after(2_001)));
  const looks = [];
  for (let look = 0; look < 2; look += 1) looks.push(...((await shelf?.names("all")) ?? []));
  assert.ok(looks.includes("7.json"));
});

test("results that are being written over keep their place, and lose it as another kind of file", async (t) => {
  const dir = await tempDir(t);
  const run = new WazaRun(dir, { startedAt, taskCount: 2 });
  const text = JSON.stringify(run.results(TASKS, after(2_000)));
  const path = join(dir, "mine.json");
  const shelf = wazaSource(new ManualClock()).shelf?.(dir);
  await writeFile(path, text.slice(0, 60));
  assert.deepEqual(await shelf?.names("all"), [], "half of it has never been results");
  await writeFile(path, text);
  assert.deepEqual(await shelf?.names("all"), ["mine.json"]);
  for (const torn of ["", text.slice(0, 60), text.slice(0, -1)]) {
    await writeFile(path, torn);
    assert.deepEqual(await shelf?.names("all"), ["mine.json"]);
  }
  await writeFile(path, "{}");
  assert.deepEqual(await shelf?.names("all"), []);
});

test("a transcript is told with the end of its test, and no test has another's", async (t) => {
  const run = new WazaRun(await tempDir(t), { startedAt, taskCount: 3 });
  await run.start();
  await run.begin("Adds two", after(10));
  // Of a run an hour before, with a test of that name; and of a name that is the same in a file's.
  await run.transcript({ ...ADDS, answer: "other" }, after(-3_600_000));
  await run.transcript({ ...ADDS, name: "adds-two", answer: "other" }, after(1_000));
  await run.transcript(ADDS, after(11), join(run.dir, "transcripts"));
  const clock = new ManualClock(Date.now());
  const following = await readWaza(run.dir, run.file, clock);
  assert.deepEqual(statesIn(following.state), {}, "its end is told by the log");
  await run.end(ADDS, after(500));
  await following.readToTheEnd(clock);
  const said = saidOf(following.state, "Adds two");
  assert.equal(said.length, 5);
  assert.ok(!said.join("").includes("other"));
  const result = toldBy(following.state).results.get("Adds two");
  assert.equal(result?.tokens, 34);
  assert.deepEqual(toldBy(following.state).graded, ["Adds two: check pass"]);
  assert.equal(result.files?.[0]?.role, "transcript");
});

test("a test from the cache comes out as its transcript says, where the sums do not decide", async (t) => {
  const run = new WazaRun(await tempDir(t), { startedAt, taskCount: 2 });
  await run.start();
  for (const each of TASKS) {
    await run.begin(each.name, after(10));
    await run.transcript(each, after(11));
  }
  await run.finish(TASKS, after(20));
  const { state } = await readWaza(run.dir, run.file);
  assert.deepEqual(statesIn(state), { "Adds two": "passed", divides: "failed" });
  assert.equal(toldBy(state).results.get("divides")?.cached, true);
});

test("written as waza writes and cut anywhere, a run with transcripts and results ends as read at once", async (t) => {
  const dir = await tempDir(t);
  const whole = new WazaRun(join(dir, "whole"), { startedAt, taskCount: 2 });
  // Every write in its order, as pieces of bytes of one file.
  const writes: { readonly file: string; readonly bytes: Buffer }[] = [];
  const sizes = new Map<string, number>();
  const note = async () => {
    for (const file of await readdir(whole.dir)) {
      const bytes = await readFile(join(whole.dir, file));
      const known = sizes.get(file) ?? 0;
      if (bytes.length > known) writes.push({ file, bytes: bytes.subarray(known) });
      sizes.set(file, bytes.length);
    }
  };
  const then = async (write: Promise<unknown>) => {
    await write;
    await note();
  };
  await then(whole.start());
  for (const [index, each] of TASKS.entries()) {
    await then(whole.begin(each.name, after(index * 1_000 + 1)));
    await then(whole.grade({ name: "check", passed: each.status === "passed" }, after(index * 1_000 + 3)));
    await then(whole.transcript(each, after(index * 1_000 + 1)));
    await then(whole.end(each, after(index * 1_000 + 5)));
  }
  await then(whole.finish(TASKS, after(2_000)));
  await then(whole.writeResults("out.json", whole.results(TASKS, after(2_000))));
  const expected = JSON.parse(JSON.stringify((await readWaza(whole.dir, whole.file)).state));

  let count = 0;
  await fc.assert(
    fc.asyncProperty(fc.infiniteStream(fc.double({ min: 0, max: 1, noNaN: true })), async (cuts) => {
      count += 1;
      const part = join(dir, String(count));
      await mkdir(part);
      const clock = new ManualClock(Date.now());
      const following = new Following(wazaSource(clock), join(part, whole.file));
      let lengths = following.lengths();
      for (const { bytes, file } of writes) {
        const cut = Math.floor(cuts.next().value * bytes.length);
        for (const piece of [bytes.subarray(0, cut), bytes.subarray(cut)]) {
          await appendFile(join(part, file), piece);
          if (cuts.next().value < 0.3) continue;
          await following.read();
          for (const [log, length] of lengths) assert.ok((following.lengths().get(log) ?? 0) >= length, log);
          lengths = following.lengths();
        }
      }
      await following.readToTheEnd(clock);
      assert.deepEqual(JSON.parse(JSON.stringify(following.state)), expected);
    }),
    { numRuns: 20 },
  );
});

test("only results: tests of the moment at which they were written, with a state for each word", async (t) => {
  const dir = await tempDir(t);
  const run = new WazaRun(dir, { startedAt, model: "m", taskCount: 4 });
  const tasks = [
    ADDS,
    { ...DIVIDES, status: "error" as const },
    { ...DIVIDES, name: "gone", status: "n/a" as const },
  ];
  await run.start();
  await rm(join(dir, run.file));
  await run.writeResults("mine.json", run.results(tasks, after(2_000), { eval_id: "one" }));
  const source = wazaSource(new ManualClock());
  assert.deepEqual(await source.shelf?.(dir).names("all"), ["mine.json"]);
  const glance = await source.glancer(join(dir, "mine.json")).read();
  assert.equal(glance?.summary.runId, "one");
  assert.equal(glance.summary.flowName, "arithmetic-eval");
  assert.equal(glance.summary.runTitle, "arithmetic-eval · m");
  assert.equal(glance.summary.status, "completed");
  const { state } = await readWaza(dir, "mine.json");
  assert.deepEqual(statesIn(state), { "Adds two": "passed", divides: "error", gone: "skipped" });
  assert.deepEqual(state.tally, {
    total: 3,
    done: 3,
    passed: 1,
    failed: 0,
    errors: 1,
    skipped: 1,
    passRate: 1,
  });
  assert.deepEqual(state.tally, glance.summary.tally);
  assert.equal(saidOf(state, "Adds two").length, 5);
  const times = new Set(Array.from({ length: state.trace.length }, (_, line) => state.trace.at(line)?.at));
  assert.deepEqual([...times], [after(1_998).toISOString()]);
});

test("only the results of a comparison: both passes, each test by its variant", async (t) => {
  const dir = await tempDir(t);
  const run = new WazaRun(dir, { startedAt, taskCount: 2 });
  await mkdir(dir, { recursive: true });
  const baseline = { tasks: TASKS.map((each) => taskOf({ ...each, status: "failed" })) };
  const results = run.results(TASKS, after(2_000), { is_baseline: true, baseline_outcome: baseline });
  await run.writeResults("both.json", results);
  const { state } = await readWaza(dir, "both.json");
  assert.deepEqual(toldBy(state).started, [
    "Adds two (with skill)",
    "divides (with skill)",
    "Adds two/baseline (baseline)",
    "divides/baseline (baseline)",
  ]);
  assert.deepEqual([state.tally?.total, state.tally?.passed, state.tally?.failed], [2, 1, 1]);
});

test("results that are written over are another run", async (t) => {
  const dir = await tempDir(t);
  const run = new WazaRun(dir, { startedAt, taskCount: 2 });
  await mkdir(dir, { recursive: true });
  await run.writeResults("r.json", run.results(TASKS, after(2_000)));
  const clock = new ManualClock(Date.now());
  const following = await readWaza(dir, "r.json", clock);
  const path = join(dir, "r.json");
  await utimes(path, new Date(), new Date(Date.now() + 5_000));
  assert.equal((await following.follower.read("all")).kind, "read", "touched is not written");
  await run.writeResults("r.json", run.results([ADDS], after(9_000)));
  await utimes(path, new Date(), new Date(Date.now() + 9_000));
  assert.equal((await following.follower.read("all")).kind, "rewritten");
});

test("a run's files are told one by one, though the log lacks its last newline", async (t) => {
  const run = await played(t);
  const [folder, path] = [join(run.dir, "transcripts"), join(run.dir, run.file)];
  const transcript = await run.transcript(ADDS, after(1), folder);
  const stranger = await run.transcript({ ...ADDS, name: "other" }, after(1), folder);
  await mkdir(join(run.dir, "results"));
  await run.writeResults("results/r.json", run.results(TASKS, after(2_000)));
  await writeFile(path, (await readFile(path, "utf8")).trimEnd());
  const files = wazaSource(new ManualClock()).files?.(path);
  assert.equal(await files?.allows(`transcripts/${transcript}`), true);
  assert.equal(await files?.allows("results/r.json"), true);
  const opened = t.mock.method(BundleFile.prototype, "open");
  for (const name of [`transcripts/${stranger}`, "transcripts/none.json", "x/r.json", "results/../r.json"])
    assert.equal(await files?.allows(name), false, name);
  assert.ok(opened.mock.callCount() <= 2, "asked of the file alone");
});

test("of a folder of strangers only the run's own files may be shown", async (t) => {
  const run = await played(t);
  await writeFile(join(run.dir, "package.json"), '{"name":"x"}');
  await writeFile(join(run.dir, "notes.json"), '{"eval_id": 3');
  await run.transcript({ ...ADDS, answer: "other" }, after(-3_600_000));
  const transcript = await run.transcript(ADDS, after(1));
  await run.writeResults("results.json", run.results(TASKS, after(2_000)));
  const source = wazaSource(new ManualClock());
  const files = source.files?.(join(run.dir, run.file));
  assert.equal(files?.dir, run.dir);
  const allowed = [];
  for (const name of await readdir(run.dir)) if (await files.allows(name)) allowed.push(name);
  assert.deepEqual(allowed.toSorted(), [run.file, transcript, "results.json"].toSorted());
  assert.equal(await files.allows("../etc.json"), false);
  assert.deepEqual(await source.shelf?.(run.dir).names("all"), [run.file]);
});

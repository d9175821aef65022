import assert from "node:assert/strict";
import { appendFile, mkdir, readFile, rm, symlink, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { test, type TestContext } from "node:test";
import * as v from "valibot";
import { AgentvRun, type AgentvTest } from "../../scripts/demo/agentv-run.ts";
import { TestFiles, TestResult } from "../../src/protocol/test-lines.ts";
import { agentvSource } from "../../src/sources/agentv/agentv-source.ts";
import { SideTexts } from "../../src/sources/agentv/side-texts.ts";
import { WholeRows } from "../../src/sources/agentv/whole-rows.ts";
import { BundleFile } from "../../src/sources/bundle-file.ts";
import { EvaluationDraft } from "../../src/sources/evaluation/evaluation-draft.ts";
import { createDraft } from "../../src/store/draft.ts";
import { Following } from "../helpers/following.ts";
import { ManualClock } from "../helpers/manual-clock.ts";
import { linesOf } from "../helpers/trace-lines.ts";
import { tempDir } from "../helpers/temp-dir.ts";

const START = Date.parse("2026-01-02T03:04:05.678Z");

function aCase(id: string): AgentvTest {
  return { id, question: `Say ${id}.`, answer: id, score: 1, durationMs: 900 };
}

/** A run of these rows, as nobody may ever have written them. */
async function rowsOf(t: TestContext, rows: readonly object[], planned: unknown = 2) {
  const dir = await tempDir(t);
  const metadata = { eval_file: "e.yaml", timestamp: new Date(START).toISOString(), tests_run: [] };
  const summary = JSON.stringify({ metadata: { ...metadata, planned_test_count: planned } });
  await writeFile(join(dir, "benchmark.json"), summary);
  const common = { score: 1, execution_status: "ok" };
  const lines = rows.map((row, index) => ({
    timestamp: new Date(START + index).toISOString(),
    test_id: `t${index}`,
    ...common,
    ...row,
  }));
  await writeFile(join(dir, "index.jsonl"), lines.map((row) => `${JSON.stringify(row)}\n`).join(""));
  const clock = new ManualClock(Date.now());
  return { dir, clock, source: agentvSource(clock) };
}

test("numbers that are none count as missing and are told; the run is read all the same", async (t) => {
  for (const duration_ms of [-1e18, 1e18, -1, "5"]) {
    const { dir, source } = await rowsOf(t, [{ duration_ms }, { score: -0.5, cost_usd: -1 }, {}]);
    const following = new Following(source, dir);
    await following.read();
    const { problems, tally } = following.state;
    assert.equal(tally?.done, 3);
    assert.deepEqual((await source.glancer(dir).read())?.summary.tally, tally);
    assert.deepEqual(
      problems.listed.map(({ message }) => message.split(" as its ")[1]),
      ["duration_ms.", "cost_usd.", "score."],
    );
    const [first, second] = linesOf(following.state.trace).flatMap((line) =>
      line?.type === "test_result" ? [v.parse(TestResult, line.payload)] : [],
    );
    assert.deepEqual([first?.durationMs, second?.score, second?.costUsd], [null, null, null]);
  }
  for (const planned of [1.5, -3, 1e300]) {
    const { dir, source } = await rowsOf(t, [{}], planned);
    const following = new Following(source, dir);
    await following.read();
    assert.equal(following.state.tally?.total, 1, String(planned));
    assert.deepEqual(
      following.state.problems.listed.map(({ file }) => file),
      ["benchmark.json"],
    );
  }
  const { dir, source } = await rowsOf(t, [{ timestamp: "+275760-09-12T00:00:00Z" }, {}]);
  assert.equal((await source.glancer(dir).read())?.summary.tally?.done, 1);
});

test("a long name is not repeated in every line of its test", async (t) => {
  const long = { test_id: "a".repeat(100_000), suite: "s".repeat(100_000), target: "t".repeat(100_000) };
  const call = { role: "assistant", tool_calls: Array.from({ length: 200 }, () => ({ tool: "x" })) };
  const { dir, source } = await rowsOf(t, [
    { ...long, trace: { messages: [call] } },
    { ...long, test_id: `${long.test_id}b` },
  ]);
  const following = new Following(source, dir);
  await following.read();
  const { sessions, tally, trace } = following.state;
  assert.equal(tally?.done, 2, "two names of one beginning are two");
  assert.ok(JSON.stringify(sessions["tests"]).length < 200 * 400, "said once a line");
  assert.ok(JSON.stringify(linesOf(trace)).length < 20_000);
});

test("a row of very many calls or graders is told as far as anybody would read it", async (t) => {
  const tool_calls = Array.from({ length: 30_000 }, () => ({ tool: "x" }));
  const scores = Array.from({ length: 5_000 }, () => ({ name: "g" }));
  const messages = [
    { role: "user", content: "Why?" },
    { role: "assistant", tool_calls },
  ];
  const { dir, source } = await rowsOf(t, [{ scores, trace: { messages } }, {}]);
  const following = new Following(source, dir);
  await following.read();
  const events = following.state.sessions["tests"]?.events;
  assert.ok(events !== undefined && events.length < 20_010);
  assert.match(JSON.stringify(events.at(events.length - 2)), /said too much to be shown/);
  assert.match(JSON.stringify(events.at(events.length - 1)), /end_turn/);
  assert.ok(following.state.trace.length < 1_010);
});

test("past its room a run's talk is cut short and says so; its tests are counted all the same", () => {
  const following = new Following(agentvSource(new ManualClock()), "/nowhere");
  const out = new EvaluationDraft(createDraft(following), "whole", 4_000);
  const at = new Date(START).toISOString();
  const say = (id: string) =>
    out.say(at, [
      { direction: "outbound", message: { id, method: "session/prompt", params: {} } },
      ...Array.from({ length: 20 }, (_, index) => ({
        direction: "inbound" as const,
        message: { method: "session/update", params: { words: "x".repeat(400), index } },
      })),
      { direction: "inbound", message: { id, result: {} } },
    ]);
  const [from, to] = say("one") ?? [0, 0];
  assert.ok(to - from > 5 && to - from < 15);
  const second = say("two");
  assert.deepEqual(second, [to, to + 1], "one line for what nobody holds");
  const attempt = { test: "a", number: 1 };
  out.testStarted(at, attempt, { test: "a" });
  const long = {
    verdict: "pass" as const,
    name: "g",
    assertions: [{ text: "y".repeat(5_000), passed: true }],
  };
  out.graderResult(at, attempt, long);
  out.testResult(at, attempt, { state: "error", error: "y".repeat(5_000), talk: second });
  out.settle();
  const words = JSON.stringify(following.state.sessions["tests"]?.events);
  assert.match(words, /… \(\d+ more messages are not shown.*"id":"one","result"/);
  assert.match(words, /\(22 more messages are not shown/);
  const told = JSON.stringify(linesOf(following.state.trace));
  assert.ok(told.length < 3_000 && told.includes("What it said is not shown"));
});

test("a file that many rows name is read once, and again when it was written", async (t) => {
  const dir = await tempDir(t);
  const name = join(dir, "a.txt");
  await writeFile(name, "one");
  const texts = new SideTexts(dir);
  const read = async () => {
    const { kind, ...rest } = await texts.read("a.txt");
    return kind === "text" ? Object.values(rest)[0] : kind;
  };
  const first = await read();
  assert.equal(first, "one");
  assert.equal(texts.reads, 1);
  await read();
  assert.equal(texts.reads, 1);
  await writeFile(name, "three");
  assert.equal(await read(), "three");
  await rm(name);
  assert.equal(await read(), "missing");
  const few = new SideTexts(dir, 10);
  await writeFile(name, "seven..");
  for (let look = 0; look < 3; look += 1) assert.equal((await few.read("a.txt")).kind, "text");
  few.tell(7);
  assert.equal((await few.read("a.txt")).kind, "refused", "what was told is enough");
});

test("a row that was written over before it was told whole is told when it is there again", async (t) => {
  const run = new AgentvRun(await tempDir(t), new Date(START), "words.eval.yaml", 3);
  await run.start();
  for (const id of ["one", "two"]) await run.result(aCase(id), new Date(START + 1_000));
  const clock = new ManualClock(Date.now());
  const following = new Following(agentvSource(clock), run.dir);
  const original = WholeRows.prototype.read;
  t.after(() => {
    WholeRows.prototype.read = original;
  });
  // As if the end had begun between the two readings.
  WholeRows.prototype.read = async (rows) => {
    WholeRows.prototype.read = original;
    await run.finish(new Date(START + 2_000), ["two", "one"]);
    return original.call(new WholeRows(new BundleFile(run.dir, "index.jsonl")), rows);
  };
  assert.ok((await following.read()) !== undefined, "it is looked at again");
  await following.readToTheEnd(clock);
  const results = linesOf(following.state.trace).filter((line) => line?.type === "test_result");
  assert.deepEqual(
    results.map((line) => line?.payload?.["test"]),
    ["one", "two"],
  );
  const words = JSON.stringify(following.state.sessions["tests"]?.events);
  assert.ok(words.includes("Say one.") && words.includes("Say two."));
  assert.equal(following.state.problems.count, 0);
});

test("the files of very many results are told in parts, each once", async (t) => {
  const run = new AgentvRun(await tempDir(t), new Date(START), "words.eval.yaml", 2_100);
  await run.start();
  const lines = Array.from({ length: 2_100 }, (_, index) =>
    run.line(aCase(`t${index}`), new Date(START + index)),
  );
  await writeFile(run.index, lines.join(""));
  const clock = new ManualClock(Date.now());
  const following = new Following(agentvSource(clock), run.dir);
  await following.read();
  await run.writeIndex(run.finalIndex());
  const told = () => linesOf(following.state.trace).filter((line) => line?.type === "test_files");
  assert.ok((await following.read()) !== undefined);
  assert.ok(told().length > 0 && told().length < 2_100, "not all in one look");
  await following.readToTheEnd(clock);
  assert.equal(told().length, 2_100);
  assert.equal(new Set(told().map((line) => line?.attemptId)).size, 2_100);
  assert.ok(told().every((line) => v.parse(TestFiles, line?.payload).files.length > 3));
});

test("a summary that is none and an index that may not be read are problems of the run", async (t) => {
  const { clock, dir, source } = await rowsOf(t, [{}]);
  await writeFile(join(dir, "benchmark.json"), "{nonsense");
  const following = new Following(source, dir);
  await following.readToTheEnd(clock);
  assert.deepEqual(
    following.state.problems.listed.map(({ file, kind }) => [file, kind]),
    [["benchmark.json", "malformed"]],
  );
  const other = await rowsOf(t, [{}]);
  const outside = join(await tempDir(t), "index.jsonl");
  await writeFile(outside, await readFile(join(other.dir, "index.jsonl")));
  await rm(join(other.dir, "index.jsonl"));
  await symlink(outside, join(other.dir, "index.jsonl"));
  const refused = new Following(other.source, other.dir);
  for (let look = 0; look < 3; look += 1) await refused.read();
  assert.deepEqual(
    refused.state.problems.listed.map(({ file, kind }) => [file, kind]),
    [["index.jsonl", "refused"]],
  );
  assert.equal((await other.source.glancer(other.dir).read())?.summary.tally?.done, 0);
});

test("when another score becomes a pass, the list and the page say the same, and the stamp moves", async (t) => {
  const root = await tempDir(t);
  const run = new AgentvRun(join(root, ".agentv", "results"), new Date(START), "words.eval.yaml", 1, {
    layout: "B",
  });
  await run.start();
  await run.result({ ...aCase("one"), score: 0.6 }, new Date(START + 1_000));
  await run.finish(new Date(START + 2_000));
  const clock = new ManualClock(Date.now());
  const source = agentvSource(clock);
  const glancer = source.glancer(run.dir);
  const before = await glancer.read();
  assert.equal(before?.summary.tally?.passed, 0);
  const following = new Following(source, run.dir);
  await following.readToTheEnd(clock);
  await writeFile(join(root, ".agentv", "config.yaml"), "dashboard:\n  threshold: 0.5\n");
  assert.notEqual(await source.stampOf(run.dir), before?.stamp);
  const after = await glancer.read();
  assert.equal(after?.summary.tally?.passed, 1);
  assert.equal(after?.stamp, await source.stampOf(run.dir));
  assert.equal((await following.follower.read("all")).kind, "rewritten", "the page begins anew");
});

for (const layout of ["A", "B"] as const)
  test(`${layout}: of a run in a project's own folder nothing is shown but what is the run's`, async (t) => {
    const project = await tempDir(t);
    const run = new AgentvRun(project, new Date(START), "words.eval.yaml", 1, { layout, name: "." });
    await run.start();
    await run.result(aCase("one"), new Date(START + 1_000));
    await run.finish(new Date(START + 2_000));
    await mkdir(join(project, "src"));
    for (const name of [".env", "package.json", "src/index.ts", ".internal/other"])
      await writeFile(join(project, name), "secret").catch(() => undefined);
    await appendFile(
      run.index,
      `${JSON.stringify({
        timestamp: new Date(START + 3_000).toISOString(),
        test_id: "evil",
        artifact_dir: ".",
        transcript_path: ".env",
        answer_path: "./src/../.env",
      })}\n`,
    );
    const clock = new ManualClock(Date.now());
    const source = agentvSource(clock);
    const files = source.files?.(project);
    assert.equal(files?.dir, project);
    for (const name of [
      ".env",
      "package.json",
      "src/index.ts",
      "./.env",
      "src/../.env",
      ".internal/other",
      ".",
    ])
      assert.equal(await files?.allows(name), false, name);
    const own =
      layout === "A"
        ? ["benchmark.json", "index.jsonl", "timing.json"]
        : ["summary.json", ".internal/index.jsonl"];
    for (const name of own) assert.equal(await files?.allows(name), true, name);
    const following = new Following(source, project);
    await following.readToTheEnd(clock);
    assert.doesNotMatch(JSON.stringify(following.state), /secret/);
    const listed = linesOf(following.state.trace).flatMap((line) =>
      line?.type === "test_result" ? (v.parse(TestResult, line.payload).files ?? []) : [],
    );
    assert.ok(listed.length > 3);
    for (const { path } of listed) assert.equal(await files?.allows(path), true, path);
    const folder = layout === "A" ? "arithmetic/one" : (listed[0]?.path.split("/")[0] ?? "");
    assert.equal(await files?.allows(`${folder}/more.json`), true, "a file in a test's folder");
    assert.equal(await files?.allows(`${folder}/.hidden`), false);
    assert.equal(await files?.allows(`${folder}-other/more.json`), false);
  });

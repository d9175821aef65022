import assert from "node:assert/strict";
import { mkdir, readFile, rm, symlink, truncate, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { test, type TestContext } from "node:test";
import * as v from "valibot";
import { AgentvRun, type AgentvTest } from "../../scripts/demo/agentv-run.ts";
import { GraderResult, TestResult } from "../../src/protocol/test-lines.ts";
import { agentvSource } from "../../src/sources/agentv/agentv-source.ts";
import { thresholdIn } from "../../src/sources/agentv/threshold.ts";
import { toolKind } from "../../src/sources/tool-kind.ts";
import { Following } from "../helpers/following.ts";
import { ManualClock } from "../helpers/manual-clock.ts";
import { tempDir } from "../helpers/temp-dir.ts";
import { linesOf } from "../helpers/trace-lines.ts";

const START = new Date("2026-01-02T03:04:05.678Z");
const END = new Date(START.getTime() + 1_000);

const hard: AgentvTest = {
  id: "hard",
  question: "Which word?",
  answer: "None",
  score: 0.5,
  durationMs: 900,
  tokens: [100, 20],
  costUsd: 0.5,
  tools: [
    { name: "Edit", input: { file_path: "a.md", old_string: "one", new_string: "two" }, output: "done" },
    { name: "Bash", input: { command: "cat\n  a.md" }, output: "no such file", durationMs: 70, failed: true },
  ],
  graders: [
    {
      name: "judge",
      type: "llm-grader",
      score: 0.5,
      weight: 2,
      reasoning: "Half of it is there.",
      assertions: [
        { text: "names a word", passed: true },
        { text: "names the right one", passed: false, evidence: "it says None" },
      ],
    },
  ],
};

async function ended(t: TestContext, layout: "A" | "B", root?: string) {
  const run = new AgentvRun(root ?? (await tempDir(t)), START, "words.eval.yaml", 1, { layout });
  await run.start();
  await run.result(hard, END);
  const clock = new ManualClock(Date.now());
  const source = agentvSource(clock);
  const watched = new Following(source, run.dir);
  await watched.read();
  await run.finish(END);
  const late = async () => {
    const following = new Following(source, run.dir);
    await following.readToTheEnd(clock);
    return following;
  };
  return { run, clock, source, watched, late };
}

function payloads<Value>(
  { state: { trace } }: Following,
  type: string,
  schema: v.GenericSchema<unknown, Value>,
): Value[] {
  return Array.from({ length: trace.length }, (_, line) => trace.at(line)).flatMap((line) =>
    line?.type === type ? [v.parse(schema, line.payload)] : [],
  );
}

function talk({ state }: Following): unknown[] {
  const { events } = state.sessions["tests"] ?? {};
  assert.ok(events !== undefined);
  return Array.from({ length: events.length }, (_, line) => events.at(line)?.message);
}

for (const layout of ["A", "B"] as const) {
  test(`${layout}: a result has its figures, graders and conversation, while it is watched and from its files`, async (t) => {
    const { late, watched } = await ended(t, layout);
    const after = await late();
    assert.equal(after.state.problems.count, 0);
    for (const following of [watched, after]) {
      const [result] = payloads(following, "test_result", TestResult);
      assert.deepEqual(
        { ...result, files: null },
        {
          test: "hard",
          target: "mock",
          state: "failed",
          status: "quality_failure",
          score: 0.5,
          threshold: 0.8,
          durationMs: 900,
          tokens: 120,
          costUsd: 0.5,
          error: null,
          stage: null,
          reason: null,
          talk: [0, 6],
          files: null,
        },
      );
      const [grader] = payloads(following, "grader_result", GraderResult);
      assert.equal(grader?.verdict, "fail");
      assert.equal(grader?.weight, 2);
      assert.deepEqual(grader?.assertions, [
        { text: "names a word", passed: true },
        { text: "names the right one", passed: false, evidence: "it says None" },
      ]);
      assert.equal(grader?.message, "Half of it is there.");
    }
    assert.deepEqual(talk(after), talk(watched));
    const calls = JSON.parse(JSON.stringify(talk(after))).flatMap((message: unknown) => updateOf(message));
    assert.deepEqual(calls, [
      {
        title: "Edit a.md",
        kind: "edit",
        status: "completed",
        content: [{ type: "diff", path: "a.md", oldText: "one", newText: "two" }],
        took: 120,
      },
      { title: "Bash cat a.md", kind: "execute", status: "failed", content: undefined, took: 70 },
    ]);
  });

  test(`${layout}: the files of a result can be opened`, async (t) => {
    const { late, run } = await ended(t, layout);
    const [result] = payloads(await late(), "test_result", TestResult);
    const files = result?.files ?? [];
    assert.ok(files.length > 3);
    assert.equal(new Set(files.map(({ path }) => path)).size, files.length);
    for (const { path } of files)
      if (path !== "hard/response.md") assert.ok((await readFile(join(run.dir, path))).length >= 0, path);
    assert.ok(files.some(({ role }) => role === "answer"));
  });
}

test("a file that a row names and that is not there, or leads out of the run, is a problem of that file", async (t) => {
  const { clock, run, source } = await ended(t, "A");
  const outside = await tempDir(t);
  await writeFile(join(outside, "secret"), '{"role":"user","content":"secret"}\n');
  await symlink(join(outside, "secret"), join(run.dir, "link"));
  const row = JSON.parse((await readFile(run.index, "utf8")).trim());
  const cases = [
    { transcript_path: "../../../etc/passwd", kind: "refused" },
    { transcript_path: "/etc/passwd", kind: "refused" },
    { transcript_path: "link", kind: "refused" },
    { transcript_path: "not-there.jsonl", kind: "malformed" },
    { transcript_path: "arithmetic", kind: "refused" },
  ];
  for (const { kind, transcript_path } of cases) {
    await writeFile(run.index, `${JSON.stringify({ ...row, transcript_path })}\n`);
    const following = new Following(source, run.dir);
    await following.readToTheEnd(clock);
    const { problems, tally } = following.state;
    assert.equal(tally?.done, 1, "the result counts all the same");
    assert.deepEqual(
      problems.listed.map((problem) => [problem.kind, problem.file]),
      [[kind, transcript_path]],
    );
    // What was asked and answered stands in other files.
    assert.match(JSON.stringify(talk(following)), /Which word\?.*None/);
    assert.doesNotMatch(JSON.stringify(talk(following)), /secret/);
    const [result] = payloads(following, "test_result", TestResult);
    assert.ok(!result?.files?.some(({ path }) => path.includes("..") || path.startsWith("/")));
  }
});

test("what another target has written over is not shown as this one's", async (t) => {
  const { late, run } = await ended(t, "A");
  const transcript = join(run.dir, "arithmetic/hard/outputs/transcript.jsonl");
  await writeFile(transcript, '{"role":"assistant","target":"other","content":"other words"}\n');
  const following = await late();
  assert.doesNotMatch(JSON.stringify(talk(following)), /other words|None/);
  assert.match(JSON.stringify(talk(following)), /Which word/);
  assert.equal(following.state.problems.count, 1);
});

test("what a row names is waited for a while, and the results after it too", async (t) => {
  const { clock, run, source } = await ended(t, "A");
  const transcript = join(run.dir, "arithmetic/hard/outputs/transcript.jsonl");
  const whole = await readFile(transcript);
  await truncate(transcript, Math.floor(whole.length / 2));
  const following = new Following(source, run.dir);
  assert.ok((await following.read()) !== undefined);
  const listed = (await source.glancer(run.dir).read())?.summary;
  assert.deepEqual(
    [listed?.status, listed?.tally?.done],
    ["completed", 1],
    "in the list it is counted at once",
  );
  const { state } = following;
  assert.deepEqual([state.run.status, state.tally?.done], ["finalising", 0], "it ends with its last line");
  assert.ok(linesOf(state.trace).every((line) => line?.type === "tests_counted"));
  await writeFile(transcript, whole);
  await following.readToTheEnd(clock);
  assert.equal(following.state.problems.count, 0);
  assert.deepEqual([following.state.run.status, following.state.tally], ["completed", listed?.tally]);
  assert.equal(talk(following).length, 6);
});

test("a run without any of its side files is opened all the same", async (t) => {
  const { late, run } = await ended(t, "B");
  for (const name of await readFile(run.index, "utf8").then((text) => [JSON.parse(text)["result_dir"]]))
    await rm(join(run.dir, String(name)), { recursive: true });
  const following = await late();
  assert.equal(following.state.run.status, "completed");
  assert.equal(following.state.steps.length, 1);
  assert.ok(following.state.problems.count > 0);
});

test("the config beside the results says from which score on a test has passed", async (t) => {
  const root = await tempDir(t);
  const runs = join(root, ".agentv", "results", "runs", "default");
  await mkdir(runs, { recursive: true });
  await writeFile(
    join(root, ".agentv", "config.yaml"),
    "# ours\ndashboard:\n  app_name: x\n  threshold: 0.5 # half\n",
  );
  const { late, watched } = await ended(t, "A", runs);
  for (const following of [watched, await late()]) {
    assert.equal(following.state.tally?.passed, 1);
    assert.equal(payloads(following, "test_result", TestResult)[0]?.threshold, 0.5);
  }
});

test("of the config nothing is read but the one number, in whichever way it is written", () => {
  const cases: [yaml: string, threshold: number | null][] = [
    ["dashboard:\n  threshold: 0.6", 0.6],
    ["other:\n  threshold: 0.1\ndashboard:\n  name: x\n\n  threshold: 0.7\nlast: 1\n", 0.7],
    ['"dashboard":\r\n    "threshold": 1\r\n', 1],
    ["dashboard: { app: a, threshold: 0.65 }", 0.65],
    ["dashboard: {threshold: .5}", 0.5],
    ["dashboard:\n  deep:\n    threshold: 0.1\n  threshold: 0.9", 0.9],
    ["dashboard:\n  threshold: 7", 1],
    ["dashboard:\n  threshold: high", null],
    ["dashboard:\n  # threshold: 0.1\n", null],
    ["threshold: 0.1", null],
    ["dashboard:\nthreshold: 0.1", null],
    ["{", null],
    ["", null],
  ];
  for (const [yaml, threshold] of cases) assert.equal(thresholdIn(yaml), threshold, yaml);
});

test("the kind of a tool follows from the words of its name", () => {
  const kinds = {
    Read: "read",
    read_file: "read",
    mcp__files__get: "read",
    Thread: "other",
    MultiEdit: "edit",
    "write-file": "edit",
    Bash: "execute",
    run_command: "execute",
    Grep: "search",
    list_dir: "search",
    WebFetch: "fetch",
    web_search: "fetch",
    TodoWrite: "think",
    delete_file: "delete",
    renameFile: "move",
    constructor: "other",
    "": "other",
  };
  for (const [name, kind] of Object.entries(kinds)) assert.equal(toolKind(name), kind, name);
});

function updateOf(message: unknown): unknown[] {
  const { update } = v.parse(
    v.object({ update: v.fallback(v.nullish(v.looseObject({ sessionUpdate: v.string() })), null) }),
    Object(Object(message)["params"]),
  );
  if (update?.sessionUpdate !== "tool_call") return [];
  const { _meta, content, kind, status, title } = update;
  return [{ title, kind, status, content, took: Object(Object(_meta)["runreel"])["durationMs"] }];
}

import assert from "node:assert/strict";
import { existsSync } from "node:fs";
import { readdir } from "node:fs/promises";
import { join } from "node:path";
import { test } from "node:test";
import fc from "fast-check";
import * as v from "valibot";
import { type RunState, TraceEvent } from "../../src/protocol/bundle.ts";
import { Log } from "../../src/protocol/log.ts";
import { isTerminal } from "../../src/protocol/status.ts";
import { type DetailsView, detailsAt } from "../../viewer/details/details-at.ts";
import { runFactsAt } from "../../viewer/details/run-facts.ts";
import { shellLine } from "../../viewer/text/shell-line.ts";
import { filesAt } from "../../viewer/files/files-at.ts";
import { pagesOf } from "../../viewer/live/part.ts";
import { RunIndex } from "../../viewer/playback/run-index.ts";
import { failedAttempt } from "../../viewer/steps/failed-attempt.ts";
import { DATA, lines } from "../data/recorded.ts";
import { madeRun, session, stamp, T0, tableOf, traced } from "./made-run.ts";
import { ServedRun } from "./served-run.ts";

const EDGE = Number.POSITIVE_INFINITY;

function artifact(name: string, bytes = 10) {
  return { path: `artifacts/sha256-${name}`, mediaType: "text/plain", bytes, sha256: name };
}

function runOf(trace: readonly TraceEvent[], parts: Partial<RunState> = {}): RunState {
  return madeRun({ trace: Log.from(trace), ...parts });
}

function indexOf(run: RunState): RunIndex {
  const index = new RunIndex();
  index.extend(run);
  return index;
}

/** What is drawn of an attempt, of a run that is held whole. */
function detailsOf(run: RunState, step: number, at = EDGE): DetailsView {
  const { isReady, value } = detailsAt(run, indexOf(run), step, at);
  assert.ok(isReady && value !== null);
  return value;
}

/** The run as it was at `at`: what came later is not there. */
function cutAt(run: RunState, at: number): RunState {
  const held = [...run.trace].filter((event) => Date.parse(event.at) <= at);
  const end = Date.parse(run.run.finishedAt ?? "");
  const status = isTerminal(run.status) && !(end <= at) ? "running" : run.status;
  return { ...run, status, trace: Log.from(held) };
}

const asked = [
  traced(1, 0, "run_started", undefined, { flowPath: "/flows/a.ts", inputArtifact: artifact("in.json") }),
  traced(2, 10, "node_started", "draft#1", { nodeType: "acp", timeoutMs: 60_000, statusDetail: "Running" }),
  traced(3, 20, "node_heartbeat", "draft#1", { statusDetail: "ACP: write it" }),
  { ...traced(4, 30, "session_bound", undefined, { sessionId: "main" }), sessionId: "main" },
  {
    ...traced(5, 40, "acp_prompt_prepared", "draft#1", { promptArtifact: artifact("p.txt") }),
    sessionId: "main",
  },
  {
    ...traced(6, 900, "acp_response_parsed", "draft#1", { rawResponseArtifact: artifact("r.txt") }),
    sessionId: "main",
  },
  traced(7, 910, "node_outcome", "draft#1", { outcome: "ok", error: null, outputInline: { verdict: "yes" } }),
];
test("an agent's attempt is its prompt, its reply, its output and its session", () => {
  const { facts } = detailsOf(runOf(asked), 0);
  assert.deepEqual(
    [facts.prompt?.path, facts.reply?.path],
    ["artifacts/sha256-p.txt", "artifacts/sha256-r.txt"],
  );
  assert.deepEqual(facts.output, { is: "inline", value: { verdict: "yes" } });
  assert.equal(facts.sessionId, "main");
  assert.deepEqual(
    facts.moments.map(({ at, what }) => [what, at - T0]),
    [
      ["started", 10],
      ["prompt sent", 40],
      ["reply read", 900],
      ["ended", 910],
    ],
  );
  assert.equal(facts.timeoutMs, 60_000);
});

test("before its reply an attempt has none, and before its prompt no session", () => {
  const run = runOf(asked);
  const late = detailsOf(run, 0, T0 + 899);
  assert.deepEqual(
    [late.facts.reply, late.facts.output, late.attempt.finishedAt],
    [null, { is: "none" }, null],
  );
  const early = detailsOf(run, 0, T0 + 39);
  assert.deepEqual([early.facts.prompt, early.facts.sessionId], [null, null]);
  assert.equal(early.attempt.statusDetail, "ACP: write it");
});

const command = { actionType: "shell", command: "git", args: ["diff", "a b"], cwd: "/work" };
const acted = [
  traced(1, 0, "node_started", "load#1", { nodeType: "action" }),
  traced(2, 10, "action_prepared", "load#1", { action: command }),
  traced(3, 500, "action_completed", "load#1", {
    action: { ...command, exitCode: 7, signal: null, durationMs: 480 },
    stdoutArtifact: artifact("out.txt"),
    stderrArtifact: artifact("err.txt", 0),
  }),
  traced(4, 510, "node_outcome", "load#1", { outcome: "failed", error: `exit 7\n${"x".repeat(2000)}` }),
];

test("an action's receipt is its command while it runs, and then how it ended and what it wrote", () => {
  const run = runOf(acted);
  const running = detailsOf(run, 0, T0 + 499).facts.action;
  assert.deepEqual([running?.command, running?.isDone, running?.stdout], ["git", false, null]);
  const { facts } = detailsOf(run, 0);
  assert.deepEqual(
    [facts.action?.isDone, facts.action?.exitCode, facts.action?.durationMs, facts.action?.stdout?.path],
    [true, 7, 480, "artifacts/sha256-out.txt"],
  );
  assert.equal(facts.action?.stderr?.bytes, 0);
  assert.equal(facts.error?.length, 2007, "the whole error, where the outline has a label");
});

test("an action whose end nobody wrote down is not said to have ended", () => {
  const [begin, prepared, , outcome] = acted;
  assert.ok(begin && prepared && outcome);
  const { facts } = detailsOf(runOf([begin, prepared, outcome]), 0);
  assert.deepEqual([facts.action?.isDone, facts.action?.exitCode], [false, null]);
});

test("an attempt that the run's end cut off says why the run ended", () => {
  const trace = [...asked.slice(0, 5), traced(6, 2000, "run_failed", undefined, { error: "Interrupted" })];
  const fields = { status: "failed", finishedAt: stamp(2000) };
  const run = runOf(trace, { status: "failed", run: { startedAt: stamp(0), ...fields } });
  const { attempt, facts } = detailsOf(run, 0);
  assert.deepEqual([attempt.outcome, facts.error, facts.runError], ["interrupted", null, "Interrupted"]);
  const before = detailsOf(run, 0, T0 + 1999);
  assert.deepEqual([before.attempt.outcome, before.facts.runError], [null, null]);
});

test("other goes at the same node, and what runs beside it, are those known at the moment", () => {
  const run = runOf([
    traced(1, 0, "node_started", "draft#1", { nodeType: "acp" }),
    traced(2, 10, "node_outcome", "draft#1", { outcome: "failed", error: "no" }),
    traced(3, 20, "node_started", "lint#1", { nodeType: "action" }),
    traced(4, 30, "node_started", "draft#2", { nodeType: "acp" }),
    traced(5, 40, "node_outcome", "lint#1", { outcome: "ok" }),
    traced(6, 50, "node_outcome", "draft#2", { outcome: "ok" }),
  ]);
  const names = ({ beside, next, previous }: DetailsView) => [
    previous?.number ?? null,
    next?.number ?? null,
    beside.map(({ nodeId }) => nodeId),
  ];
  assert.deepEqual(names(detailsOf(run, 0, T0 + 29)), [null, null, ["lint"]]);
  assert.deepEqual(names(detailsOf(run, 0, T0 + 30)), [null, 2, ["draft", "lint"]]);
  assert.deepEqual(names(detailsOf(run, 2, T0 + 45)), [1, null, []]);
  assert.deepEqual(names(detailsOf(run, 0)), [null, 2, []]);
});

test("what a producer got wrong is passed over", () => {
  const run = runOf([
    traced(1, 0, "node_started", "odd#1", { nodeType: 7, timeoutMs: "long" }),
    traced(2, 1, "acp_prompt_prepared", "odd#1", { promptArtifact: "p.txt", sessionId: 4 }),
    traced(3, 2, "action_prepared", "odd#1", { action: [1], stdoutArtifact: { path: "" } }),
    traced(4, 3, "action_prepared", "odd#1", { action: { command: "ls", args: [1, { a: 2 }] } }),
    traced(5, 4, "acp_prompt_prepared", "odd#1", { promptArtifact: { path: "p", bytes: -1 } }),
    traced(6, 5, "something_new", "odd#1", { outputInline: "no" }),
    { ...traced(7, 6, "node_outcome", "odd#1"), payload: null },
  ]);
  const { facts } = detailsOf(run, 0);
  assert.deepEqual(facts.prompt, { path: "p", mediaType: null, bytes: null });
  assert.deepEqual([facts.action?.command, facts.action?.args], ["ls", ["1", '{"a":2}']]);
  assert.deepEqual([facts.timeoutMs, facts.output, facts.sessionId], [null, { is: "none" }, null]);
});

/** An attempt of hours: a prompt, heartbeats, a reply; another runs beside it. */
function longRun(beats: number): RunState {
  const trace: TraceEvent[] = [
    traced(0, 0, "node_started", "other#1", { nodeType: "acp" }),
    traced(1, 1, "node_started", "long#1", { nodeType: "acp" }),
    {
      ...traced(2, 2, "acp_prompt_prepared", "long#1", { promptArtifact: artifact("p.txt") }),
      sessionId: "main",
    },
  ];
  for (let beat = 0; beat < beats; beat += 1)
    trace.push(traced(3 + beat, 10 + beat, "node_heartbeat", beat % 2 === 0 ? "long#1" : "other#1", {}));
  const at = 10 + beats;
  trace.push(traced(at, at, "acp_response_parsed", "long#1", { rawResponseArtifact: artifact("r.txt") }));
  trace.push(traced(at + 1, at + 1, "node_outcome", "long#1", { outcome: "ok", outputInline: 1 }));
  return runOf(trace, { sessions: session("main", []) });
}

test("of a long attempt its beginning and its end are read, and that is said", async () => {
  const whole = longRun(6000);
  const served = new ServedRun(whole, () => 300);
  await served.learn();
  const seen = served.bring(() => detailsAt(served.run, served.index, 1, EDGE));
  assert.deepEqual(seen, detailsOf(whole, 1));
  assert.ok(seen.isCut);
  assert.deepEqual(
    [seen.facts.prompt?.path, seen.facts.reply?.path],
    ["artifacts/sha256-p.txt", "artifacts/sha256-r.txt"],
  );
  const pages = new Set(served.asked.flatMap((part) => [...pagesOf(part)]));
  assert.ok(pages.size <= 12, `${pages.size} pages`);
  for (const at of [T0 + 3, T0 + 500, T0 + 4000, T0 + 6009])
    assert.deepEqual(
      served.bring(() => detailsAt(served.run, served.index, 1, at)),
      detailsOf(whole, 1, at),
    );
  assert.ok(!detailsOf(longRun(200), 1).isCut);
});

const types = fc.constantFrom(
  "node_started",
  "node_started",
  "node_outcome",
  "node_heartbeat",
  "acp_prompt_prepared",
  "acp_response_parsed",
  "action_prepared",
  "action_completed",
  "artifact_written",
  "run_failed",
);

test("what is told at a moment is what a run cut there says", () => {
  const made = fc.array(fc.tuple(types, fc.integer({ min: 1, max: 4 }), fc.nat(30), fc.nat(3)), {
    maxLength: 60,
  });
  fc.assert(
    fc.property(made, fc.nat(900), (drawn, ms) => {
      let time = 0;
      const trace = drawn.map(([type, attempt, later, word], seq) => {
        time += later;
        return traced(seq, time, type, `n${attempt % 2}#${attempt}`, {
          outcome: `o${word}`,
          error: word === 0 ? null : `e${word}`,
          statusDetail: `d${word}`,
          outputInline: word,
          sessionId: "main",
          action: { command: `c${word}`, exitCode: word },
          promptArtifact: artifact(`p${word}`),
          stdoutArtifact: artifact(`s${word}`),
        });
      });
      const at = T0 + ms;
      const run = runOf(trace);
      const index = indexOf(run);
      const cut = cutAt(run, at);
      const cutIndex = indexOf(cut);
      for (let step = 0; step < cutIndex.trace.table.count; step += 1)
        assert.deepEqual(detailsAt(run, index, step, at).value, detailsAt(cut, cutIndex, step, EDGE).value);
      assert.deepEqual(filesAt(run, index, at, 1).value, filesAt(cut, cutIndex, EDGE, 1).value);
    }),
  );
});

test("what a run was given is known from its first line on", () => {
  const run = runOf(asked);
  const facts = runFactsAt(run, indexOf(run), T0).value;
  assert.deepEqual([facts?.flowPath, facts?.input?.path], ["/flows/a.ts", "artifacts/sha256-in.json"]);
  assert.equal(runFactsAt(run, indexOf(run), T0 - 1).value?.flowPath, null);
});

test("a command is written as a shell would read it", () => {
  assert.equal(shellLine(["git", "diff", "--stat", "a/b.ts"]), "git diff --stat a/b.ts");
  assert.equal(shellLine(["node", "-e", "say('x y')", ""]), String.raw`node -e 'say('\''x y'\'')' ''`);
});

test("the attempt that made a run fail is the one with its error, or else the last that failed", () => {
  const long = "x".repeat(400);
  const trace = [
    traced(1, 0, "node_started", "a#1"),
    traced(2, 1, "node_started", "b#1"),
    traced(3, 2, "node_started", "c#1"),
    traced(4, 3, "node_outcome", "a#1", { outcome: "failed", error: long }),
    traced(5, 4, "node_outcome", "b#1", { outcome: "cancelled" }),
  ];
  assert.equal(failedAttempt(tableOf(trace), long), 0);
  assert.equal(failedAttempt(tableOf(trace), "another"), 0);
  const over = [...trace, traced(6, 5, "run_failed", undefined, { error: long })];
  assert.equal(failedAttempt(tableOf(over), long), 0);
  assert.equal(failedAttempt(tableOf(over), null), 2, "what was cut off by the end");
  assert.equal(failedAttempt(tableOf(trace.slice(0, 3)), "x"), null);
});

const bundles = join(DATA, "acpx");
const skip = existsSync(bundles) ? false : "the recorded runs are not here (set RUNREEL_TEST_DATA)";

test(
  "of recorded runs every attempt tells at each moment what was known, and no more",
  { skip },
  async () => {
    let attempts = 0;
    for (const version of await readdir(bundles)) {
      if (!version.startsWith("runs-")) continue;
      for (const name of await readdir(join(bundles, version))) {
        const trace = v.parse(v.array(TraceEvent), await lines(join(bundles, version, name, "trace.ndjson")));
        const run = runOf(trace);
        const index = indexOf(run);
        for (const { at: moment } of trace) {
          const at = Date.parse(moment);
          const cut = cutAt(run, at);
          const cutIndex = indexOf(cut);
          for (let step = 0; step < cutIndex.trace.table.count; step += 1)
            assert.deepEqual(
              detailsAt(run, index, step, at).value,
              detailsAt(cut, cutIndex, step, EDGE).value,
            );
          assert.deepEqual(filesAt(run, index, at, 1).value, filesAt(cut, cutIndex, EDGE, 1).value);
        }
        for (let step = 0; step < index.trace.table.count; step += 1) {
          const { attempt, facts } = detailsOf(run, step);
          attempts += 1;
          if (attempt.outcome === null) continue;
          if (attempt.nodeType === "acp") assert.ok(facts.prompt !== null && facts.reply !== null);
          assert.equal(facts.error === null, attempt.outcome === "ok");
          if (attempt.outcome === "ok") assert.notEqual(facts.output.is, "none");
        }
      }
    }
    assert.ok(attempts > 30);
  },
);

import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, describe, it } from "node:test";
import { playAgentvDemo } from "../../scripts/demo/agentv-demo.ts";
import { playDemo } from "../../scripts/demo/demo-run.ts";
import { agentvSource } from "../../src/sources/agentv/agentv-source.ts";
import { Following } from "../helpers/following.ts";
import { ManualClock } from "../helpers/manual-clock.ts";
import { fastClock } from "./fast-clock.ts";
import { readBundle, seqsFromOne } from "./read-bundle.ts";

describe("the demo", () => {
  let runsDir = "";
  before(async () => {
    runsDir = await mkdtemp(join(tmpdir(), "runreel-demo-"));
  });
  after(() => rm(runsDir, { recursive: true, force: true }));

  it("writes a whole run that its schemas accept", async () => {
    const { dir, runId, status } = await playDemo({ runsDir, clock: fastClock(), speed: 50 });
    const bundle = await readBundle(dir);

    assert.equal(status, "completed");
    assert.equal(bundle.manifest.runId, runId);
    for (const file of [bundle.manifest, bundle.run, bundle.live]) assert.equal(file.status, "completed");
    assert.ok(seqsFromOne(bundle.trace), "the trace's seqs are 1 to n");
    assert.equal(bundle.trace.at(0)?.type, "run_started");
    assert.equal(bundle.trace.at(-1)?.type, "run_completed");

    const outcomes = bundle.trace.filter((event) => event.type === "node_outcome");
    assert.deepEqual(
      bundle.steps.map((step) => [step.attemptId, step.outcome]),
      outcomes.map((event) => [event.attemptId, event.payload?.["outcome"]]),
    );
    const draft = bundle.steps.filter((step) => step.nodeId === "draft_the_review");
    assert.deepEqual(
      draft.map((step) => [step.attemptId, step.outcome, typeof step.error]),
      [
        ["draft_the_review#1", "failed", "string"],
        ["draft_the_review#2", "ok", "undefined"],
      ],
    );
    assert.ok(!bundle.steps.some((step) => step.nodeId === "approve"), "the other branch is not taken");
  });

  it("keeps each step's place in the conversation within its session", async () => {
    const { dir } = await playDemo({ runsDir, clock: fastClock() });
    const { sessions, steps } = await readBundle(dir);

    assert.equal(sessions.length, 2);
    for (const session of sessions) {
      assert.ok(seqsFromOne(session.events), `the seqs of ${session.id} are 1 to n`);
      assert.equal(session.record.lastSeq, session.events.length);
      const ranges = steps
        .map((step) => step.trace.conversation)
        .filter((range) => range !== undefined)
        .filter((range) => range.sessionId === session.id);
      let messages = 0;
      let events = 0;
      for (const range of ranges) {
        assert.equal(range.messageStart, messages);
        assert.equal(range.eventStartSeq, events + 1);
        messages = range.messageEnd + 1;
        events = range.eventEndSeq;
      }
      assert.equal(messages, session.record.messages.length);
      assert.equal(events, session.events.length);
    }
  });

  it("streams what a reply is made of, and names artifacts by their content", async () => {
    const { dir } = await playDemo({ runsDir, clock: fastClock() });
    const { sessions, steps, trace, files } = await readBundle(dir);

    const said = sessions.map((session) => JSON.stringify(session.events)).join("");
    for (const kind of ["agent_thought_chunk", "plan", "tool_call_update", "in_progress", "failed", "diff"]) {
      assert.ok(said.includes(`"${kind}"`), `${kind} is in the log`);
    }
    for (const step of steps.filter((one) => one.nodeType === "acp")) {
      const range = step.trace.conversation;
      const events = sessions.find((session) => session.id === range?.sessionId)?.events ?? [];
      const own = events.filter((e) => range && e.seq >= range.eventStartSeq && e.seq <= range.eventEndSeq);
      assert.equal(own.map(textOfReply).join(""), step.rawText);
    }
    const artifacts = trace.flatMap((event) => (event.artifact ? [event.artifact] : []));
    assert.ok(artifacts.length > 0);
    for (const artifact of artifacts) {
      const content = await readFile(join(dir, artifact.path));
      assert.equal(content.byteLength, artifact.bytes);
      assert.equal(createHash("sha256").update(content).digest("hex"), artifact.sha256);
    }
    assert.deepEqual(
      files.filter((file) => file.includes("acpx-write-")),
      [],
      "no temporary folder is left",
    );
  });

  it("beats every five seconds while a node is at work", async () => {
    const { dir } = await playDemo({ runsDir, clock: fastClock() });
    const { trace } = await readBundle(dir);

    const beats = trace.filter(
      (event) => event.attemptId === "read_the_change#1" && event.type === "node_heartbeat",
    );
    const gaps = beats
      .slice(1)
      .map((beat, index) => Date.parse(beat.at) - Date.parse(beats[index]?.at ?? ""));
    assert.ok(gaps.length >= 2, "it works for more than ten seconds");
    for (const gap of gaps) assert.equal(gap, 5_000);
  });

  it("gives the same run for the same seed", async () => {
    const first = await playDemo({ runsDir: join(runsDir, "a"), clock: fastClock(), seed: "one" });
    const second = await playDemo({ runsDir: join(runsDir, "b"), clock: fastClock(), seed: "one" });
    assert.equal(first.runId, second.runId);
    assert.deepEqual(await readBundle(first.dir), await readBundle(second.dir));
  });

  it("ends as interrupted when it is told to stop, its node still current", async () => {
    const stop = new AbortController();
    const clock = fastClock((count) => {
      if (count === 60) stop.abort();
    });
    const { dir, status } = await playDemo({ runsDir, clock, signal: stop.signal });
    const { manifest, run, live, trace, steps, files } = await readBundle(dir);

    assert.equal(status, "interrupted");
    assert.equal(manifest.status, "failed");
    for (const file of [run, live]) {
      assert.equal(file.status, "failed");
      assert.equal(file.error, "Interrupted");
      assert.equal(file.currentNode, "read_the_change");
      assert.equal(file.currentAttemptId, "read_the_change#1");
    }
    assert.ok(typeof live.finishedAt === "string");
    assert.equal(trace.at(-1)?.type, "run_failed");
    assert.equal(trace.at(-1)?.payload?.["error"], "Interrupted");
    assert.equal(steps.length, 1);
    assert.equal(trace.filter((event) => event.type === "node_outcome").length, 1);
    assert.ok(!files.some((file) => file.includes("acpx-write-")));
  });

  it("writes an evaluation in which one test fails and one cannot be run", async () => {
    const { dir, status } = await playAgentvDemo({ runsDir, clock: fastClock(), speed: 3 });
    assert.equal(status, "completed");
    const source = agentvSource(new ManualClock(Date.now()));
    const glance = await source.glancer(dir).read();
    const { done, errors, failed, passed, total } = glance?.summary.tally ?? {};
    assert.deepEqual([total, done, passed, failed, errors], [14, 14, 12, 1, 1]);
    const following = new Following(source, dir);
    await following.read();
    assert.equal(following.state.problems.count, 0);
    assert.equal(following.state.run.status, "completed");
  });

  it("leaves an evaluation as it is when it is stopped, as a killed one", async () => {
    const stop = new AbortController();
    const clock = fastClock((count) => {
      if (count === 3) stop.abort();
    });
    const { dir, status } = await playAgentvDemo({ runsDir, clock, signal: stop.signal });
    assert.equal(status, "interrupted");
    const glance = await agentvSource(new ManualClock(Date.now())).glancer(dir).read();
    assert.equal(glance?.pulse.status, "running");
    assert.equal(glance?.summary.tally?.done, 2);
  });
});

/** The text of an agent_message_chunk, or nothing. */
function textOfReply(event: { message: Record<string, unknown> }): string {
  const found =
    /"sessionUpdate":"agent_message_chunk","content":\{"type":"text","text":("(?:[^"\\]|\\.)*")\}/.exec(
      JSON.stringify(event.message),
    )?.[1];
  return found === undefined ? "" : String(JSON.parse(found));
}

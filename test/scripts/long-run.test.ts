import assert from "node:assert/strict";
import { mkdtemp, readFile, rm, stat } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, describe, it } from "node:test";
import { sessionRows } from "../../src/protocol/outline.ts";
import { writeLongRun } from "../../scripts/demo/long-run.ts";
import { readBundle, seqsFromOne } from "./read-bundle.ts";

describe("the long run", () => {
  let runsDir = "";
  before(async () => {
    runsDir = await mkdtemp(join(tmpdir(), "runreel-long-"));
  });
  after(() => rm(runsDir, { recursive: true, force: true }));

  it("is a running bundle of the length asked for", async () => {
    const { dir, sessionId } = await writeLongRun({ runsDir, events: 250, steps: 7, bytesPerLine: 300 });
    const { manifest, run, live, steps, trace, sessions } = await readBundle(dir);

    assert.equal(manifest.status, "running");
    assert.equal(live.currentAttemptId, "work#3");
    assert.equal(steps.length, 7);
    assert.deepEqual(run["steps"], steps);
    assert.equal(trace.filter((event) => event.type === "node_started").length, 8);
    assert.equal(trace.filter((event) => event.type === "node_outcome").length, 7);
    assert.ok(seqsFromOne(trace));
    assert.equal(sessions[0]?.id, sessionId);
    assert.equal(sessions[0]?.events.length, 250);
    assert.ok(seqsFromOne(sessions[0]?.events ?? []));
    for (const log of [trace, sessions[0]?.events ?? []]) {
      const times = log.map((event) => Date.parse(event.at));
      assert.deepEqual(
        times,
        times.toSorted((left, right) => left - right),
      );
    }
  });

  it("gives each step a prompt, its answer, and an agent at work between them", async () => {
    const { dir } = await writeLongRun({ runsDir, events: 1_000, steps: 9 });
    const { steps, sessions, trace } = await readBundle(dir);
    const events = sessions[0]?.events ?? [];
    for (const step of steps) {
      const range = step.trace.conversation;
      assert.ok(range !== undefined);
      assert.equal(events[range.eventStartSeq - 1]?.message["method"], "session/prompt");
      const answer = events[range.eventEndSeq - 1]?.message;
      assert.equal(answer?.["id"], events[range.eventStartSeq - 1]?.message["id"]);
      assert.match(JSON.stringify(answer), /"stopReason":"end_turn"/);
    }
    const rows = events.flatMap((event, line) => sessionRows(event, line, 0));
    assert.equal(rows.filter((row) => row.is === "turn").length, 10, "the step at work was asked, too");
    assert.equal(rows.filter((row) => row.is === "answer").length, 9);
    assert.ok(rows.some((row) => row.is === "plan"));
    const tools = rows.filter((row) => row.is === "tool");
    for (const status of ["pending", "in_progress", "completed", "failed"]) {
      assert.ok(
        tools.some((row) => row.status === status),
        status,
      );
    }
    assert.ok(trace.some((event) => event.type === "node_heartbeat" && event.payload?.["statusDetail"]));
    const told = new Set(trace.map((event) => event.type));
    for (const type of ["acp_prompt_prepared", "artifact_written", "acp_response_parsed"]) {
      assert.ok(told.has(type), type);
    }
  });

  it("can be one message without an end", async () => {
    const { dir } = await writeLongRun({ runsDir, events: 500, steps: 5, shape: "one-message" });
    const { sessions } = await readBundle(dir);
    const [first, ...others] = sessions[0]?.events ?? [];
    assert.equal(first?.message["method"], "session/prompt");
    assert.equal(others.length, 499);
    for (const event of others) assert.match(JSON.stringify(event), /"agent_message_chunk"/);
  });

  it("has exactly the lines asked for, however few a step has of them", async () => {
    for (const [events, steps] of [
      [0, 0],
      [1, 0],
      [5, 20],
      [43, 20],
      [77, 9],
    ] as const) {
      for (const shape of ["mixed", "one-message"] as const) {
        const { dir } = await writeLongRun({ runsDir, events, steps, shape });
        const { sessions } = await readBundle(dir);
        assert.equal(sessions[0]?.events.length, events, `${events} events in ${steps} steps, ${shape}`);
      }
    }
  });

  it("appends one line at a time, of the bytes it says", async () => {
    const run = await writeLongRun({ runsDir, events: 3, steps: 1 });
    const before = await readFile(run.eventsFile);
    const added = run.appendEvent("one ") + run.appendEvent("two ");
    const later = await readFile(run.eventsFile);

    assert.equal(later.byteLength - before.byteLength, added);
    const { sessions } = await readBundle(run.dir);
    assert.deepEqual(
      sessions[0]?.events.map((event) => event.seq),
      [1, 2, 3, 4, 5],
    );
  });

  it("fills the lines to the bytes asked for, on average", async () => {
    for (const bytesPerLine of [undefined, 1_000]) {
      const run = await writeLongRun({
        runsDir,
        events: 2_000,
        steps: 20,
        ...(bytesPerLine && { bytesPerLine }),
      });
      const { size } = await stat(run.eventsFile);
      const wanted = bytesPerLine ?? 280;
      assert.ok(Math.abs(size / 2_000 - wanted) < wanted / 20, `${size / 2_000} bytes a line`);
    }
  });
});

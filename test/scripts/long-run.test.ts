import assert from "node:assert/strict";
import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, describe, it } from "node:test";
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
    const { manifest, live, steps, trace, sessions } = await readBundle(dir);

    assert.equal(manifest.status, "running");
    assert.equal(live.currentNode, "work");
    assert.equal(steps.length, 7);
    assert.equal(trace.filter((event) => event.type === "node_outcome").length, 7);
    assert.ok(seqsFromOne(trace));
    assert.equal(sessions[0]?.id, sessionId);
    assert.equal(sessions[0]?.events.length, 250);
    assert.ok(seqsFromOne(sessions[0]?.events ?? []));
    assert.equal(steps.at(-1)?.trace.conversation?.eventEndSeq, 250);
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

  it("fills each line to the bytes asked for", async () => {
    const run = await writeLongRun({ runsDir, events: 20, steps: 2, bytesPerLine: 1_000 });
    const lines = (await readFile(run.eventsFile, "utf8")).trimEnd().split("\n");
    assert.deepEqual([...new Set(lines.map((line) => Buffer.byteLength(line) + 1))], [1_000]);
  });
});

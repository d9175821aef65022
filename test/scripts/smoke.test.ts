import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { once } from "node:events";
import { describe, it } from "node:test";
import { fileURLToPath } from "node:url";
import { text } from "node:stream/consumers";
import type { ClientMessage } from "../../src/protocol/messages.ts";
import {
  appendEvent,
  appendTrace,
  RUN_ID,
  runPatch,
  runSnapshot,
  runsSnapshot,
  scriptedServer,
  tailSnapshot,
} from "./scripted-server.ts";

const SMOKE = fileURLToPath(new URL("../../scripts/smoke.ts", import.meta.url));

async function smoke(answer: (message: ClientMessage) => readonly unknown[], ...args: string[]) {
  const server = await scriptedServer(answer);
  try {
    const child = spawn(process.execPath, ["--import", "tsx", SMOKE, "--url", server.url, ...args]);
    const [output, errors, [code]] = await Promise.all([
      text(child.stdout),
      text(child.stderr),
      once(child, "exit"),
    ]);
    return { code, output, errors };
  } finally {
    await server.close();
  }
}

const withRun =
  (...patches: readonly unknown[]) =>
  (message: ClientMessage) => {
    if (message.type === "subscribe_runs") return [runsSnapshot([RUN_ID, "older"])];
    return message.type === "subscribe_run" ? [runSnapshot(1), ...patches] : [];
  };

describe("the smoke client", () => {
  it("stops with success when both snapshots are there", async () => {
    const { code, output, errors } = await smoke(withRun(), "--once");
    assert.equal(errors, "");
    assert.equal(code, 0);
    assert.match(output, /runs_snapshot/);
    assert.match(output, /run_snapshot .*main events 1/);
  });

  it("prints what a patch changes, and fails on a gap with a sentence", async () => {
    const { code, output, errors } = await smoke(withRun(runPatch(1, [appendEvent(2)]), runPatch(7, [])));
    assert.equal(code, 1);
    assert.match(output, /patch +v1 -> v2 {2}1 ops {2}\d+ B {2}main events \+1/);
    assert.match(errors, /A gap in run-1: the patch goes from 7 to 8/);
  });

  it("counts a run of which only the ends of the logs were sent", async () => {
    const { output } = await smoke((message) => {
      if (message.type === "subscribe_runs") return [runsSnapshot([RUN_ID])];
      if (message.type !== "subscribe_run") return [];
      return [tailSnapshot(1, 1_280), runPatch(1, [appendTrace(3, "node_outcome")]), runPatch(9, [])];
    });
    assert.match(output, /run_snapshot .* first {2}trace 2, steps 1, main events 1281/);
    assert.match(output, /patch .*trace \+1, steps \+1/);
  });

  it("fails with a sentence when nobody listens", async () => {
    const gone = await scriptedServer(() => []);
    await gone.close();
    const child = spawn(process.execPath, ["--import", "tsx", SMOKE, "--url", gone.url]);
    const [errors, [code]] = await Promise.all([text(child.stderr), once(child, "exit")]);
    assert.equal(code, 1);
    assert.match(errors, /The connection failed/);
  });

  it("waits for the first run when there is none", async () => {
    const patch = {
      type: "runs_patch",
      epoch: "e1",
      fromVersion: 1,
      toVersion: 2,
      ops: [{ op: "add", path: "/order/0", value: RUN_ID }],
    };
    const { code, output } = await smoke((message) => {
      if (message.type === "subscribe_runs") return [runsSnapshot([]), patch];
      return message.type === "subscribe_run" ? [runSnapshot(1)] : [];
    }, "--once");
    assert.equal(code, 0);
    assert.match(output, /run_snapshot/);
  });
});

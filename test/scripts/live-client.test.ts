import assert from "node:assert/strict";
import { afterEach, describe, it } from "node:test";
import { Log } from "../../src/protocol/log.ts";
import type { ClientMessage } from "../../src/protocol/messages.ts";
import { LiveClient } from "../../scripts/live-client.ts";
import { appendEvent, RUN_ID, runPatch, runSnapshot, scriptedServer } from "./scripted-server.ts";

const SOON_MS = 10_000;

describe("the live client", () => {
  const cleanUps: (() => Promise<void>)[] = [];
  afterEach(async () => {
    for (const cleanUp of cleanUps.splice(0).toReversed()) await cleanUp();
  });

  /** A client that asked for the run, of a server that answers so. */
  async function follow(
    answer: (message: ClientMessage) => readonly unknown[],
    options: { readonly resync?: boolean } = {},
  ) {
    const server = await scriptedServer(answer);
    cleanUps.push(() => server.close());
    const client = await LiveClient.connect(server.url, options);
    cleanUps.push(() => client.close());
    client.subscribeRun(RUN_ID);
    return { client, server };
  }

  const onSubscribe =
    (...replies: readonly unknown[]) =>
    (message: ClientMessage) =>
      message.type === "subscribe_run" ? replies : [];

  it("applies patches in order to logs that share their past", async () => {
    const { client, server } = await follow(
      onSubscribe(
        runSnapshot(4),
        runPatch(4, [appendEvent(2), { op: "replace", path: "/status", value: "completed" }]),
        runPatch(5, [appendEvent(3)]),
      ),
    );
    await client.waitFor(() => client.run(RUN_ID)?.version === 6, SOON_MS);

    const state = client.run(RUN_ID)?.state;
    const events = state?.sessions["main"]?.events;
    assert.ok(events instanceof Log);
    assert.deepEqual(
      [...events].map((event) => event.seq),
      [1, 2, 3],
    );
    assert.equal(state?.status, "completed");
    assert.equal(client.problem, undefined);
    assert.deepEqual(
      { ...client.counts, bytes: 0 },
      { messages: 4, bytes: 0, patches: 2, resyncs: 0, gaps: 0 },
    );
    assert.deepEqual(server.asked[0], { type: "hello", protocol: "runreel.live.v1" });
  });

  const gaps: readonly (readonly [string, object])[] = [
    ["a version that was not held", runPatch(5, [appendEvent(2)])],
    ["a version passed already", runPatch(3, [appendEvent(2)])],
    ["a version that skips one", { ...runPatch(4, [appendEvent(2)]), toVersion: 6 }],
    ["another epoch", runPatch(4, [appendEvent(2)], "e2")],
  ];
  for (const [name, patch] of gaps) {
    it(`stops at a patch with ${name}`, async () => {
      const { client } = await follow(onSubscribe(runSnapshot(4), patch));
      await assert.rejects(
        client.waitFor(() => false, SOON_MS),
        /A gap in run-1/,
      );
      assert.equal(client.counts.gaps, 1);
      assert.equal(client.run(RUN_ID)?.version, 4);
      assert.equal(client.run(RUN_ID)?.state.sessions["main"]?.events.length, 1);
    });
  }

  it("stops at a patch for which there was no snapshot", async () => {
    const { client } = await follow(onSubscribe(runPatch(1, [])));
    await assert.rejects(
      client.waitFor(() => false, SOON_MS),
      /no snapshot came before it/,
    );
  });

  it("applies nothing of a patch with an op that fails", async () => {
    const patch = runPatch(4, [appendEvent(2), { op: "remove", path: "/nothing" }]);
    const { client } = await follow(onSubscribe(runSnapshot(4), patch));
    await assert.rejects(
      client.waitFor(() => false, SOON_MS),
      /could not be applied/,
    );
    assert.equal(client.run(RUN_ID)?.state.sessions["main"]?.events.length, 1);
  });

  it("asks for a snapshot after a gap when it may, and goes on", async () => {
    const { client, server } = await follow(
      (message) => {
        if (message.type === "subscribe_run") return [runSnapshot(4), runPatch(7, [])];
        return message.type === "resync_run" ? [runSnapshot(8), runPatch(8, [appendEvent(2)])] : [];
      },
      { resync: true },
    );
    await client.waitFor(() => client.run(RUN_ID)?.version === 9, SOON_MS);
    assert.equal(client.counts.gaps, 1);
    assert.equal(client.counts.resyncs, 1);
    assert.equal(client.problem, undefined);
    assert.deepEqual(server.asked.at(-1), { type: "resync_run", runId: RUN_ID });
  });

  it("refuses what is no message of the protocol", async () => {
    const { client } = await follow(onSubscribe({ type: "run_snapshot", runId: RUN_ID, state: {} }));
    await assert.rejects(
      client.waitFor(() => false, SOON_MS),
      /no message of the protocol/,
    );
  });

  it("reports the server's error", async () => {
    const { client } = await follow(
      onSubscribe({ type: "error", code: "run_not_found", message: "No such run." }),
    );
    await assert.rejects(
      client.waitFor(() => false, SOON_MS),
      /run_not_found: No such run\./,
    );
  });

  it("reports a connection that the server closed", async () => {
    const server = await scriptedServer((message, socket) => {
      if (message.type === "subscribe_run") socket.close(1001);
      return [];
    });
    cleanUps.push(() => server.close());
    const client = await LiveClient.connect(server.url);
    client.subscribeRun(RUN_ID);
    await assert.rejects(
      client.waitFor(() => false, SOON_MS),
      /closed the connection \(code 1001\)/,
    );
  });

  it("gives up waiting after the time allowed", async () => {
    const { client } = await follow(() => []);
    await assert.rejects(
      client.waitFor(() => false, 1, "a run"),
      /Nothing after 1 ms: a run\./,
    );
  });
});

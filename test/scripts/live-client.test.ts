import assert from "node:assert/strict";
import { afterEach, describe, it } from "node:test";
import { Log } from "../../src/protocol/log.ts";
import type { ClientMessage } from "../../src/protocol/messages.ts";
import { LiveClient } from "../../scripts/live-client.ts";
import {
  acpxRunPatch,
  appendEvent,
  appendEvents,
  RUN_ID,
  runPatch,
  runResumed,
  runSnapshot,
  scriptedServer,
  tailSnapshot,
} from "./scripted-server.ts";

const SOON_MS = 10_000;

describe("the live client", () => {
  const cleanUps: (() => Promise<void>)[] = [];
  afterEach(async () => {
    for (const cleanUp of cleanUps.splice(0).toReversed()) await cleanUp();
  });

  /** A client that asked for the run, of a server that answers so. */
  async function follow(
    answer: (message: ClientMessage) => readonly unknown[],
    options: Parameters<typeof LiveClient.connect>[1] = {},
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
      { messages: 4, bytes: 0, patches: 2, resyncs: 0, resumed: 0, gaps: 0 },
    );
    assert.deepEqual(client.reasons, { first: 1 });
    assert.deepEqual(server.asked[0], { type: "hello", protocol: "runreel.live.v1" });
  });

  it("takes entries as lists, and a patch of several versions", async () => {
    const patch = { ...runPatch(4, [appendEvents(2, 3), appendEvent(4), appendEvents(5)]), to: 9 };
    const { client } = await follow(onSubscribe(runSnapshot(4), patch));
    await client.waitFor(() => client.run(RUN_ID)?.version === 9, SOON_MS);
    assert.deepEqual(
      [...(client.run(RUN_ID)?.state.sessions["main"]?.events ?? [])].map((event) => event.seq),
      [1, 2, 3, 4, 5],
    );
    assert.equal(client.counts.patches, 1);
  });

  it("knows the length of a log of which it was sent the end", async () => {
    const { client } = await follow(onSubscribe(tailSnapshot(4, 1_280), runPatch(4, [appendEvents(1_282)])));
    await client.waitFor(() => client.run(RUN_ID)?.version === 5, SOON_MS);
    const events = client.run(RUN_ID)?.state.sessions["main"]?.events;
    assert.equal(events?.length, 1_282);
    assert.equal(events?.heldFrom, 1_280);
    assert.equal(events?.last()?.seq, 1_282);
  });

  it("goes on from what another client held", async () => {
    const before = await follow(onSubscribe(runSnapshot(4), runPatch(4, [appendEvents(2)])));
    await before.client.waitFor(() => before.client.run(RUN_ID)?.version === 5, SOON_MS);
    await before.client.drop();

    const missed = { ...runPatch(5, [appendEvents(3, 4)]), to: 7 };
    const { client, server } = await follow(onSubscribe(runResumed(5), missed), { resume: before.client });
    await client.waitFor(() => client.run(RUN_ID)?.version === 7, SOON_MS);
    assert.deepEqual(server.asked.at(-1), {
      type: "subscribe_run",
      runId: RUN_ID,
      epoch: "e1",
      version: 5,
    });
    assert.equal(client.run(RUN_ID)?.state.sessions["main"]?.events.length, 4);
    assert.equal(client.counts.resumed, 1);
    assert.equal(client.counts.resyncs, 0);
    assert.equal(before.client.run(RUN_ID)?.version, 5, "what was held stays as it was");
  });

  it("takes a snapshot instead when what was held does not fit any more", async () => {
    const before = await follow(onSubscribe(runSnapshot(4)));
    await before.client.waitFor(() => before.client.run(RUN_ID) !== undefined, SOON_MS);
    const snapshot = { ...runSnapshot(1, "e2"), reason: "new_epoch" };
    const { client } = await follow(onSubscribe(snapshot), { resume: before.client });
    await client.waitFor(() => client.run(RUN_ID)?.epoch === "e2", SOON_MS);
    assert.deepEqual(client.reasons, { new_epoch: 1 });
    assert.equal(client.counts.resyncs, 1);
  });

  it("stops when the server goes on from a place that was not held", async () => {
    const { client } = await follow(onSubscribe(runSnapshot(4), runResumed(5)));
    await assert.rejects(
      client.waitFor(() => false, SOON_MS),
      /goes on with run-1 from version 5 of epoch e1/,
    );
  });

  it("stops at a patch of a number that no run was given", async () => {
    const { client } = await follow(onSubscribe(runSnapshot(4), { ...runPatch(4, []), topic: 9 }));
    await assert.rejects(
      client.waitFor(() => false, SOON_MS),
      /for topic 9, but no run was given that number/,
    );
  });

  it("speaks acpx.replay.v1 when asked to, and gives no place in it", async () => {
    const acpx = { protocol: "acpx.replay.v1" } as const;
    const { client, server } = await follow(
      onSubscribe(runSnapshot(4), acpxRunPatch(4, [appendEvent(2)])),
      acpx,
    );
    await client.waitFor(() => client.run(RUN_ID)?.version === 5, SOON_MS);
    assert.equal(client.run(RUN_ID)?.state.sessions["main"]?.events.length, 2);
    assert.deepEqual(server.asked[0], { type: "hello", ...acpx });
    client.subscribeRun(RUN_ID);
    await client.waitFor(() => server.asked.length === 3, SOON_MS);
    assert.deepEqual(server.asked[2], { type: "subscribe_run", runId: RUN_ID });
  });

  const gaps: readonly (readonly [string, object])[] = [
    ["a version that was not held", runPatch(5, [appendEvent(2)])],
    ["a version passed already", runPatch(3, [appendEvent(2)])],
    ["no later version", { ...runPatch(4, [appendEvent(2)]), to: 4 }],
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

  it("stops at a patch of several versions in acpx.replay.v1, which has none", async () => {
    const patch = { ...acpxRunPatch(4, [appendEvent(2)]), toVersion: 6 };
    const { client } = await follow(onSubscribe(runSnapshot(4), patch), { protocol: "acpx.replay.v1" });
    await assert.rejects(
      client.waitFor(() => false, SOON_MS),
      /A gap in run-1: the patch goes from 4 to 6/,
    );
  });

  it("stops at a patch for which there was no snapshot", async () => {
    const { client } = await follow(onSubscribe(acpxRunPatch(1, [])), { protocol: "acpx.replay.v1" });
    await assert.rejects(
      client.waitFor(() => false, SOON_MS),
      /no snapshot came before it/,
    );
  });

  it("stops at a patch in the protocol that was not asked for", async () => {
    const { client } = await follow(onSubscribe(runSnapshot(4), acpxRunPatch(4, [appendEvent(2)])));
    await assert.rejects(
      client.waitFor(() => false, SOON_MS),
      /A patch of run-1 came in acpx\.replay\.v1/,
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

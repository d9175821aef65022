import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { test } from "node:test";
import fc from "fast-check";
import { LIVE_PROTOCOLS } from "../../src/protocol/version.ts";
import type { LiveClient } from "../../scripts/live-client.ts";
import { AcpxRun } from "../helpers/acpx-run.ts";
import { tempDir } from "../helpers/temp-dir.ts";
import { startViewer } from "../helpers/viewer.ts";

const PATIENCE = 20_000;

type Act = "append" | "burst" | "outcome" | "disconnect" | "reload";

/** What a client of `runreel.live.v1` opened later holds less of: all its lines, from where it holds them. */
function hashOf(client: LiveClient, from: number): string {
  const state = client.run("run-a")?.state;
  assert.ok(state);
  const sessions = Object.values(state.sessions).map(({ events, id }) => [
    id,
    events.length,
    events.slice(from, events.length),
  ]);
  const text = JSON.stringify([state.manifest, state.live, state.run, state.status, state.trace, sessions]);
  return createHash("sha256").update(text).digest("hex");
}

for (const protocol of LIVE_PROTOCOLS) {
  test(`P9, P20, ${protocol}: three clients that come and go end with the same state, hash for hash`, async (t) => {
    const acts = fc.array(
      fc.record({
        act: fc.constantFrom<Act>("append", "append", "burst", "outcome", "disconnect", "reload"),
        who: fc.nat(2),
      }),
      { minLength: 5, maxLength: 40 },
    );
    await fc.assert(
      fc.asyncProperty(acts, async (plan) => {
        const root = await tempDir(t);
        const run = await new AcpxRun(root, "run-a").begin();
        const viewer = await startViewer(t, [root]);
        const open = async (held?: LiveClient) => {
          const client = await viewer.connect({ protocol, ...(held === undefined ? {} : { resume: held }) });
          client.subscribeRun("run-a");
          return client;
        };
        const clients = [await open(), await open(), await open()];
        let written = 0;
        for (const { act, who } of plan) {
          const client = clients[who];
          if (client === undefined) continue;
          switch (act) {
            case "append":
              written += 1;
              await run.appendChunk(`word ${written} `);
              break;
            case "burst":
              written += 300;
              await run.append(
                run.eventsFile,
                Array.from({ length: 300 }, () => run.chunkLine("x")).join(""),
              );
              break;
            case "outcome":
              await run.writeLive({ status: "running", currentNode: `node-${written}` });
              await run.appendTrace("node_heartbeat", { nodeId: "reply", attemptId: "reply#1" });
              break;
            case "disconnect":
              await client.close();
              clients[who] = await open(client);
              break;
            case "reload":
              await client.close();
              clients[who] = await open();
              break;
          }
        }
        await run.finish();
        for (const client of clients) {
          const state = () => client.run("run-a")?.state;
          await client.waitFor(
            () =>
              state()?.status === "completed" &&
              state()?.sessions[run.sessionId]?.events.length === written &&
              state()?.live?.status === "completed" &&
              state()?.manifest.status === "completed" &&
              state()?.run.finishedAt !== undefined,
            PATIENCE,
            "the end",
          );
        }
        const traces = clients.map((client) => client.run("run-a")?.state.trace.length ?? 0);
        for (const client of clients) {
          const longest = Math.max(...traces);
          await client.waitFor(
            () => client.run("run-a")?.state.trace.length === longest,
            PATIENCE,
            "the trace",
          );
        }
        const from = Math.max(
          ...clients.map(
            (client) => client.run("run-a")?.state.sessions[run.sessionId]?.events.heldFrom ?? 0,
          ),
        );
        assert.equal(new Set(clients.map((client) => hashOf(client, from))).size, 1);
        for (const client of clients) assert.deepEqual([client.counts.gaps, client.problem], [0, undefined]);
        await Promise.all(clients.map((client) => client.close()));
        await viewer.close();
      }),
      { numRuns: 12 },
    );
  });
}

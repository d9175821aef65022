import { performance } from "node:perf_hooks";
import { setTimeout as delay } from "node:timers/promises";
import { WebSocket } from "ws";
import type { LongRun } from "../../demo/long-run.ts";
import type { LiveProtocol } from "../../../src/protocol/version.ts";
import { messageText } from "../../../src/live/message-text.ts";
import type { Answer } from "../answer.ts";
import { appendPaced } from "../paced-appends.ts";
import type { Plan } from "../plan.ts";
import { usageOf } from "../process-usage.ts";
import { atMost } from "../promises.ts";
import { liveUrl, startRunreel } from "../servers.ts";
import { percentile } from "../stats.ts";
import { figure, megabytes, table } from "../table.ts";
import { withRun } from "../temporary.ts";
import { watch } from "../watcher.ts";

const RESYNCS = 200;
const SETTLE_MS = 500;
const SAMPLE_MS = 100;
const CALM_EVENTS = 40;

interface Unread {
  readonly protocol: LiveProtocol;
  readonly beforeBytes: number | undefined;
  readonly mostBytes: number | undefined;
  readonly calmP95Ms: number | undefined;
  /** What it gets when it reads after all, a snapshot of the present state included. */
  readonly laterBytes: number;
}

/** What does a client cost that asks and asks and never reads? */
export async function unread(plan: Plan): Promise<Answer> {
  const events = plan.lengths.at(-1) ?? 0;
  const all: Unread[] = [];
  for (const protocol of plan.unreadIn) all.push(await measure(events, protocol));
  return {
    title: "A client that never reads",
    how:
      `A run of ${figure(events)} events is open and read by a calm client. Another subscribes, reads nothing from then on, and asks ` +
      `for ${RESYNCS} resyncs. The server's memory before, and the most of it in the ${(CALM_EVENTS * 50) / 1_000} s after, while 20 events a second come. ` +
      "Then it reads after all, and gets what was on its way and a snapshot of the present state.",
    tables: [
      table(
        ["protocol", "RSS before MB", "most MB", "more MB", "read later MB", "the calm client's p95 ms"],
        all.map((one) => [
          one.protocol,
          megabytes(one.beforeBytes),
          megabytes(one.mostBytes),
          figure(moreMegabytes(one)),
          megabytes(one.laterBytes, 1),
          figure(one.calmP95Ms, 1),
        ]),
      ),
    ],
    promises: all.map((one) =>
      atMost(
        `What a client that never reads takes of the server's memory in ${one.protocol}`,
        moreMegabytes(one),
        100,
        " MB",
      ),
    ),
    figures: all,
  };
}

function measure(events: number, protocol: LiveProtocol): Promise<Unread> {
  return withRun({ events }, async (runsDir, run) => {
    const server = await startRunreel(runsDir);
    try {
      const calm = await watch(protocol, server, run);
      await delay(SETTLE_MS);
      const before = await usageOf(server.pid);
      const deaf = await connectDeaf(liveUrl(server), run, protocol);
      for (let count = 0; count < RESYNCS; count += 1) {
        deaf.send(JSON.stringify({ type: "resync_run", runId: run.runId }));
      }
      const [mostBytes] = await Promise.all([
        mostMemory(server.pid, CALM_EVENTS * 50),
        appendPaced(run, CALM_EVENTS),
      ]);
      const calmP95Ms = percentile(calm.ages, 0.95);
      await calm.close();
      const laterBytes = await readAfterAll(deaf);
      deaf.terminate();
      return { protocol, beforeBytes: before?.rssBytes, mostBytes, calmP95Ms, laterBytes };
    } finally {
      await server.stop();
    }
  });
}

async function connectDeaf(url: string, { runId }: LongRun, protocol: LiveProtocol): Promise<WebSocket> {
  const socket = new WebSocket(url, { perMessageDeflate: false });
  // The server may well close it: that is its right.
  socket.on("error", () => undefined);
  await new Promise((resolve) => socket.once("open", resolve));
  socket.pause();
  socket.send(JSON.stringify({ type: "hello", protocol }));
  socket.send(JSON.stringify({ type: "subscribe_run", runId }));
  return socket;
}

/** The bytes of what comes until nothing more does. */
async function readAfterAll(socket: WebSocket): Promise<number> {
  let bytes = 0;
  socket.on("message", (data) => (bytes += messageText(data).length));
  socket.resume();
  for (let before = -1; before !== bytes;) {
    before = bytes;
    await delay(SETTLE_MS);
  }
  return bytes;
}

async function mostMemory(pid: number, forMs: number): Promise<number | undefined> {
  const until = performance.now() + forMs;
  let most: number | undefined;
  while (performance.now() < until) {
    const usage = await usageOf(pid);
    if (usage !== undefined) most = Math.max(most ?? 0, usage.rssBytes);
    await delay(SAMPLE_MS);
  }
  return most;
}

function moreMegabytes({ beforeBytes, mostBytes }: Unread): number | undefined {
  if (beforeBytes === undefined || mostBytes === undefined) return undefined;
  return (mostBytes - beforeBytes) / 1024 ** 2;
}

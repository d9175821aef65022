import { performance } from "node:perf_hooks";
import { WebSocket } from "ws";
import type { LongRun } from "../demo/long-run.ts";
import { frameHeaderBytes, LiveClient } from "../live-client.ts";
import type { LiveProtocol } from "../../src/protocol/version.ts";
import { messageText } from "../../src/live/message-text.ts";
import type { ChildServer } from "./children.ts";
import { agesIn } from "./mark.ts";
import { liveUrl, type TargetName } from "./servers.ts";

const SNAPSHOT_WITHIN_MS = 30_000;

/** One client in this process, that holds the whole state, as far as the bench looks at it. */
export interface Watcher {
  /** From the question to the state applied; undefined where there is no state. */
  readonly snapshotMs: number | undefined;
  readonly snapshotBytes: number | undefined;
  /** How old each event was when the client had it, in milliseconds. */
  readonly ages: readonly number[];
  /** Frames and their bytes since the client connected. */
  received(): { messages: number; bytes: number; resyncs: number };
  close(): Promise<void>;
}

export function watch(name: TargetName, server: ChildServer, run: LongRun): Promise<Watcher> {
  switch (name) {
    case "runreel.live.v1":
    case "acpx.replay.v1":
      return watchRun(server, run, name);
    case "naive":
      return watchRun(server, run, "acpx.replay.v1");
    case "floor":
      return watchBare(server);
  }
}

async function watchRun(server: ChildServer, { runId }: LongRun, protocol: LiveProtocol): Promise<Watcher> {
  const client = await LiveClient.connect(liveUrl(server), { protocol, resync: true });
  const ages: number[] = [];
  let snapshotBytes: number | undefined;
  client.onMessage(({ message, text, bytes }) => {
    if (message.type === "run_snapshot") snapshotBytes ??= bytes;
    if (message.type === "patch" || message.type === "run_patch") ages.push(...agesIn(text));
  });
  const askedAt = performance.now();
  client.subscribeRun(runId);
  await client.waitFor(() => client.run(runId) !== undefined, SNAPSHOT_WITHIN_MS, "the first snapshot");
  const snapshotMs = performance.now() - askedAt;
  return { snapshotMs, snapshotBytes, ages, received: () => client.counts, close: () => client.close() };
}

async function watchBare(server: ChildServer): Promise<Watcher> {
  const socket = new WebSocket(liveUrl(server), { perMessageDeflate: false });
  const counts = { messages: 0, bytes: 0, resyncs: 0 };
  const ages: number[] = [];
  socket.on("message", (data) => {
    const text = messageText(data);
    const bytes = Buffer.byteLength(text);
    counts.messages += 1;
    counts.bytes += bytes + frameHeaderBytes(bytes);
    ages.push(...agesIn(text));
  });
  await new Promise<void>((resolve, reject) => {
    socket.once("open", () => resolve());
    socket.once("error", reject);
  });
  return {
    snapshotMs: undefined,
    snapshotBytes: undefined,
    ages,
    received: () => counts,
    async close() {
      const closed = new Promise<void>((resolve) => socket.once("close", () => resolve()));
      socket.close();
      await closed;
    },
  };
}

import { performance } from "node:perf_hooks";
import { WebSocket } from "ws";
import type { LongRun } from "../demo/long-run.ts";
import { frameHeaderBytes, LiveClient } from "../live-client.ts";
import { messageText } from "../../src/live/message-text.ts";
import { type ChildServer, startChild } from "./child-server.ts";

export const TARGETS = ["Runreel", "naive", "floor"] as const;
/** What is measured: Runreel, a reader without ideas, and the least that can be done. */
export type TargetName = (typeof TARGETS)[number];

/** One client of a server, as far as the bench looks at it. */
export interface Watcher {
  /** From the question to the whole state applied; undefined where there is no state. */
  readonly snapshotMs: number | undefined;
  /** Frames and their bytes since the client connected. */
  received(): { messages: number; bytes: number; resyncs: number };
  /** Gives the text of each message, once the client's state holds it. */
  onText(listener: (text: string) => void): void;
  close(): Promise<void>;
}

export function startTarget(name: TargetName, runsDir: string, run: LongRun): Promise<ChildServer> {
  switch (name) {
    case "Runreel":
      return startChild("src/cli.ts", ["start", "--runs-dir", runsDir, "--port", "0", "--json"]);
    case "naive":
      return startChild("scripts/bench/naive-server.ts", ["--runs-dir", runsDir]);
    case "floor":
      return startChild("scripts/bench/floor-server.ts", ["--file", run.eventsFile]);
  }
}

export function watchTarget(name: TargetName, server: ChildServer, run: LongRun): Promise<Watcher> {
  const url = server.url.replace(/^http/, "ws");
  return name === "floor" ? watchBare(url) : watchRun(`${url}/api/live`, run.runId);
}

async function watchRun(url: string, runId: string): Promise<Watcher> {
  const client = await LiveClient.connect(url, { resync: true });
  const askedAt = performance.now();
  client.subscribeRun(runId);
  await client.waitFor(() => client.run(runId) !== undefined, 20_000, "the first snapshot");
  const snapshotMs = performance.now() - askedAt;
  return {
    snapshotMs,
    received: () => client.counts,
    onText: (listener) => void client.onMessage(({ text }) => listener(text)),
    close: () => client.close(),
  };
}

async function watchBare(url: string): Promise<Watcher> {
  const socket = new WebSocket(url, { perMessageDeflate: false });
  const counts = { messages: 0, bytes: 0, resyncs: 0 };
  const listeners: ((text: string) => void)[] = [];
  socket.on("message", (data) => {
    const text = messageText(data);
    const bytes = Buffer.byteLength(text);
    counts.messages += 1;
    counts.bytes += bytes + frameHeaderBytes(bytes);
    for (const listener of listeners) listener(text);
  });
  await new Promise<void>((resolve, reject) => {
    socket.once("open", () => resolve());
    socket.once("error", reject);
  });
  return {
    snapshotMs: undefined,
    received: () => counts,
    onText: (listener) => void listeners.push(listener),
    async close() {
      const closed = new Promise<void>((resolve) => socket.once("close", () => resolve()));
      socket.close();
      await closed;
    },
  };
}

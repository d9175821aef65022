import { once } from "node:events";
import * as v from "valibot";
import { type WebSocket, WebSocketServer } from "ws";
import { ClientMessage } from "../../src/protocol/messages.ts";

export const RUN_ID = "run-1";

export interface ScriptedServer {
  readonly url: string;
  /** What clients sent, in order. */
  readonly asked: readonly ClientMessage[];
  close(): Promise<void>;
}

/** A server of the live protocol on a real socket that says `ready` and answers as the test tells it to. */
export async function scriptedServer(
  answer: (message: ClientMessage, client: WebSocket) => readonly unknown[],
): Promise<ScriptedServer> {
  const server = new WebSocketServer({ host: "127.0.0.1", port: 0 });
  const asked: ClientMessage[] = [];
  server.on("connection", (client) => {
    client.send(JSON.stringify({ type: "ready", protocol: "runreel.live.v1" }));
    client.on("message", (data) => {
      const message = v.parse(v.pipe(v.string(), v.parseJson(), ClientMessage), data.toString());
      asked.push(message);
      for (const reply of answer(message, client)) client.send(JSON.stringify(reply));
    });
  });
  await once(server, "listening");
  const address = server.address();
  if (typeof address !== "object" || address === null) throw new Error("The server has no port.");
  return {
    url: `ws://127.0.0.1:${address.port}/api/live`,
    asked,
    async close() {
      for (const client of server.clients) client.terminate();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

/** The number that the run's patches carry. */
const TOPIC = 1;

export function runSnapshot(version: number, epoch = "e1") {
  const session = { id: "main", binding: null, record: null, events: [event(1)] };
  const state = {
    schema: "acpx.viewer-run-live.v1",
    sourceType: "acpx",
    sourceLabel: "acpx",
    status: "running",
    manifest: { runId: RUN_ID },
    flow: null,
    run: {},
    live: null,
    steps: [],
    trace: [],
    sessions: { main: session },
    problems: { count: 0, listed: [] },
  };
  return { type: "run_snapshot", runId: RUN_ID, topic: TOPIC, epoch, version, reason: "first", state };
}

export function runResumed(version: number, epoch = "e1") {
  return { type: "run_resumed", runId: RUN_ID, topic: TOPIC, epoch, version };
}

export function runPatch(from: number, ops: readonly unknown[], epoch = "e1") {
  return { type: "patch", topic: TOPIC, epoch, from, to: from + 1, ops };
}

/** The same in acpx.replay.v1. */
export function acpxRunPatch(fromVersion: number, ops: readonly object[], epoch = "e1") {
  return { type: "run_patch", runId: RUN_ID, epoch, fromVersion, toVersion: fromVersion + 1, ops };
}

export function appendEvent(seq: number) {
  return { op: "append", path: EVENTS, value: event(seq) };
}

/** The same as a list, as runreel.live.v1 sends entries of a log. */
export function appendEvents(...seqs: readonly number[]) {
  return [EVENTS, ...seqs.map(event)];
}

const EVENTS = "/sessions/main/events";

/** The snapshot of a run in tail extent: its session's events are held from `from` on. */
export function tailSnapshot(version: number, from: number) {
  const first = runSnapshot(version);
  const events = { from, entries: [event(from + 1)] };
  const trace = { from: 0, entries: ["node_started", "node_outcome"].map(traceEvent) };
  const main = { ...first.state.sessions.main, events };
  return { ...first, state: { ...first.state, trace, sessions: { main } } };
}

export function appendTrace(seq: number, type: string) {
  return ["/trace", traceEvent(type, seq - 1)];
}

export function runsSnapshot(runIds: readonly string[]) {
  const at = "2030-01-01T00:00:00.000Z";
  const summary = {
    source: "acpx",
    flowName: "flow",
    status: "running",
    startedAt: at,
    updatedAt: at,
    path: "/runs",
  };
  const runsById = Object.fromEntries(runIds.map((runId) => [runId, { runId, ...summary }]));
  const state = { schema: "acpx.viewer-runs.v2", order: runIds, runsById };
  return { type: "runs_snapshot", epoch: "e1", version: 1, state };
}

function traceEvent(type: string, index: number) {
  return { seq: index + 1, at: "2030-01-01T00:00:00.000Z", type, attemptId: "work#1", nodeId: "work" };
}

function event(seq: number) {
  return { seq, at: "2030-01-01T00:00:00.000Z", direction: "inbound", message: { jsonrpc: "2.0" } };
}

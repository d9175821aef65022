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
  return { type: "run_snapshot", runId: RUN_ID, epoch, version, state };
}

export function runPatch(fromVersion: number, ops: readonly object[], epoch = "e1") {
  return { type: "run_patch", runId: RUN_ID, epoch, fromVersion, toVersion: fromVersion + 1, ops };
}

export function appendEvent(seq: number) {
  return { op: "append", path: "/sessions/main/events", value: event(seq) };
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

function event(seq: number) {
  return { seq, at: "2030-01-01T00:00:00.000Z", direction: "inbound", message: { jsonrpc: "2.0" } };
}

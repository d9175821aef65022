import { readdir } from "node:fs/promises";
import { setTimeout as delay } from "node:timers/promises";
import { parseArgs } from "node:util";
import fastJsonPatch from "fast-json-patch";
import * as v from "valibot";
import type { WebSocket } from "ws";
import { ClientMessage } from "../../src/protocol/messages.ts";
import { messageText } from "../../src/live/message-text.ts";
import { readWholeRun } from "./naive-read.ts";
import { serveSockets } from "./socket-server.ts";

/**
 * A reader without ideas: every 50 ms it reads and parses every file of the run
 * again, compares the whole state with the last one, and sends the difference.
 * It speaks Runreel's messages, and is kinder than it has to be: one comparison
 * serves all its clients, each message is encoded once, nothing is sent for no change.
 */
const EVERY_MS = 50;
const EPOCH = "naive";

const { values } = parseArgs({ options: { "runs-dir": { type: "string" } } });
const runsDir = values["runs-dir"];
if (runsDir === undefined) throw new Error("The naive server needs --runs-dir.");
const folder = runsDir;

const subscribers = new Set<WebSocket>();
const [runId] = await readdir(folder);
if (runId === undefined) throw new Error(`There is no run in ${folder}.`);
let state: object | undefined;
let version = 1;

await serveSockets((client) => {
  client.send(JSON.stringify({ type: "ready", protocol: "acpx.replay.v1" }));
  client.on("close", () => subscribers.delete(client));
  client.on("message", (data) => {
    const message = v.parse(v.pipe(v.string(), v.parseJson(), ClientMessage), messageText(data));
    if (message.type !== "subscribe_run" && message.type !== "resync_run") return;
    void sendSnapshot(client, runId);
  });
});

/** Reads nothing before somebody asks: a run is opened by its first client. */
async function sendSnapshot(client: WebSocket, id: string): Promise<void> {
  state ??= await readWholeRun(folder, id);
  client.send(JSON.stringify({ type: "run_snapshot", runId: id, epoch: EPOCH, version, state }));
  subscribers.add(client);
}

for (;;) {
  await delay(EVERY_MS);
  if (subscribers.size === 0 || state === undefined) continue;
  const next = await readWholeRun(folder, runId);
  const ops = fastJsonPatch.compare(state, next);
  state = next;
  if (ops.length === 0) continue;
  const patch = { type: "run_patch", runId, epoch: EPOCH, fromVersion: version, toVersion: version + 1, ops };
  version += 1;
  const text = JSON.stringify(patch);
  for (const client of subscribers) client.send(text);
}

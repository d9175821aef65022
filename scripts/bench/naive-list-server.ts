import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { parseArgs } from "node:util";
import fastJsonPatch from "fast-json-patch";
import * as v from "valibot";
import type { WebSocket } from "ws";
import { Manifest } from "../../src/protocol/bundle.ts";
import { serveSockets } from "./socket-server.ts";

/**
 * A list without ideas: every 50 ms it reads the manifest and the live.json of
 * every run again, compares the whole list with the last one, and sends the
 * difference. Whoever connects gets the list.
 */
const EVERY_MS = 50;
const AT_A_TIME = 64;

const { values } = parseArgs({ options: { "runs-dir": { type: "string" } } });
const runsDir = values["runs-dir"];
if (runsDir === undefined) throw new Error("The naive list server needs --runs-dir.");
const folder = runsDir;

const clients = new Set<WebSocket>();
let state = await readList();
let version = 1;

await serveSockets((client) => {
  client.send(JSON.stringify({ type: "ready", protocol: "acpx.replay.v1" }));
  client.send(JSON.stringify({ type: "runs_snapshot", epoch: "naive", version, state }));
  clients.add(client);
  client.on("close", () => clients.delete(client));
});

for (;;) {
  await delay(EVERY_MS);
  const next = await readList();
  const ops = fastJsonPatch.compare(state, next);
  state = next;
  if (ops.length === 0) continue;
  const patch = { type: "runs_patch", epoch: "naive", fromVersion: version, toVersion: version + 1, ops };
  version += 1;
  const text = JSON.stringify(patch);
  for (const client of clients) client.send(text);
}

async function readList() {
  const names = await readdir(folder);
  const runsById: Record<string, object> = {};
  const started = new Map<string, string>();
  for (let from = 0; from < names.length; from += AT_A_TIME) {
    await Promise.all(
      names.slice(from, from + AT_A_TIME).map(async (name) => {
        const manifest = await readJson(join(folder, name, "manifest.json"));
        const live = await readJson(join(folder, name, "projections/live.json"));
        if (manifest === undefined) return;
        const { runId, flowName, status, startedAt } = { ...manifest, ...live };
        runsById[runId] = { runId, flowName, status, startedAt };
        started.set(runId, startedAt ?? "");
      }),
    );
  }
  const order = [...started.keys()].sort((left, right) =>
    (started.get(right) ?? "").localeCompare(started.get(left) ?? ""),
  );
  return { schema: "acpx.viewer-runs.v2", order, runsById };
}

/** A run that is just being written has no manifest yet. */
async function readJson(file: string): Promise<Manifest | undefined> {
  try {
    return v.parse(Manifest, JSON.parse(await readFile(file, "utf8")));
  } catch {
    return undefined;
  }
}

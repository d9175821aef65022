import { setTimeout as delay } from "node:timers/promises";
import type { Answer } from "../answer.ts";
import { CompressedClient } from "../compressed-client.ts";
import { appendPaced } from "../paced-appends.ts";
import type { Plan } from "../plan.ts";
import { coresDuring, usageOf } from "../process-usage.ts";
import { startRunreel } from "../servers.ts";
import { percentile } from "../stats.ts";
import { figure, megabytes, table } from "../table.ts";
import { withRun } from "../temporary.ts";
import { untilSo } from "../until.ts";

const EVENTS = 10_000;
const CLIENTS = [1, 20];
const GRACE_MS = 3_000;
const SETTLE_MS = 300;

interface Compressed {
  readonly clients: number;
  readonly compress: boolean;
  readonly snapshotBytes: number;
  readonly bytesPerByte: number;
  readonly p50Ms: number | undefined;
  readonly cores: number | undefined;
  readonly rssBytes: number | undefined;
}

/** What does compressing the live connection save, and what does it cost? */
export async function compression(plan: Plan): Promise<Answer> {
  const all: Compressed[] = [];
  for (const clients of CLIENTS) {
    for (const compress of [false, true]) all.push(await measure(clients, compress, plan.appends));
  }
  return {
    title: "Compression",
    how:
      `A run of ${figure(EVENTS)} events that gets 20 more a second, with and without --compress. Bytes are those of the ` +
      "client's socket. The run's text is made of few words, so real ones shrink less.",
    tables: [
      table(
        ["clients", "compressed", "snapshot kB", "bytes per byte", "p50 ms", "cores", "RSS MB"],
        all.map((one) => [
          figure(one.clients),
          one.compress ? "yes" : "no",
          figure(one.snapshotBytes / 1_000),
          figure(one.bytesPerByte, 2),
          figure(one.p50Ms, 1),
          figure(one.cores, 3),
          megabytes(one.rssBytes),
        ]),
      ),
    ],
    promises: [],
    figures: all,
  };
}

function measure(clients: number, compress: boolean, appends: number): Promise<Compressed> {
  return withRun({ events: EVENTS }, async (runsDir, run) => {
    const server = await startRunreel(runsDir, compress ? ["--compress"] : []);
    const all: CompressedClient[] = [];
    try {
      for (let client = 0; client < clients; client += 1)
        all.push(await CompressedClient.connect(server, run.runId, compress));
      await delay(SETTLE_MS);
      const [first] = all;
      const snapshotBytes = first?.bytes ?? 0;
      const before = sumOf(all);
      let appendedBytes = 0;
      const cores = await coresDuring(server.pid, async () => {
        appendedBytes = await appendPaced(run, appends);
        await untilSo(() => all.every((client) => client.ages.length >= appends), GRACE_MS);
      });
      return {
        clients,
        compress,
        snapshotBytes,
        bytesPerByte: (sumOf(all) - before) / clients / appendedBytes,
        p50Ms: percentile(
          all.flatMap((client) => client.ages),
          0.5,
        ),
        cores,
        rssBytes: (await usageOf(server.pid))?.rssBytes,
      };
    } finally {
      for (const client of all) client.close();
      await server.stop();
    }
  });
}

function sumOf(clients: readonly CompressedClient[]): number {
  return clients.reduce((sum, client) => sum + client.bytes, 0);
}

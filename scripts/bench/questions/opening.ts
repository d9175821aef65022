import { setTimeout as delay } from "node:timers/promises";
import type { Answer } from "../answer.ts";
import type { Plan } from "../plan.ts";
import { usageOf } from "../process-usage.ts";
import { atMost } from "../promises.ts";
import { startTarget, type TargetName } from "../servers.ts";
import { ratio } from "../stats.ts";
import { figure, kilobytes, megabytes, table, times } from "../table.ts";
import { withRun } from "../temporary.ts";
import { watch } from "../watcher.ts";

/** In which what Runreel does in the background after opening comes to its end. */
const SETTLE_MS = 1_500;
const OTHERS_SETTLE_MS = 500;
const RSS_PROMISED_AT = 50_000;

interface Opening {
  readonly events: number;
  readonly target: TargetName;
  readonly ms: number | undefined;
  readonly bytes: number | undefined;
  readonly rssBytes: number | undefined;
}

/** How long until a run is there, whatever its length? */
export async function opening(plan: Plan): Promise<Answer> {
  const all: Opening[] = [];
  for (const events of plan.lengths) {
    for (const target of ["runreel.live.v1", "acpx.replay.v1", "naive"] as const) {
      all.push(await open(events, target));
    }
  }
  all.push(await open(plan.longest, "runreel.live.v1"));
  const oursAt = (events: number) =>
    all.find((one) => one.events === events && one.target === "runreel.live.v1");
  return {
    title: "Opening a run",
    how:
      "From subscribing, with a server that has not opened the run yet, until its state is there, once; the snapshot's " +
      `bytes; the server's memory ${SETTLE_MS / 1_000} s (the others' ${OTHERS_SETTLE_MS / 1_000} s) later. The longest in Runreel's own protocol only: the others would hold all of it.`,
    tables: [
      table(
        ["events", "server", "time / Runreel", "ms", "snapshot kB", "RSS MB"],
        all.map((one) => [
          figure(one.events),
          one.target,
          times(ratio(one.ms, oursAt(one.events)?.ms)),
          figure(one.ms),
          kilobytes(one.bytes),
          megabytes(one.rssBytes),
        ]),
      ),
    ],
    promises: [
      atMost(
        `The memory of a server with one run of ${figure(RSS_PROMISED_AT)} events open`,
        megabytesOf(oursAt(RSS_PROMISED_AT)?.rssBytes),
        150,
        " MB",
      ),
    ],
    figures: all,
  };
}

function open(events: number, target: TargetName): Promise<Opening> {
  return withRun({ events }, async (runsDir, run) => {
    const server = await startTarget(target, runsDir, run);
    try {
      const watcher = await watch(target, server, run);
      await delay(target === "runreel.live.v1" ? SETTLE_MS : OTHERS_SETTLE_MS);
      const rssBytes = (await usageOf(server.pid))?.rssBytes;
      await watcher.close();
      return { events, target, ms: watcher.snapshotMs, bytes: watcher.snapshotBytes, rssBytes };
    } finally {
      await server.stop();
    }
  });
}

function megabytesOf(bytes: number | undefined): number | undefined {
  return bytes === undefined ? undefined : bytes / 1024 ** 2;
}

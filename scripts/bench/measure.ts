import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { performance } from "node:perf_hooks";
import { setTimeout as delay } from "node:timers/promises";
import { type LongRun, writeLongRun } from "../demo/long-run.ts";
import { appendPaced } from "./paced-appends.ts";
import { coresBetween, type Usage, usageOf } from "./process-usage.ts";
import { percentile } from "./stats.ts";
import { startTarget, type TargetName, type Watcher, watchTarget } from "./targets.ts";

export interface Plan {
  readonly appends: number;
  readonly settleMs: number;
  readonly idleMs: number;
}

/** What one server did with one run. Undefined: not measured on this system, or there is none. */
export interface Figures {
  readonly target: TargetName;
  readonly events: number;
  readonly clients: number;
  readonly p50Ms: number | undefined;
  readonly p95Ms: number | undefined;
  readonly seen: number;
  readonly expected: number;
  /** Per client, frames included. */
  readonly bytesPerByte: number;
  readonly resyncs: number;
  readonly liveCores: number | undefined;
  readonly idleCores: number | undefined;
  readonly idleMessages: number;
  readonly rssBytes: number | undefined;
  readonly snapshotMs: number | undefined;
}

/** Measures one server alone: the others are not running meanwhile. */
export async function measure(
  target: TargetName,
  events: number,
  clients: number,
  plan: Plan,
): Promise<Figures> {
  const runsDir = await mkdtemp(join(tmpdir(), "runreel-bench-"));
  try {
    const run = await writeLongRun({ runsDir, events, steps: Math.ceil(events / 100) });
    const server = await startTarget(target, runsDir, run);
    const watchers: Watcher[] = [];
    try {
      for (let client = 0; client < clients; client += 1) {
        watchers.push(await watchTarget(target, server, run));
      }
      return { target, events, clients, ...(await measureRun(server.pid, run, watchers, plan)) };
    } finally {
      await Promise.all(watchers.map((watcher) => watcher.close()));
      await server.stop();
    }
  } finally {
    await rm(runsDir, { recursive: true, force: true });
  }
}

async function measureRun(
  pid: number,
  run: LongRun,
  watchers: readonly Watcher[],
  plan: Plan,
): Promise<Omit<Figures, "target" | "events" | "clients">> {
  await delay(plan.settleMs);
  const bytesBefore = sum(watchers, "bytes");
  const usageBefore = await usageOf(pid);
  let usageAfter: Usage | undefined;
  const live = await appendPaced(run, plan.appends, watchers, async () => {
    usageAfter = await usageOf(pid);
  });
  const sentBytes = sum(watchers, "bytes") - bytesBefore;

  await delay(plan.settleMs);
  const messagesBefore = sum(watchers, "messages");
  const idleBefore = await usageOf(pid);
  const idleFrom = performance.now();
  await delay(plan.idleMs);
  const idleAfter = await usageOf(pid);
  const idleElapsed = performance.now() - idleFrom;

  return {
    p50Ms: percentile(live.latencies, 0.5),
    p95Ms: percentile(live.latencies, 0.95),
    seen: live.latencies.length,
    expected: live.expected,
    bytesPerByte: sentBytes / live.appendedBytes / watchers.length,
    resyncs: sum(watchers, "resyncs"),
    liveCores: coresBetween(usageBefore, usageAfter, live.elapsedMs),
    idleCores: coresBetween(idleBefore, idleAfter, idleElapsed),
    idleMessages: sum(watchers, "messages") - messagesBefore,
    rssBytes: usageAfter?.rssBytes,
    snapshotMs: watchers[0]?.snapshotMs,
  };
}

function sum(watchers: readonly Watcher[], count: "messages" | "bytes" | "resyncs"): number {
  return watchers.reduce((total, watcher) => total + watcher.received()[count], 0);
}

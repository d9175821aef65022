import { performance } from "node:perf_hooks";
import { setTimeout as delay } from "node:timers/promises";
import { appendPaced } from "./paced-appends.ts";
import type { Plan } from "./plan.ts";
import { coresDuring, cpuMsBetween, usageOf } from "./process-usage.ts";
import { startTarget, type TargetName, TARGETS } from "./servers.ts";
import { percentile } from "./stats.ts";
import { withRun } from "./temporary.ts";
import { untilSo } from "./until.ts";
import { watch } from "./watcher.ts";

/** After opening and after the appends, before anything is measured. */
const SETTLE_MS = 300;
/** How long the last events may take; what comes later counts as not seen. */
const GRACE_MS = 3_000;

/** What one server did with one run and one client. Undefined: not measured on this system. */
export interface Followed {
  readonly target: TargetName;
  readonly events: number;
  readonly p50Ms: number | undefined;
  readonly p95Ms: number | undefined;
  readonly seen: number;
  readonly appended: number;
  /** What the client received, frames included, over what was appended. */
  readonly bytesPerByte: number;
  readonly cpuMsPerEvent: number | undefined;
  readonly liveCores: number | undefined;
  readonly idleCores: number | undefined;
  readonly idleMessages: number;
}

const known = new Map<string, Promise<Followed>>();

/** Three questions look at the same measurement: it is made once. */
function followed(target: TargetName, events: number, plan: Plan): Promise<Followed> {
  const key = `${target}, ${events}`;
  const made = known.get(key) ?? measure(target, events, plan);
  known.set(key, made);
  return made;
}

/** All targets at all lengths, one server at a time. */
export async function followedAll(plan: Plan): Promise<Followed[]> {
  const all: Followed[] = [];
  for (const events of plan.lengths) {
    for (const target of TARGETS) all.push(await followed(target, events, plan));
  }
  return all;
}

function measure(target: TargetName, events: number, plan: Plan): Promise<Followed> {
  const isOurs = target === "runreel.live.v1";
  const count = isOurs ? plan.appends : plan.othersAppends;
  return withRun({ events }, async (runsDir, run) => {
    const server = await startTarget(target, runsDir, run);
    try {
      const watcher = await watch(target, server, run);
      await delay(SETTLE_MS);
      const bytesBefore = watcher.received().bytes;
      const usageBefore = await usageOf(server.pid);
      const from = performance.now();
      const appendedBytes = await appendPaced(run, count);
      await untilSo(() => watcher.ages.length >= count, GRACE_MS);
      const cpuMs = cpuMsBetween(usageBefore, await usageOf(server.pid));
      const liveMs = performance.now() - from;
      const sentBytes = watcher.received().bytes - bytesBefore;

      await delay(SETTLE_MS);
      const messagesBefore = watcher.received().messages;
      const idleMs = isOurs ? plan.idleMs : plan.othersIdleMs;
      const idleCores = await coresDuring(server.pid, () => delay(idleMs));
      const idleMessages = watcher.received().messages - messagesBefore;
      await watcher.close();
      return {
        target,
        events,
        p50Ms: percentile(watcher.ages, 0.5),
        p95Ms: percentile(watcher.ages, 0.95),
        seen: watcher.ages.length,
        appended: count,
        bytesPerByte: sentBytes / appendedBytes,
        cpuMsPerEvent: cpuMs === undefined ? undefined : cpuMs / count,
        liveCores: cpuMs === undefined ? undefined : cpuMs / liveMs,
        idleCores,
        idleMessages,
      };
    } finally {
      await server.stop();
    }
  });
}

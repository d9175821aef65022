import { setTimeout as delay } from "node:timers/promises";
import type { Answer } from "../answer.ts";
import { gatherCrowd } from "../crowd.ts";
import { appendPaced } from "../paced-appends.ts";
import type { Plan } from "../plan.ts";
import { cpuMsBetween, usageOf } from "../process-usage.ts";
import { atMost, isTrue, type Promised } from "../promises.ts";
import { startTarget, type TargetName } from "../servers.ts";
import { percentile, ratio } from "../stats.ts";
import { figure, megabytes, table, times } from "../table.ts";
import { withRun } from "../temporary.ts";

const EVENTS = 1_000;
const SETTLE_MS = 500;
const GRACE_MS = 5_000;
/** More clients than this, and the naive server's answer never comes. */
const NAIVE_UP_TO = 10;

interface CrowdFigures {
  readonly clients: number;
  readonly target: TargetName;
  readonly p50Ms: number | undefined;
  readonly p95Ms: number | undefined;
  readonly seen: number;
  readonly expected: number;
  readonly resyncs: number;
  readonly cores: number | undefined;
  readonly rssBytes: number | undefined;
}

/** What do many clients of one run cost, and do they get it in time? */
export async function clients(plan: Plan): Promise<Answer> {
  const all: CrowdFigures[] = [];
  for (const count of plan.crowds) {
    for (const target of ["runreel.live.v1", "naive", "floor"] as const) {
      if (target === "naive" && count > NAIVE_UP_TO) continue;
      all.push(await measure(count, target, plan.crowdAppends));
    }
  }
  const floorOf = (count: number) => all.find((one) => one.clients === count && one.target === "floor");
  return {
    title: "Clients",
    how:
      `A run of ${figure(EVENTS)} events that gets 20 more a second, and clients in processes of their own, on the same machine: ` +
      "each reads every message, looks for gaps in the versions, and reads the time that stands in the event.",
    tables: [
      table(
        ["clients", "server", "p95 / floor", "p50 ms", "p95 ms", "seen", "resyncs", "cores", "RSS MB"],
        all.map((one) => [
          figure(one.clients),
          one.target,
          times(ratio(one.p95Ms, floorOf(one.clients)?.p95Ms)),
          figure(one.p50Ms, 1),
          figure(one.p95Ms, 1),
          `${figure(one.seen)} of ${figure(one.expected)}`,
          figure(one.resyncs),
          figure(one.cores, 3),
          megabytes(one.rssBytes),
        ]),
      ),
    ],
    promises: all.filter(({ target }) => target === "runreel.live.v1").flatMap(promisesOf),
    figures: all,
  };
}

function measure(count: number, target: TargetName, appends: number): Promise<CrowdFigures> {
  return withRun({ events: EVENTS }, async (runsDir, run) => {
    const server = await startTarget(target, runsDir, run);
    try {
      const crowd = await gatherCrowd(count, target, server, run);
      try {
        await delay(SETTLE_MS);
        const before = await usageOf(server.pid);
        const from = performance.now();
        await appendPaced(run, appends);
        const elapsedMs = performance.now() - from;
        const after = await usageOf(server.pid);
        const { ages, gaps } = await crowd.finish(appends, GRACE_MS);
        const cpuMs = cpuMsBetween(before, after);
        return {
          clients: count,
          target,
          p50Ms: percentile(ages, 0.5),
          p95Ms: percentile(ages, 0.95),
          seen: ages.length,
          expected: count * appends,
          resyncs: gaps,
          cores: cpuMs === undefined ? undefined : cpuMs / elapsedMs,
          rssBytes: after?.rssBytes,
        };
      } finally {
        await crowd.stop();
      }
    } finally {
      await server.stop();
    }
  });
}

function promisesOf({ clients: count, p95Ms, seen, expected, resyncs, cores }: CrowdFigures): Promised[] {
  const of = `${figure(count)} clients`;
  return [
    isTrue(seen === expected, `${of} saw ${seen} of ${expected} events; all should be seen.`),
    atMost(`What ${of} need`, resyncs, 0, " resyncs"),
    atMost(`The p95 of ${of}`, p95Ms ?? Infinity, 100, " ms"),
    atMost(`What ${of} cost`, cores, 1, " cores"),
  ];
}

import { performance } from "node:perf_hooks";
import { setTimeout as delay } from "node:timers/promises";
import * as v from "valibot";
import type { RunState } from "../../../src/protocol/bundle.ts";
import { LiveStats } from "../../../src/protocol/now.ts";
import { LiveClient } from "../../live-client.ts";
import type { Answer } from "../answer.ts";
import type { ChildServer } from "../children.ts";
import type { Plan } from "../plan.ts";
import { coresDuring, usageOf } from "../process-usage.ts";
import { atMost, isTrue, type Promised } from "../promises.ts";
import { liveUrl, startRunreel } from "../servers.ts";
import { type BenchSession, writeSession } from "../session.ts";
import { percentile } from "../stats.ts";
import { figure, megabytes, table } from "../table.ts";
import { inFolder } from "../temporary.ts";
import { untilSo } from "../until.ts";

const WITHIN_MS = 60_000;
const MEGABYTE = 1024 ** 2;
/** Each of many. */
const SMALL_BYTES = 100_000;
const DAY_MS = 24 * 60 * 60_000;
const SETTLE_MS = 5_000;
const IDLE_MS = 3_000;
const GAP_MS = 300;

interface Opened {
  readonly megabytes: number;
  /** From subscribing until its end is there, and until its turns are whole. */
  readonly firstMs: number;
  readonly wholeMs: number;
  readonly rssBytes: number | undefined;
  readonly hasAllTurns: boolean;
}

interface Many {
  readonly sessions: number;
  /** From the start of the server's process. */
  readonly listedMs: number;
  readonly windowMs: number;
  readonly wholeMs: number;
  /** The slowest answer of the server while it read. */
  readonly slowestMs: number;
  readonly rssBytes: number | undefined;
  readonly idleCores: number | undefined;
  readonly callMs: readonly number[];
}

/** What do coding sessions cost, long ones and many of them, and how soon does Now tell of a call? */
export async function sessions(plan: Plan): Promise<Answer> {
  const opened: Opened[] = [];
  for (const size of plan.sessionMegabytes) opened.push(await open(size));
  const many = await look(plan.sessions, plan.sessionCalls);
  return {
    title: "Coding sessions",
    how:
      "Sessions of Claude Code, records of about 1 kB. Opened: from subscribing until the conversation's end is there, and until all turns are. " +
      `Many: ${SMALL_BYTES / 1_000} kB each, one of them written just now; from the start of the server's process until all are listed, until the last minutes' cost ` +
      "is told, and until all have been read; the slowest answer meanwhile; memory and idle cores after it. " +
      `Then ${plan.sessionCalls} calls are appended to one, ${GAP_MS} ms apart, until each is on the stream of Now (p50 / p95).`,
    tables: [
      table(
        ["session MB", "first picture ms", "turns whole ms", "RSS MB"],
        opened.map((one) => [
          figure(one.megabytes),
          figure(one.firstMs),
          figure(one.wholeMs),
          megabytes(one.rssBytes),
        ]),
      ),
      table(
        [
          "sessions",
          "listed ms",
          "window ms",
          "all read ms",
          "slowest ms",
          "RSS MB",
          "idle cores",
          "call ms",
        ],
        [
          [
            figure(many.sessions),
            figure(many.listedMs),
            figure(many.windowMs),
            figure(many.wholeMs),
            figure(many.slowestMs),
            megabytes(many.rssBytes),
            figure(many.idleCores, 3),
            `${figure(percentile(many.callMs, 0.5), 1)} / ${figure(percentile(many.callMs, 0.95), 1)}`,
          ],
        ],
      ),
    ],
    promises: promisesOf(opened, many),
    figures: { opened, many },
  };
}

function open(size: number): Promise<Opened> {
  return inFolder(async (root) => {
    const endedAt = Date.now() - DAY_MS;
    const session = await writeSession({ root, number: 1, bytes: size * MEGABYTE, endedAt });
    const server = await startRunreel(root);
    try {
      // What the list needs has been read, so that opening is measured alone.
      await untilSo(async () => (await statsOf(server)).reading === null, WITHIN_MS);
      const client = await LiveClient.connect(liveUrl(server), { resync: true });
      const from = performance.now();
      client.subscribeRun(session.runId);
      const state = () => client.run(session.runId)?.state;
      await client.waitFor(() => state() !== undefined, WITHIN_MS, "the first snapshot");
      const firstMs = performance.now() - from;
      await client.waitFor(() => state()?.reading === undefined, WITHIN_MS, "all of its turns");
      const wholeMs = performance.now() - from;
      const hasAllTurns = turnsOf(state()) === session.turns;
      const rssBytes = (await usageOf(server.pid))?.rssBytes;
      await client.close();
      return { megabytes: size, firstMs, wholeMs, rssBytes, hasAllTurns };
    } finally {
      await server.stop();
    }
  });
}

/** The number of the newest turn that the held end of the trace tells of. */
function turnsOf(state: RunState | undefined): number {
  let newest = 0;
  for (const line of state?.trace ?? []) {
    const number = Number(/^turn-(\d+)$/.exec(line?.nodeId ?? "")?.[1] ?? 0);
    newest = Math.max(newest, number);
  }
  return newest;
}

function look(count: number, calls: number): Promise<Many> {
  return inFolder(async (root) => {
    const now = Date.now();
    for (let number = 2; number <= count; number += 1) {
      const endedAt = now - (1 + (number % 60)) * DAY_MS;
      await writeSession({ root, number, bytes: SMALL_BYTES, endedAt, project: `parcels-${number % 40}` });
    }
    const live = await writeSession({ root, number: 1, bytes: SMALL_BYTES, endedAt: now - 30_000 });
    const server = await startRunreel(root);
    try {
      const since = () => performance.now() - server.spawnedAt;
      let slowestMs = 0;
      const asked = async () => {
        const from = performance.now();
        const stats = await statsOf(server);
        slowestMs = Math.max(slowestMs, performance.now() - from);
        return stats;
      };
      const client = await LiveClient.connect(liveUrl(server), { resync: true });
      client.subscribeRuns();
      const listing = client
        .waitFor(() => client.runs?.state.total === count, WITHIN_MS, "all sessions in the list")
        .then(since);
      await untilSo(async () => (await asked()).burn.window_cost > 0, WITHIN_MS);
      const windowMs = since();
      const listedMs = await listing;
      await untilSo(async () => (await asked()).reading === null, WITHIN_MS);
      const wholeMs = since();
      await delay(SETTLE_MS);
      const rssBytes = (await usageOf(server.pid))?.rssBytes;
      const idleCores = await coresDuring(server.pid, () => delay(IDLE_MS));
      const callMs = await callsOnStream(server, live, calls);
      await client.close();
      return { sessions: count, listedMs, windowMs, wholeMs, slowestMs, rssBytes, idleCores, callMs };
    } finally {
      await server.stop();
    }
  });
}

async function statsOf({ url }: ChildServer): Promise<LiveStats> {
  const answer = await fetch(`${url}/api/live/stats?tz=UTC`);
  return v.parse(LiveStats, await answer.json());
}

/** From before a call is appended until its frame is there. */
async function callsOnStream({ url }: ChildServer, session: BenchSession, calls: number): Promise<number[]> {
  const stop = new AbortController();
  const answer = await fetch(`${url}/api/live/stream`, { signal: stop.signal });
  if (answer.body === null) throw new Error(`The stream answered ${answer.status}.`);
  const reader = answer.body.pipeThrough(new TextDecoderStream()).getReader();
  let text = "";
  const reading = (async () => {
    for (;;) {
      const { done, value } = await reader.read();
      if (done) return;
      text += value;
    }
  })().catch(() => undefined);
  const took: number[] = [];
  for (let call = 0; call < calls; call += 1) {
    await delay(GAP_MS);
    text = "";
    const from = performance.now();
    session.appendCall();
    const isThere = await untilSo(() => text.includes("event: tool_call\n"), WITHIN_MS);
    took.push(isThere ? performance.now() - from : Number.POSITIVE_INFINITY);
  }
  stop.abort();
  await reading;
  return took;
}

function promisesOf(opened: readonly Opened[], many: Many): Promised[] {
  const long = opened.at(-1);
  const of = `of ${figure(many.sessions)} sessions`;
  const each = `with ${figure(many.sessions)} sessions on disk`;
  const p95 = percentile(many.callMs, 0.95) ?? Infinity;
  return [
    ...(long === undefined
      ? []
      : [
          atMost(`The first picture of a session of ${long.megabytes} MB`, long.firstMs, 1_000, " ms"),
          isTrue(
            opened.every(({ hasAllTurns }) => hasAllTurns),
            "Every turn of an opened session should be there in the end.",
          ),
          atMost(
            `The memory of a server with a session of ${long.megabytes} MB open`,
            long.rssBytes === undefined ? undefined : long.rssBytes / MEGABYTE,
            450,
            " MB",
          ),
        ]),
    atMost(`The last minutes' cost ${each}`, many.windowMs, 3_000, " ms"),
    atMost(`The slowest answer while a list ${of} is read`, many.slowestMs, 1_000, " ms"),
    atMost(`What the server uses ${each} when nothing happens`, many.idleCores, 0.05, " cores"),
    atMost("The p95 of a call on the stream of Now", p95, 1_000, " ms"),
  ];
}

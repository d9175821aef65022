import { performance } from "node:perf_hooks";
import { setTimeout as delay } from "node:timers/promises";
import { LiveClient } from "../../live-client.ts";
import type { Answer } from "../answer.ts";
import { type Evaluation, writeEvaluation } from "../evaluation.ts";
import type { Plan } from "../plan.ts";
import { coresDuring, cpuMsBetween, usageOf } from "../process-usage.ts";
import { atMost, isTrue, type Promised } from "../promises.ts";
import { liveUrl, startRunreel } from "../servers.ts";
import { percentile } from "../stats.ts";
import { figure, kilobytes, megabytes, table } from "../table.ts";
import { inFolder } from "../temporary.ts";

const WITHIN_MS = 20_000;
const SETTLE_MS = 1_500;
const IDLE_MS = 1_500;
const GAP_MS = 100;
const JITTER_MS = 30;

interface Evaluated {
  readonly tests: number;
  /** From the start of the server's process until its line with all its counts is at a client. */
  readonly listedMs: number;
  /** From subscribing until its state is there. */
  readonly openMs: number;
  readonly snapshotBytes: number;
  readonly rssBytes: number | undefined;
  readonly idleCores: number | undefined;
  readonly idleMessages: number;
  /** From before a row is appended until the counts in the list, and the result in the open run, are at a client. */
  readonly inListMs: readonly number[];
  readonly inRunMs: readonly number[];
  readonly cpuMsPerResult: number | undefined;
}

/** What does an evaluation that goes on cost the server, and does the number of its tests matter? */
export async function evaluations(plan: Plan): Promise<Answer> {
  const all: Evaluated[] = [];
  for (const tests of plan.evaluations) all.push(await measure(tests, plan.results));
  return {
    title: "An evaluation goes on",
    how:
      "An evaluation of AgentV 4 with as many results, each a row of 3 kB. Listed: from the start of the server's process until a client of " +
      `the list has its counts. Opened: from subscribing until its state is there; memory and idle cores ${SETTLE_MS / 1_000} s later. ` +
      `Then ${plan.results} more results, ${GAP_MS} ms ± ${JITTER_MS} ms apart, until the counts in the list, and the result in the open run, are at a client (p50 / p95); ` +
      "and the server's processor time for one.",
    tables: [
      table(
        [
          "tests",
          "listed ms",
          "opened ms",
          "snapshot kB",
          "RSS MB",
          "idle cores",
          "idle messages",
          "in the list ms",
          "in the run ms",
          "ms a result",
        ],
        all.map((one) => [
          figure(one.tests),
          figure(one.listedMs),
          figure(one.openMs),
          kilobytes(one.snapshotBytes),
          megabytes(one.rssBytes),
          figure(one.idleCores, 3),
          figure(one.idleMessages),
          percentiles(one.inListMs),
          percentiles(one.inRunMs),
          figure(one.cpuMsPerResult, 2),
        ]),
      ),
    ],
    promises: promisesOf(all),
    figures: all,
  };
}

function percentiles(each: readonly number[]): string {
  return `${figure(percentile(each, 0.5), 1)} / ${figure(percentile(each, 0.95), 1)}`;
}

function measure(tests: number, results: number): Promise<Evaluated> {
  return inFolder(async (root) => {
    const run = await writeEvaluation({ root, tests, toCome: results });
    const server = await startRunreel(root);
    try {
      const list = await LiveClient.connect(liveUrl(server), { resync: true });
      list.subscribeRuns();
      const doneInList = () => list.runs?.state.runsById[run.runId]?.tally?.done ?? 0;
      await list.waitFor(() => doneInList() === tests, WITHIN_MS, "the counts in the list");
      const listedMs = performance.now() - server.spawnedAt;
      const open = await openRun(liveUrl(server), run);
      await delay(SETTLE_MS);
      const before = await usageOf(server.pid);
      const messages = () => list.counts.messages + open.client.counts.messages;
      const messagesBefore = messages();
      const idleCores = await coresDuring(server.pid, () => delay(IDLE_MS));
      const idleMessages = messages() - messagesBefore;
      const grown = await grow(run, results, {
        list: { client: list, done: doneInList },
        run: { client: open.client, done: () => open.client.run(run.runId)?.state.tally?.done ?? 0 },
        pid: server.pid,
      });
      await list.close();
      await open.client.close();
      const { openMs, snapshotBytes } = open;
      const rssBytes = before?.rssBytes;
      return { tests, listedMs, openMs, snapshotBytes, rssBytes, idleCores, idleMessages, ...grown };
    } finally {
      await server.stop();
    }
  });
}

async function openRun(url: string, { runId }: Evaluation) {
  const client = await LiveClient.connect(url, { resync: true });
  let snapshotBytes = 0;
  client.onMessage(({ bytes, message }) => {
    if (message.type === "run_snapshot") snapshotBytes += bytes;
  });
  const from = performance.now();
  client.subscribeRun(runId);
  await client.waitFor(() => client.run(runId) !== undefined, WITHIN_MS, "the first snapshot");
  return { client, openMs: performance.now() - from, snapshotBytes };
}

interface Watched {
  readonly client: LiveClient;
  readonly done: () => number;
}

/** Appends results one at a time, and waits for each at both clients. */
async function grow(
  evaluation: Evaluation,
  results: number,
  { list, pid, run }: { readonly list: Watched; readonly run: Watched; readonly pid: number },
): Promise<Pick<Evaluated, "inListMs" | "inRunMs" | "cpuMsPerResult">> {
  const inListMs: number[] = [];
  const inRunMs: number[] = [];
  const usageBefore = await usageOf(pid);
  for (let index = 0; index < results; index += 1) {
    await delay(GAP_MS + (Math.random() * 2 - 1) * JITTER_MS);
    const goal = list.done() + 1;
    const from = performance.now();
    evaluation.appendResult();
    const arrives = async ({ client, done }: Watched, into: number[]) => {
      await client.waitFor(() => done() === goal, WITHIN_MS, "a result");
      into.push(performance.now() - from);
    };
    await Promise.all([arrives(list, inListMs), arrives(run, inRunMs)]);
  }
  const cpuMs = cpuMsBetween(usageBefore, await usageOf(pid));
  return { inListMs, inRunMs, cpuMsPerResult: cpuMs === undefined ? undefined : cpuMs / results };
}

function promisesOf(all: readonly Evaluated[]): Promised[] {
  const [short, long] = [all.at(0), all.at(-1)];
  if (short === undefined || long === undefined) return [];
  const of = `of ${figure(long.tests)} tests`;
  const more =
    long.cpuMsPerResult === undefined || short.cpuMsPerResult === undefined
      ? undefined
      : long.cpuMsPerResult / short.cpuMsPerResult;
  const p95 = (each: readonly number[]) => percentile(each, 0.95) ?? Infinity;
  return [
    atMost(`A first list with an evaluation ${of}`, long.listedMs, 2_000, " ms"),
    atMost(`Opening an evaluation ${of}`, long.openMs, 3_000, " ms"),
    atMost(`The memory of a server with an evaluation ${of} open`, megabytesOf(long.rssBytes), 350, " MB"),
    atMost(`The processor time of a result ${of} over one of ${figure(short.tests)}`, more, 2, "x"),
    atMost(`The p95 of a result ${of} in the list`, p95(long.inListMs), 250, " ms"),
    atMost(`The p95 of a result ${of} in the open run`, p95(long.inRunMs), 250, " ms"),
    atMost(
      `What the server uses with an evaluation ${of} when nothing happens`,
      long.idleCores,
      0.02,
      " cores",
    ),
    isTrue(
      long.idleMessages === 0,
      `With an evaluation ${of} ${long.idleMessages} messages came when nothing happened; none should.`,
    ),
  ];
}

function megabytesOf(bytes: number | undefined): number | undefined {
  return bytes === undefined ? undefined : bytes / 1024 ** 2;
}

import { readdir } from "node:fs/promises";
import { performance } from "node:perf_hooks";
import { setTimeout as delay } from "node:timers/promises";
import * as v from "valibot";
import { LiveClient } from "../../live-client.ts";
import type { Answer } from "../answer.ts";
import type { ChildServer } from "../children.ts";
import { writeFinishedRun, writeFinishedRuns } from "../finished-runs.ts";
import type { Plan } from "../plan.ts";
import { coresDuring, usageOf } from "../process-usage.ts";
import { atMost, isTrue, type Promised } from "../promises.ts";
import { liveUrl, naiveListServer, startRunreel } from "../servers.ts";
import { median, ratio } from "../stats.ts";
import { figure, megabytes, table, times } from "../table.ts";
import { inFolder } from "../temporary.ts";
import { untilSo } from "../until.ts";

const SETTLE_MS = 1_000;
const LISTED_WITHIN_MS = 20_000;
const NEW_RUN_WITHIN_MS = 10_000;
const NAIVE_NEW_RUNS = 2;
const SEARCHES = ["billing", "cache number 7", "review completed", "nothing like this"] as const;

interface ListFigures {
  readonly runs: number;
  readonly target: "Runreel" | "naive";
  /** From the start of the process until a client has a list with something in it. */
  readonly firstMs: number;
  readonly allMs: number | undefined;
  readonly newRunMs: number | undefined;
  readonly searchMs: number | undefined;
  readonly idleCores: number | undefined;
  readonly rssBytes: number | undefined;
}

/** What do many finished runs cost that nobody looks at? */
export async function list(plan: Plan): Promise<Answer> {
  const all: ListFigures[] = [];
  for (const runs of plan.lists) {
    await inFolder(async (runsDir) => {
      writeFinishedRuns(runsDir, runs);
      all.push(await measure(runsDir, runs, "Runreel", plan));
      all.push(await measure(runsDir, runs, "naive", plan));
    });
  }
  const oursAt = (runs: number) => all.find((one) => one.runs === runs && one.target === "Runreel");
  return {
    title: "The list",
    how:
      "Folders of finished runs. From the start of the server's process until a client has a list with something in it, and until " +
      `the server knows all of them; a new run from its manifest to the client; a search over HTTP; the server's cores over ${plan.idleMs / 1_000} s ` +
      "in which nothing happens, and its memory. The naive reader reads every manifest and live.json again every 50 ms.",
    tables: [
      table(
        [
          "runs",
          "server",
          "new run / Runreel",
          "first list ms",
          "all known ms",
          "new run ms",
          "search ms",
          "idle cores",
          "RSS MB",
        ],
        all.map((one) => [
          figure(one.runs),
          one.target,
          times(ratio(one.newRunMs, oursAt(one.runs)?.newRunMs)),
          figure(one.firstMs),
          figure(one.allMs),
          figure(one.newRunMs, 1),
          figure(one.searchMs, 1),
          figure(one.idleCores, 3),
          megabytes(one.rssBytes),
        ]),
      ),
    ],
    promises: all.filter(({ target }) => target === "Runreel").flatMap(promisesOf),
    figures: all,
  };
}

async function measure(
  runsDir: string,
  runs: number,
  target: ListFigures["target"],
  plan: Plan,
): Promise<ListFigures> {
  const isOurs = target === "Runreel";
  const there = (await readdir(runsDir)).length;
  const server = isOurs ? await startRunreel(runsDir) : await naiveListServer(runsDir);
  try {
    const client = await LiveClient.connect(liveUrl(server), { resync: true });
    client.subscribeRuns();
    const isListed = () => (client.runs?.state.order.length ?? 0) > 0;
    await client.waitFor(isListed, LISTED_WITHIN_MS, "a list with something in it");
    const firstMs = performance.now() - server.spawnedAt;
    const isAll = () => totalOf(client) === there;
    const allMs = (await untilSo(isAll, LISTED_WITHIN_MS)) ? performance.now() - server.spawnedAt : undefined;
    await delay(SETTLE_MS);
    const idleCores = await coresDuring(server.pid, () => delay(isOurs ? plan.idleMs : SETTLE_MS));
    const searchMs = isOurs ? await search(server) : undefined;
    const newRunMs = await meetNewRuns(client, runsDir, there, isOurs ? plan.newRuns : NAIVE_NEW_RUNS);
    const rssBytes = (await usageOf(server.pid))?.rssBytes;
    await client.close();
    return { runs, target, firstMs, allMs, newRunMs, searchMs, idleCores, rssBytes };
  } finally {
    await server.stop();
  }
}

/** All runs the server knows; a client may hold the newest of them only. */
function totalOf({ runs }: LiveClient): number | undefined {
  if (runs === undefined) return undefined;
  const { state } = runs;
  return "total" in state && typeof state.total === "number" ? state.total : state.order.length;
}

async function meetNewRuns(
  client: LiveClient,
  runsDir: string,
  there: number,
  count: number,
): Promise<number | undefined> {
  const each: number[] = [];
  for (let index = 0; index < count; index += 1) {
    const from = performance.now();
    const runId = writeFinishedRun(runsDir, there + index, new Date());
    await client.waitFor(
      () => client.runs?.state.runsById[runId] !== undefined,
      NEW_RUN_WITHIN_MS,
      "a new run in the list",
    );
    each.push(performance.now() - from);
    await delay(100);
  }
  return median(each);
}

const Found = v.object({ runs: v.array(v.unknown()), total: v.number() });

async function search({ url }: ChildServer): Promise<number | undefined> {
  const each: number[] = [];
  for (const words of SEARCHES) {
    const from = performance.now();
    const asked = new URLSearchParams({ limit: "200", q: words });
    const answer: unknown = await (await fetch(`${url}/api/runs?${asked}`)).json();
    // Without a total the server has not searched, but given all.
    if (!v.is(Found, answer)) return undefined;
    each.push(performance.now() - from);
  }
  return median(each);
}

function promisesOf({ runs, firstMs, allMs, newRunMs, idleCores }: ListFigures): Promised[] {
  const of = `of ${figure(runs)} runs`;
  return [
    atMost(`From the start of the server to a first list ${of}`, firstMs, 500, " ms"),
    isTrue(allMs !== undefined, `Not all ${of} became known.`),
    atMost(`A new run in a list ${of}`, newRunMs ?? Infinity, 250, " ms"),
    atMost(`What the server uses with a list ${of} when nothing happens`, idleCores, 0.02, " cores"),
  ];
}

import { open as openFile, readFile } from "node:fs/promises";
import { performance } from "node:perf_hooks";
import * as v from "valibot";
import type { LongRun } from "../../demo/long-run.ts";
import { LiveClient } from "../../live-client.ts";
import { Log } from "../../../src/protocol/log.ts";
import {
  LogTimes,
  type LogTimes as Times,
  sessionLog,
  SessionRange,
} from "../../../src/protocol/log-ranges.ts";
import type { Answer } from "../answer.ts";
import type { ChildServer } from "../children.ts";
import type { Plan } from "../plan.ts";
import { usageOf } from "../process-usage.ts";
import { isTrue } from "../promises.ts";
import { seeded } from "../random.ts";
import { liveUrl, startRunreel } from "../servers.ts";
import { median, percentile, ratio } from "../stats.ts";
import { figure, kilobytes, megabytes, table, times } from "../table.ts";
import { withRun } from "../temporary.ts";
import { untilSo } from "../until.ts";

const LINES = 1_024;
const INDEXED_WITHIN_MS = 20_000;
const SEED = 7;

/** How long does it take to look at a moment far back in a long run? */
export async function seeking(plan: Plan): Promise<Answer> {
  const { ours, naive, floor } = await withRun({ events: plan.longest }, async (runsDir, run) => {
    const server = await startRunreel(runsDir);
    try {
      return {
        ours: await seekInRunreel(server, run, plan),
        naive: await seekNaively(run, plan.naiveSeeks),
        floor: await readBarely(run, plan.seeks),
      };
    } finally {
      await server.stop();
    }
  });
  const { msEach, right } = ours;
  const [p50, p95] = [percentile(msEach, 0.5), percentile(msEach, 0.95)];
  return {
    title: "Seeking",
    how:
      `${plan.seeks} random moments of a run of ${figure(plan.longest)} events: the page is found in the times, the ` +
      `${figure(LINES)} lines up to it are fetched over HTTP and parsed. The times are fetched once. ` +
      `The naive reader reads the file and parses it up to the moment, at ${plan.naiveSeeks.join(", ")} of the run; the floor is a bare read of as many bytes.`,
    tables: [
      table(
        ["p50: Runreel / floor", "p50: naive / Runreel", "p50 ms", "p95 ms", "naive ms", "floor ms"],
        [
          [
            times(ratio(p50, median(floor))),
            times(ratio(median(naive), p50)),
            figure(p50, 1),
            figure(p95, 1),
            figure(median(naive)),
            figure(median(floor), 2),
          ],
        ],
      ),
      table(
        ["all times known after ms", "times kB", "times ms", "lines of a moment kB", "RSS MB"],
        [
          [
            figure(ours.knownAfterMs),
            kilobytes(ours.timesBytes),
            figure(ours.timesMs, 1),
            kilobytes(ours.bytesEach),
            megabytes(ours.rssBytes),
          ],
        ],
      ),
    ],
    promises: [
      isTrue(
        right === plan.seeks,
        `${right} of ${plan.seeks} random moments were found in the lines fetched; all should be.`,
      ),
    ],
    figures: { ours, naive, floor },
  };
}

async function seekInRunreel(server: ChildServer, { runId, sessionId }: LongRun, plan: Plan) {
  const client = await LiveClient.connect(liveUrl(server));
  const openedAt = performance.now();
  client.subscribeRun(runId);
  await client.waitFor(() => client.run(runId) !== undefined, INDEXED_WITHIN_MS, "the first snapshot");
  const epoch = client.run(runId)?.epoch ?? "";
  const question = (part: string, more: Record<string, string> = {}) => {
    const asked = new URLSearchParams({ name: sessionLog(sessionId), epoch, ...more });
    return `${server.url}/api/runs/${encodeURIComponent(runId)}/${part}?${asked}`;
  };

  const pages = Math.floor(plan.longest / Log.PAGE);
  let known = await fetchTimes(question("times"));
  const isKnown = async () => {
    known = await fetchTimes(question("times"));
    return known.ends.filter((end) => end !== null).length >= pages;
  };
  if (!(await untilSo(isKnown, INDEXED_WITHIN_MS))) throw new Error("The times did not become known.");
  const knownAfterMs = performance.now() - openedAt;

  const first = v.parse(
    SessionRange,
    await (await fetch(question("log", { from: "0", to: String(Log.PAGE) }))).json(),
  );
  const [beginsAt, endsAt] = [Date.parse(first.entries[0]?.at ?? ""), known.ends.at(-1) ?? 0];
  const random = seeded(SEED);
  const msEach: number[] = [];
  let bytes = 0;
  let right = 0;
  for (let seek = 0; seek < plan.seeks; seek += 1) {
    const moment = beginsAt + random() * (endsAt - beginsAt);
    const from = performance.now();
    const page = pageOf(known, moment);
    const to = (page + 1) * Log.PAGE;
    const range = { from: String(Math.max(0, to - LINES)), to: String(to) };
    const text = await (await fetch(question("log", range))).text();
    const { entries, from: start } = v.parse(SessionRange, JSON.parse(text));
    msEach.push(performance.now() - from);
    bytes += text.length;
    const isWhole = entries.every((entry, index) => entry?.seq === start + index + 1);
    const [before, after] = [entries[0]?.at ?? "", entries.at(-1)?.at ?? ""];
    if (isWhole && Date.parse(before) <= moment + 1 && Date.parse(after) >= moment - 1) right += 1;
  }
  const rssBytes = (await usageOf(server.pid))?.rssBytes;
  await client.close();
  return {
    knownAfterMs,
    timesMs: known.ms,
    timesBytes: known.bytes,
    msEach,
    bytesEach: bytes / plan.seeks,
    right,
    rssBytes,
  };
}

async function fetchTimes(url: string): Promise<Times & { ms: number; bytes: number }> {
  const from = performance.now();
  const text = await (await fetch(url)).text();
  const parsed = v.parse(LogTimes, JSON.parse(text));
  return { ...parsed, ms: performance.now() - from, bytes: text.length };
}

/** The first page that ends no earlier than the moment. */
function pageOf({ ends }: Times, moment: number): number {
  let [low, high] = [0, ends.length - 1];
  while (low < high) {
    const middle = Math.floor((low + high) / 2);
    if ((ends[middle] ?? -Infinity) < moment) low = middle + 1;
    else high = middle;
  }
  return low;
}

const Line = v.pipe(v.string(), v.parseJson(), v.looseObject({ at: v.string() }));

/** The whole file is read, and parsed line by line up to the moment. */
async function seekNaively({ eventsFile }: LongRun, shares: readonly number[]): Promise<number[]> {
  const each: number[] = [];
  for (const share of shares) {
    const from = performance.now();
    const lines = (await readFile(eventsFile, "utf8")).trimEnd().split("\n");
    const [begins, ends] = [lines[0] ?? "", lines.at(-1) ?? ""].map((line) =>
      Date.parse(v.parse(Line, line).at),
    );
    const moment = (begins ?? 0) + share * ((ends ?? 0) - (begins ?? 0));
    lines.findIndex((line) => Date.parse(v.parse(Line, line).at) >= moment);
    each.push(performance.now() - from);
  }
  return each;
}

async function readBarely({ eventsFile }: LongRun, seeks: number): Promise<number[]> {
  const random = seeded(SEED);
  const handle = await openFile(eventsFile);
  try {
    const { size } = await handle.stat();
    const bytes = Math.min(size, LINES * 290);
    const each: number[] = [];
    for (let seek = 0; seek < seeks; seek += 1) {
      const from = performance.now();
      await handle.read(Buffer.alloc(bytes), 0, bytes, Math.floor(random() * (size - bytes)));
      each.push(performance.now() - from);
    }
    return each;
  } finally {
    await handle.close();
  }
}

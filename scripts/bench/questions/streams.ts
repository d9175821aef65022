import { setTimeout as delay } from "node:timers/promises";
import { writeLongRun } from "../../demo/long-run.ts";
import type { Answer } from "../answer.ts";
import { readEvents, type Streamed } from "../event-reader.ts";
import type { Plan } from "../plan.ts";
import { usageOf } from "../process-usage.ts";
import { atMost, isTrue } from "../promises.ts";
import { startRunreel } from "../servers.ts";
import { figure, megabytes, table } from "../table.ts";
import { inFolder } from "../temporary.ts";

/** In which the server has found the run. */
const SETTLE_MS = 1_000;
const MEMORY_EVERY_MS = 100;
const EVENTS_A_STEP = 2;

interface Reading extends Streamed {
  readonly what: string;
  readonly moreBytes: number | undefined;
}

/** What does it take to read all events of a long run, and to go on in the middle? */
export async function streams(plan: Plan): Promise<Answer> {
  const steps = plan.streamed;
  // The run's start, and of each step its start and its end; the last one is at work.
  const last = 1 + EVENTS_A_STEP * steps + 1;
  const middle = Math.floor(last / 2);
  const all = await inFolder(async (runsDir) => {
    const { runId } = await writeLongRun({ runsDir, events: steps, steps });
    const told: Reading[] = [];
    const tell = async (pid: number, url: string, what: string, after: number) =>
      void told.push({ what, ...(await watched(pid, () => readEvents(url, after, last))) });
    await withServer(runsDir, runId, async (pid, url) => {
      await tell(pid, url, "all", 0);
      await tell(pid, url, "the second half, after that", middle);
    });
    await withServer(runsDir, runId, (pid, url) =>
      tell(pid, url, "the second half, of a server that was just started", middle),
    );
    return told;
  });
  return {
    title: "Event streams",
    how:
      `The events of a run of ${figure(steps)} steps that goes on, read over HTTP as fast as they come: from the request to the first ` +
      "and to the last that there is, and the most memory that the server took meanwhile above what it had before.",
    tables: [
      table(
        ["read", "events", "first ms", "all ms", "events a second", "MB", "most memory more MB"],
        all.map((one) => [
          one.what,
          figure(one.events),
          figure(one.firstMs),
          figure(one.allMs),
          figure(one.events / (one.allMs / 1_000)),
          megabytes(one.bytes, 1),
          megabytes(one.moreBytes),
        ]),
      ),
    ],
    promises: [
      ...all.map(({ events, isWhole, what }) =>
        isTrue(isWhole, `Of ${what} ${figure(events)} events came, not each number once and in order.`),
      ),
      ...all.map(({ allMs, events, what }) =>
        atMost(`What 10,000 events take of ${what}`, allMs / (events / 10_000), 1_000, " ms"),
      ),
      ...all.map(({ moreBytes, what }) =>
        atMost(`The memory taken by reading ${what}`, megabytesOf(moreBytes), 100, " MB"),
      ),
      atMost("A resume in the middle of what was read before", all.at(1)?.firstMs ?? Infinity, 200, " ms"),
    ],
    figures: all,
  };
}

async function withServer(
  runsDir: string,
  runId: string,
  task: (pid: number, url: string) => Promise<void>,
): Promise<void> {
  const server = await startRunreel(runsDir);
  try {
    await delay(SETTLE_MS);
    await task(server.pid, `${server.url}/api/v1/runs/${encodeURIComponent(runId)}/events`);
  } finally {
    await server.stop();
  }
}

/** Does it, and looks at the server's memory again and again. */
async function watched(
  pid: number,
  task: () => Promise<Streamed>,
): Promise<Streamed & { moreBytes: number | undefined }> {
  const before = (await usageOf(pid))?.rssBytes;
  let most = before ?? 0;
  const look = async () => {
    most = Math.max(most, (await usageOf(pid))?.rssBytes ?? 0);
  };
  const timer = setInterval(() => void look(), MEMORY_EVERY_MS);
  try {
    const streamed = await task();
    await look();
    return { ...streamed, moreBytes: before === undefined ? undefined : most - before };
  } finally {
    clearInterval(timer);
  }
}

function megabytesOf(bytes: number | undefined): number | undefined {
  return bytes === undefined ? undefined : bytes / 1024 ** 2;
}

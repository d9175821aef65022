import { performance } from "node:perf_hooks";
import { setTimeout as delay } from "node:timers/promises";
import type { Page } from "playwright-core";
import { type LongRun, writeLongRun } from "../../demo/long-run.ts";
import { findBrowser } from "../../find-browser.ts";
import type { Answer } from "../answer.ts";
import { heapOf, longTasks, openPage, seek, untilLoaded } from "../opened-page.ts";
import type { Plan } from "../plan.ts";
import { atMost, type Promised } from "../promises.ts";
import { startRunreel } from "../servers.ts";
import { percentile } from "../stats.ts";
import { figure, table } from "../table.ts";
import { inFolder } from "../temporary.ts";

const EVENTS_A_STEP = 10;
const LIVE_EVERY_MS = 5;

interface PageFigures {
  readonly events: number;
  readonly firstMs: number;
  readonly wholeMs: number;
  readonly heapMb: number;
  readonly seeksMs: readonly number[];
  readonly heapAfterSeeksMb: number;
  readonly liveTasksMs: readonly number[];
  readonly heapAfterLiveMb: number;
}

/** What is a long run like on the page? Nothing is measured where there is no browser. */
export async function page(plan: Plan): Promise<Answer> {
  const executablePath = await findBrowser();
  const all: PageFigures[] = [];
  if (executablePath !== undefined) {
    for (const events of [1_000, plan.longest]) all.push(await measure(executablePath, events, plan));
  }
  return {
    title: "The page",
    how:
      `A run of ${EVENTS_A_STEP} events a step, opened in a browser of 1440 by 900 that draws without a graphics card, by a server ` +
      "that was just started. First: from the navigation to a conversation that is drawn. All: until nothing is loading. " +
      `Then ${plan.seeks / 2} presses at random places of the timeline, each until a frame in which nothing is loading; then ` +
      `${plan.livePageMs / 1_000} s of 200 events a second at the live edge. Heap after a collection.` +
      (executablePath === undefined ? " No browser was found." : ""),
    tables: [
      table(
        [
          "events",
          "first ms",
          "all ms",
          "seek p50 ms",
          "seek p95 ms",
          "heap MB: opened",
          "after seeks",
          "after live",
          "live tasks over 50 ms",
          "longest ms",
        ],
        all.map((one) => [
          figure(one.events),
          figure(one.firstMs),
          figure(one.wholeMs),
          figure(percentile(one.seeksMs, 0.5)),
          figure(percentile(one.seeksMs, 0.95)),
          figure(one.heapMb),
          figure(one.heapAfterSeeksMb),
          figure(one.heapAfterLiveMb),
          figure(one.liveTasksMs.length),
          one.liveTasksMs.length === 0 ? "-" : figure(Math.max(...one.liveTasksMs)),
        ]),
      ),
    ],
    promises: all.flatMap(promisesOf),
    figures: all,
  };
}

function measure(executablePath: string, events: number, plan: Plan): Promise<PageFigures> {
  return inFolder(async (runsDir) => {
    const run = await writeLongRun({ runsDir, events, steps: Math.ceil(events / EVENTS_A_STEP) });
    const server = await startRunreel(runsDir);
    const { close, page: opened } = await openPage(executablePath);
    try {
      await opened.goto(`${server.url}/runs/${run.runId}`);
      await opened.waitForSelector(".turn");
      const firstMs = await opened.evaluate(() => performance.now());
      const wholeMs = await untilLoaded(opened);
      const heapMb = await heapOf(opened);
      const seeksMs = await seek(opened, plan.seeks / 2);
      const heapAfterSeeksMb = await heapOf(opened);
      await opened.keyboard.press("l");
      await untilLoaded(opened);
      const liveTasksMs = await stream(opened, run, plan.livePageMs);
      return {
        events,
        firstMs,
        wholeMs,
        heapMb,
        seeksMs,
        heapAfterSeeksMb,
        liveTasksMs,
        heapAfterLiveMb: await heapOf(opened),
      };
    } finally {
      await close();
      await server.stop();
    }
  });
}

/** 200 events a second at the live edge; gives the long tasks of the page meanwhile. */
async function stream(opened: Page, run: LongRun, forMs: number): Promise<number[]> {
  const before = (await longTasks(opened)).length;
  const from = performance.now();
  for (let written = 0; performance.now() - from < forMs; await delay(10)) {
    for (const due = (performance.now() - from) / LIVE_EVERY_MS; written < due; written += 1)
      run.appendEvent(`word ${written} of what the agent says `);
  }
  return (await longTasks(opened)).slice(before);
}

function promisesOf(one: PageFigures): Promised[] {
  const of = `of ${figure(one.events)} events`;
  const heapMb = Math.max(one.heapMb, one.heapAfterSeeksMb, one.heapAfterLiveMb);
  return [
    atMost(`The first picture ${of}`, one.firstMs, 1_000, " ms"),
    atMost(`The page's heap ${of}`, heapMb, 200, " MB"),
    atMost(`The p50 of a seek in a run ${of}`, percentile(one.seeksMs, 0.5) ?? Infinity, 100, " ms"),
  ];
}

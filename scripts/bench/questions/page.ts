import { performance } from "node:perf_hooks";
import { setTimeout as delay } from "node:timers/promises";
import { chromium, type Page } from "playwright-core";
import { type LongRun, writeLongRun } from "../../demo/long-run.ts";
import { findBrowser } from "../../find-browser.ts";
import type { Answer } from "../answer.ts";
import { watchLongTasks } from "../long-tasks.ts";
import type { Plan } from "../plan.ts";
import { atMost, type Promised } from "../promises.ts";
import { seeded } from "../random.ts";
import { startRunreel } from "../servers.ts";
import { percentile } from "../stats.ts";
import { figure, table } from "../table.ts";
import { inFolder } from "../temporary.ts";

const EVENTS_A_STEP = 10;
const SEED = 11;
const PATIENCE_MS = 30_000;
const LIVE_EVERY_MS = 5;
const BROWSER_ARGS = ["--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-sync"];

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
    const browser = await chromium.launch({ executablePath, args: BROWSER_ARGS });
    try {
      const context = await browser.newContext({ viewport: { width: 1440, height: 900 } });
      context.setDefaultTimeout(PATIENCE_MS);
      const opened = await context.newPage();
      await opened.addInitScript(watchLongTasks);
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
      await browser.close();
      await server.stop();
    }
  });
}

/** Gives the page's own time at which nothing was loading any more. */
async function untilLoaded(opened: Page): Promise<number> {
  await opened.waitForFunction(() => document.querySelector('[aria-busy="true"]') === null);
  return opened.evaluate(() => performance.now());
}

async function heapOf(opened: Page): Promise<number> {
  const session = await opened.context().newCDPSession(opened);
  await session.send("HeapProfiler.collectGarbage");
  const { usedSize } = await session.send("Runtime.getHeapUsage");
  await session.detach();
  return usedSize / 1e6;
}

/** Presses the timeline at random places, and waits for each picture. */
async function seek(opened: Page, count: number): Promise<number[]> {
  const random = seeded(SEED);
  const times: number[] = [];
  for (let press = 0; press < count; press += 1) {
    const share = 0.02 + 0.96 * random();
    times.push(
      await opened.evaluate(async (to) => {
        const slider = document.querySelector('[role="slider"]');
        if (slider === null) throw new Error("There is no timeline.");
        const { left, top, width } = slider.getBoundingClientRect();
        const at = { clientX: left + width * to, clientY: top + 4, bubbles: true, pointerId: 1 };
        const from = performance.now();
        // No real pointer holds it, so it cannot be captured; the press has its effect first.
        slider.setPointerCapture = () => undefined;
        slider.dispatchEvent(new PointerEvent("pointerdown", at));
        slider.dispatchEvent(new PointerEvent("pointerup", at));
        do await new Promise(requestAnimationFrame);
        while (document.querySelector('[aria-busy="true"]') !== null && performance.now() - from < 10_000);
        return performance.now() - from;
      }, share),
    );
  }
  return times;
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

function longTasks(opened: Page): Promise<number[]> {
  return opened.evaluate(() => window.longTasks ?? []);
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

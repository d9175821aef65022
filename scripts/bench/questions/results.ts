import { performance } from "node:perf_hooks";
import { setTimeout as delay } from "node:timers/promises";
import type { Page } from "playwright-core";
import { findBrowser } from "../../find-browser.ts";
import type { Answer } from "../answer.ts";
import { type Evaluation, writeEvaluation } from "../evaluation.ts";
import { heapOf, longTasks, openPage, seek, untilLoaded } from "../opened-page.ts";
import type { Plan } from "../plan.ts";
import { atMost, type Promised } from "../promises.ts";
import { startRunreel } from "../servers.ts";
import { percentile, ratio } from "../stats.ts";
import { figure, table, times } from "../table.ts";
import { inFolder } from "../temporary.ts";

const DAY_MS = 86_400_000;
const SORTED_BY = ["score", "time", "test", "state"] as const;
const SCROLLS = 20;
const RESULTS_A_SECOND = 20;
const LONG_FRAME_MS = 50;
/** What is asked of the page until it is drawn; two frames alone are 32 ms. */
const DRAWN_MS = 300;

interface ResultsFigures {
  readonly tests: number;
  readonly firstMs: number;
  readonly wholeMs: number;
  readonly sortsMs: readonly number[];
  readonly scrollsMs: readonly number[];
  readonly seeksMs: readonly number[];
  readonly heapMb: number;
  readonly framesMs: readonly number[];
  readonly liveTasksMs: readonly number[];
  /** The share of the time in which the page's main thread was at work while results came in. */
  readonly busy: number;
  readonly heapAfterLiveMb: number;
  readonly compareMs: number;
}

/** What is an evaluation of many tests like on the page? Nothing is measured where there is no browser. */
export async function results(plan: Plan): Promise<Answer> {
  const executablePath = await findBrowser();
  const all: ResultsFigures[] = [];
  if (executablePath !== undefined) {
    for (const tests of plan.evaluations) all.push(await measure(executablePath, tests, plan));
  }
  return {
    title: "An evaluation on the page",
    how:
      "An evaluation of AgentV 4 that goes on, in a browser of 1440 by 900 that draws without a graphics card. First: from the navigation to a row of the " +
      `table of results. All: until nothing is loading. Sorted by ${SORTED_BY.join(", ")}, twice each; scrolled to ${SCROLLS} places; the timeline pressed at ${Math.round(plan.seeks / 4)} ` +
      `places: until it is drawn. Then ${plan.liveResultsMs / 1_000} s of ${RESULTS_A_SECOND} results a second at the live edge: frames that took more than ${LONG_FRAME_MS} ms, and the ` +
      "share of the time that the page's main thread works. Compared: from the navigation to the first tests of two such evaluations side by side." +
      (executablePath === undefined ? " No browser was found." : ""),
    tables: [
      table(
        ["tests", "first ms", "all ms", "sort ms", "scroll ms", "seek ms", "heap MB", "compared ms"],
        all.map((one) => [
          figure(one.tests),
          figure(one.firstMs),
          figure(one.wholeMs),
          percentiles(one.sortsMs),
          percentiles(one.scrollsMs),
          percentiles(one.seeksMs),
          figure(Math.max(one.heapMb, one.heapAfterLiveMb)),
          figure(one.compareMs),
        ]),
      ),
      table(
        [
          "tests",
          "busy / fewest tests",
          "busy",
          "frames",
          `over ${LONG_FRAME_MS} ms`,
          "tasks over 50 ms",
          "longest ms",
        ],
        all.map((one) => [
          figure(one.tests),
          times(ratio(one.busy, all[0]?.busy)),
          figure(one.busy, 2),
          figure(one.framesMs.length),
          figure(longFrames(one)),
          figure(one.liveTasksMs.length),
          one.liveTasksMs.length === 0 ? "-" : figure(Math.max(...one.liveTasksMs)),
        ]),
      ),
    ],
    promises: promisesOf(all),
    figures: all,
  };
}

function percentiles(each: readonly number[]): string {
  return `${figure(percentile(each, 0.5))} / ${figure(percentile(each, 0.95))}`;
}

function longFrames({ framesMs }: ResultsFigures): number {
  return framesMs.filter((ms) => ms > LONG_FRAME_MS).length;
}

function measure(executablePath: string, tests: number, plan: Plan): Promise<ResultsFigures> {
  return inFolder(async (root) => {
    const toCome = (2 * plan.liveResultsMs * RESULTS_A_SECOND) / 1_000;
    const other = await writeEvaluation({ root, tests, agoMs: DAY_MS, turn: 1 });
    const run = await writeEvaluation({ root, tests, toCome });
    const server = await startRunreel(root);
    const { close, page } = await openPage(executablePath);
    try {
      await page.goto(`${server.url}/runs/${run.runId}`);
      await page.waitForSelector(".result-row");
      const firstMs = await page.evaluate(() => performance.now());
      const wholeMs = await untilLoaded(page);
      const sortsMs = await sort(page);
      const scrollsMs = await scroll(page);
      const seeksMs = await seek(page, Math.round(plan.seeks / 4));
      const heapMb = await heapOf(page);
      await page.keyboard.press("l");
      await untilLoaded(page);
      const live = await stream(page, run, plan.liveResultsMs);
      const heapAfterLiveMb = await heapOf(page);
      await page.goto(`${server.url}/runs/${run.runId}?with=${other.runId}`);
      await page.waitForSelector(".pair-rows [role=row]");
      const compareMs = await page.evaluate(() => performance.now());
      return {
        tests,
        firstMs,
        wholeMs,
        sortsMs,
        scrollsMs,
        seeksMs,
        heapMb,
        heapAfterLiveMb,
        compareMs,
        ...live,
      };
    } finally {
      await close();
      await server.stop();
    }
  });
}

/** Presses the heads of columns, each until the table is drawn in its order. */
async function sort(page: Page): Promise<number[]> {
  const each: number[] = [];
  for (const column of [...SORTED_BY, ...SORTED_BY]) {
    each.push(
      await page.evaluate(async (name) => {
        const head = document.querySelector(`th.in-${name}`);
        const button = head?.querySelector("button");
        if (button == null) throw new Error(`There is no column "${name}".`);
        const before = head?.getAttribute("aria-sort");
        const from = performance.now();
        button.click();
        do await new Promise(requestAnimationFrame);
        while (head?.getAttribute("aria-sort") === before && performance.now() - from < 10_000);
        await new Promise(requestAnimationFrame);
        return performance.now() - from;
      }, column),
    );
  }
  return each;
}

/** Scrolls the table here and there, each until there are rows to be seen. */
async function scroll(page: Page): Promise<number[]> {
  const each: number[] = [];
  for (let place = 0; place < SCROLLS; place += 1) {
    each.push(
      await page.evaluate(
        async (share) => {
          const box = document.querySelector(".result-box");
          if (box === null) throw new Error("There is no table of results.");
          const { bottom, left, top } = box.getBoundingClientRect();
          const [x, y] = [left + 60, (top + bottom) / 2];
          const from = performance.now();
          box.scrollTop = share * (box.scrollHeight - box.clientHeight);
          do await new Promise(requestAnimationFrame);
          while (
            !document.elementFromPoint(x, y)?.closest(".result-row") &&
            performance.now() - from < 10_000
          );
          await new Promise(requestAnimationFrame);
          return performance.now() - from;
        },
        ((place * 7) % SCROLLS) / SCROLLS,
      ),
    );
  }
  await page.evaluate(() => {
    const box = document.querySelector(".result-box");
    if (box !== null) box.scrollTop = 0;
  });
  return each;
}

/** Results that come in at the live edge; gives what the page was like meanwhile. */
async function stream(
  page: Page,
  run: Evaluation,
  forMs: number,
): Promise<Pick<ResultsFigures, "framesMs" | "liveTasksMs" | "busy">> {
  const before = (await longTasks(page)).length;
  const session = await page.context().newCDPSession(page);
  await session.send("Performance.enable");
  const workedMs = async () => {
    const { metrics } = await session.send("Performance.getMetrics");
    return 1_000 * (metrics.find(({ name }) => name === "TaskDuration")?.value ?? Number.NaN);
  };
  const frames = page.evaluate(async (ms) => {
    const each: number[] = [];
    const from = performance.now();
    for (let last = from; last - from < ms;) {
      const now = await new Promise<number>(requestAnimationFrame);
      each.push(now - last);
      last = now;
    }
    return each;
  }, forMs);
  const workedBefore = await workedMs();
  const from = performance.now();
  for (let written = 0; performance.now() - from < forMs; await delay(10)) {
    for (const due = ((performance.now() - from) / 1_000) * RESULTS_A_SECOND; written < due; written += 1)
      run.appendResult();
  }
  const busy = ((await workedMs()) - workedBefore) / (performance.now() - from);
  const framesMs = await frames;
  await session.detach();
  return { framesMs, liveTasksMs: (await longTasks(page)).slice(before), busy };
}

function promisesOf(all: readonly ResultsFigures[]): Promised[] {
  const [short, long] = [all.at(0), all.at(-1)];
  if (short === undefined || long === undefined) return [];
  const of = `of ${figure(long.tests)} tests`;
  const p95 = (each: readonly number[]) => percentile(each, 0.95) ?? Infinity;
  return [
    atMost(`The first results ${of}`, long.firstMs, 3_000, " ms"),
    atMost(
      `The page's heap with an evaluation ${of}`,
      Math.max(long.heapMb, long.heapAfterLiveMb),
      200,
      " MB",
    ),
    atMost(`The p95 of sorting the results ${of}`, p95(long.sortsMs), DRAWN_MS, " ms"),
    atMost(`The p95 of a scroll in the results ${of}`, p95(long.scrollsMs), DRAWN_MS, " ms"),
    atMost(`The p95 of a seek in an evaluation ${of}`, p95(long.seeksMs), DRAWN_MS, " ms"),
    atMost(
      `The page's work for results that come in ${of}, over ${figure(short.tests)}`,
      long.busy / short.busy,
      2,
      "x",
    ),
    atMost(`Comparing two evaluations ${of}`, long.compareMs, 4_000, " ms"),
  ];
}

import { chromium, type Page } from "playwright-core";
import { watchLongTasks } from "./long-tasks.ts";
import { seeded } from "./random.ts";

/** Runreel's page in a browser, as the bench looks at it. */

const PATIENCE_MS = 30_000;
const SEED = 11;
const BROWSER_ARGS = ["--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-sync"];

export async function openPage(executablePath: string): Promise<{ page: Page; close: () => Promise<void> }> {
  const browser = await chromium.launch({ executablePath, args: BROWSER_ARGS });
  const context = await browser.newContext({ viewport: { width: 1440, height: 900 } });
  context.setDefaultTimeout(PATIENCE_MS);
  const page = await context.newPage();
  await page.addInitScript(watchLongTasks);
  return { page, close: () => browser.close() };
}

/** Gives the page's own time at which nothing was loading any more. */
export async function untilLoaded(opened: Page): Promise<number> {
  await opened.waitForFunction(() => document.querySelector('[aria-busy="true"]') === null);
  return opened.evaluate(() => performance.now());
}

export async function heapOf(opened: Page): Promise<number> {
  const session = await opened.context().newCDPSession(opened);
  await session.send("HeapProfiler.collectGarbage");
  const { usedSize } = await session.send("Runtime.getHeapUsage");
  await session.detach();
  return usedSize / 1e6;
}

/** Presses the timeline at random places, and waits for each picture. */
export async function seek(opened: Page, count: number): Promise<number[]> {
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

/** How long each task of more than 50 ms took, in the order of their ends. */
export function longTasks(opened: Page): Promise<number[]> {
  return opened.evaluate(() => window.longTasks ?? []);
}

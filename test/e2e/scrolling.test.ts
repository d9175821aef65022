import assert from "node:assert/strict";
import type { Locator } from "playwright-core";
import { pageTest } from "../helpers/browser.ts";
import { appendTurns } from "./long-turns.ts";
import type { ReelPage } from "./reel-page.ts";
import { setStage } from "./stage.ts";
import { until } from "./until.ts";

/** Where on the page a reader is, in what grows and in what they look back at. */

const TURNS = 400;
const PANES = ["conversation", "steps", "events"] as const;
type Pane = (typeof PANES)[number];

async function paneOf(reel: ReelPage, pane: Pane): Promise<Locator> {
  switch (pane) {
    case "conversation":
      return reel.log;
    case "steps":
      return reel.steps;
    case "events":
      if ((await reel.tab("Events").getAttribute("aria-selected")) !== "true")
        await reel.tab("Events").click();
      return reel.page.locator(".events");
  }
}

function earlierOf(reel: ReelPage, pane: "conversation" | "events"): Locator {
  const place = pane === "events" ? reel.page.getByRole("tabpanel", { name: "Events" }) : reel.log;
  return place.getByRole("button", { name: "Show earlier", exact: true });
}

/** Nothing is on its way, and what came is drawn. */
async function settled(reel: ReelPage, box: Locator): Promise<void> {
  await until("nothing to be loading", async () => {
    await reel.drawn();
    return (await box.getAttribute("aria-busy")) === "false";
  });
  await reel.drawn();
}

async function scrollTo(reel: ReelPage, box: Locator, top: number): Promise<void> {
  await box.evaluate((element, to) => (element.scrollTop = to), top);
  await reel.drawn();
  await reel.drawn();
}

/** How much of it lies below what is in view. */
const below = (box: Locator) =>
  box.evaluate((element) => Math.round(element.scrollHeight - element.scrollTop - element.clientHeight));

/** What the reader has before them, and where: the topmost line that is not cut. */
const LINES: Readonly<Record<Pane, string>> = {
  conversation: ".turn > :not(.turn-label)",
  steps: "li",
  events: ".event",
};
function seen(box: Locator, pane: Pane): Promise<{ text: string; top: number }> {
  return box.evaluate((element, lines) => {
    const { top } = element.getBoundingClientRect();
    const first = [...element.querySelectorAll(lines)].find(
      (line) => line.getBoundingClientRect().top >= top && line.textContent !== "",
    );
    return {
      text: first?.textContent ?? "",
      top: (first?.getBoundingClientRect().top ?? 0) - top,
    };
  }, LINES[pane]);
}

/** Where the line that says this stands now. */
function topOf(box: Locator, pane: Pane, text: string): Promise<number> {
  return box.evaluate(
    (element, { lines, text }) => {
      const line = [...element.querySelectorAll(lines)].find((each) => each.textContent === text);
      return (line?.getBoundingClientRect().top ?? Number.NaN) - element.getBoundingClientRect().top;
    },
    { lines: LINES[pane], text },
  );
}

for (const pane of PANES)
  pageTest(
    `${pane}: who goes to another moment sees its end, wherever they had scrolled to`,
    async (scene) => {
      const { reel, run } = await setStage(scene);
      const long = await run("run-long").begin();
      await appendTurns(long, 0, TURNS);
      await reel.open("/runs/run-long");
      await reel.says("t399w11");
      const box = await paneOf(reel, pane);
      await settled(reel, box);
      const slider = await reel.slider.boundingBox();
      assert.ok(slider !== null);
      const ways: readonly (readonly [string, () => Promise<void>])[] = [
        ["a press on the timeline", () => reel.slider.click({ position: { x: slider.width * 0.3, y: 10 } })],
        ["another press", () => reel.slider.click({ position: { x: slider.width * 0.6, y: 10 } })],
        ["a step's key", () => reel.page.keyboard.press("Shift+ArrowRight")],
        ["an event's key", () => reel.page.keyboard.press("ArrowLeft")],
        ["the step before", () => reel.button("Previous step").click()],
        ["a step", () => reel.steps.getByRole("button").nth(-3).click()],
        ["back to the edge", () => reel.jump.click()],
      ];
      for (const [way, go] of ways) {
        await scrollTo(reel, box, 600);
        assert.ok((await below(box)) > 1000, `scrolled up before ${way}`);
        await go();
        await reel.drawn();
        await settled(reel, box);
        await until(`the end after ${way}`, async () => (await below(box)) < 32);
      }
    },
  );

for (const pane of ["conversation", "events"] as const)
  pageTest(
    `${pane}: what is before the reader stays there when they ask for what stands above`,
    async (scene) => {
      const { reel, run } = await setStage(scene);
      const long = await run("run-long").begin();
      await appendTurns(long, 0, 1000);
      await reel.open("/runs/run-long?t=820000");
      await reel.pinned();
      const box = await paneOf(reel, pane);
      await settled(reel, box);
      // Near the first event what stands above comes by itself.
      for (const top of pane === "events" ? [600, 700, 600] : [0, 6, 0]) {
        await scrollTo(reel, box, top);
        const before = await seen(box, pane);
        const height = await box.evaluate((element) => element.scrollHeight);
        assert.ok(before.text !== "" && before.top < 300);
        await earlierOf(reel, pane).dispatchEvent("click");
        await until(
          "earlier lines",
          async () => (await box.evaluate((element) => element.scrollHeight)) > height + 500,
        );
        await settled(reel, box);
        const after = await topOf(box, pane, before.text);
        assert.ok(Math.abs(after - before.top) <= 1, `from ${before.top} to ${after}, scrolled to ${top}`);
      }
    },
  );

const NEWS = { conversation: "New messages ↓", events: "New events ↓" } as const;

for (const pane of ["conversation", "events"] as const)
  pageTest(`${pane}: news are what came in below at the live edge, and nothing else`, async (scene) => {
    const { reel, run } = await setStage(scene);
    const long = await run("run-long").begin();
    await appendTurns(long, 0, TURNS);
    await reel.open("/runs/run-long");
    await reel.says("t399w11");
    const box = await paneOf(reel, pane);
    await settled(reel, box);
    const news = reel.button(NEWS[pane]);
    const noneAfter = async (what: string) => {
      await reel.drawn();
      await settled(reel, box);
      await reel.drawn();
      assert.equal(await news.count(), 0, `no news after ${what}`);
    };
    const earlier = async () => {
      const height = await box.evaluate((element) => element.scrollHeight);
      await scrollTo(reel, box, pane === "events" ? 600 : 0);
      await earlierOf(reel, pane).dispatchEvent("click");
      await until("earlier lines", async () => (await box.evaluate((e) => e.scrollHeight)) > height + 500);
    };
    await earlier();
    await noneAfter("earlier lines at the live edge");

    await appendTurns(long, TURNS, TURNS + 1);
    await news.waitFor();
    await reel.button("Pause").click();
    await noneAfter("a pause");
    await earlier();
    await noneAfter("earlier lines of a moment");
    await scrollTo(reel, box, 300);
    await reel.page.keyboard.press("ArrowLeft");
    await noneAfter("a step to another moment");
    await scrollTo(reel, box, 300);
    await appendTurns(long, TURNS + 1, TURNS + 3);
    await until("the edge to move on", async () => (await reel.edge()) > (TURNS + 3) * 1000);
    await noneAfter("what came in later than the moment");
    await reel.jump.click();
    await noneAfter("the way back to the edge");

    await scrollTo(reel, box, 300);
    await appendTurns(long, TURNS + 3, TURNS + 4);
    await news.click();
    await noneAfter("going there");
  });

for (const pane of PANES)
  pageTest(`${pane}: what comes in below takes nothing from who is further up`, async (scene) => {
    const { reel, run } = await setStage(scene);
    const long = await run("run-long").begin();
    await appendTurns(long, 0, TURNS);
    await reel.open("/runs/run-long");
    await reel.says("t399w11");
    const box = await paneOf(reel, pane);
    await settled(reel, box);
    await scrollTo(reel, box, 200);
    const before = await seen(box, pane);
    for (let turn = TURNS; turn < TURNS + 80; turn += 20) {
      await appendTurns(long, turn, turn + 20);
      await until("the edge to move on", async () => (await reel.edge()) >= (turn + 20) * 1000);
      await settled(reel, box);
      const after = await topOf(box, pane, before.text);
      assert.ok(Math.abs(after - before.top) <= 1, `from ${before.top} to ${after}`);
    }
  });

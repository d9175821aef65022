import assert from "node:assert/strict";
import type { Locator } from "playwright-core";
import { writeLongRun } from "../../scripts/demo/long-run.ts";
import { MOST_PX } from "../../viewer/ui/long-scroll.ts";
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
        ["back to the edge", () => reel.jump.click()],
        ["a step", () => reel.steps.getByRole("button").nth(-3).click()],
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

const STEPS = 120_000;
const NODES = ["Survey", "Work", "Check"];
/** Asked for is a tenth of a second; the rest is room for a busy machine. */
const WITHIN_MS = 400;

/** The rows in view: each's place in the list, and whether it says what stands there. */
function stepsInView(reel: ReelPage): Promise<{ places: number[]; texts: string[]; drawn: number }> {
  return reel.steps.evaluate((element) => {
    const { bottom, top } = element.getBoundingClientRect();
    const all = [...element.querySelectorAll("li")];
    const rows = all.filter((row) => {
      const edges = row.getBoundingClientRect();
      return edges.bottom > top && edges.top < bottom;
    });
    return {
      places: rows.map((row) => Number(row.getAttribute("aria-posinset"))),
      texts: rows.map((row) => row.textContent ?? ""),
      drawn: all.length,
    };
  });
}

async function checkSteps(reel: ReelPage): Promise<readonly number[]> {
  const { drawn, places, texts } = await stepsInView(reel);
  assert.ok(places.length > 3 && drawn < 80, `${places.length} rows in view, ${drawn} drawn`);
  for (const [index, place] of places.entries()) {
    assert.equal(place, (places[0] ?? 0) + index, "one row after the other");
    const attempt = Math.floor((place - 1) / 3) + 1;
    const text = texts[index] ?? "";
    assert.ok(text.includes(NODES[(place - 1) % 3] ?? ""), `${place}: ${text}`);
    assert.ok(
      attempt === 1 || text.includes(`attempt ${attempt.toLocaleString("en")} `),
      `${place}: ${text}`,
    );
  }
  return places;
}

pageTest(
  "of more steps than a browser draws a list of, each is a scroll or a few keys away",
  async (scene) => {
    const { reel } = await setStage(scene, {
      before: async (runsDir) => {
        await writeLongRun({ runsDir, events: 300, steps: STEPS });
      },
    });
    await reel.open();
    await reel.stepsShown(STEPS + 1);
    assert.equal((await checkSteps(reel)).at(-1), STEPS + 1, "the newest one is in view");
    const height = await reel.steps.evaluate((element) => element.scrollHeight);
    assert.ok(height <= MOST_PX, `${height} px`);

    const times: number[] = [];
    for (const [share, place] of [
      [0, 1],
      [0.5, STEPS / 2],
      [0.25, STEPS / 4],
      [1, STEPS - 6],
    ] as const) {
      const took = await reel.steps.evaluate(async (element, share) => {
        const begun = performance.now();
        element.scrollTop = share * (element.scrollHeight - element.clientHeight);
        await new Promise((resolve) => requestAnimationFrame(() => requestAnimationFrame(resolve)));
        return performance.now() - begun;
      }, share);
      scene.t.diagnostic(`scrolled to ${share}, drawn after ${Math.round(took)} ms`);
      times.push(took);
      const [first = 0] = await checkSteps(reel);
      assert.ok(Math.abs(first - place) < 12, `${first} is at the top, not ${place}`);
    }

    // One that was kept waiting by others on the machine says nothing of the page.
    const [, , usual = 0] = times.toSorted((left, right) => left - right);
    assert.ok(usual < WITHIN_MS, `${usual} ms`);

    // A short way is as long as it looks, though the list is longer than its box.
    await scrollTo(reel, reel.steps, MOST_PX / 2);
    const before = await seen(reel.steps, "steps");
    await reel.steps.hover();
    await reel.page.mouse.wheel(0, 40);
    await until("the wheel to turn", async () => {
      const top = await topOf(reel.steps, "steps", before.text);
      return Math.abs(top - (before.top - 40)) <= 1;
    });

    await reel.steps.focus();
    const { keyboard } = reel.page;
    const focused = () =>
      reel.page.evaluate(() => Number(document.activeElement?.closest("li")?.getAttribute("aria-posinset")));
    for (const [key, place] of [
      ["End", STEPS + 1],
      ["ArrowUp", STEPS],
      ["Home", 1],
      ["ArrowDown", 2],
      ["ArrowDown", 3],
    ] as const) {
      await keyboard.press(key);
      await until(`${key} to lead to step ${place}`, async () => (await focused()) === place);
      assert.ok((await checkSteps(reel)).includes(place), "the row is in view");
    }
    const page = await focused();
    await keyboard.press("PageDown");
    await until("a page further", async () => (await focused()) > page + 2);
    await keyboard.press("Home");
    await keyboard.press("ArrowDown");
    await keyboard.press("Enter");
    await reel.pinned();
    const chosen = reel.steps.locator("[aria-current=step]").filter({ hasText: "Work" });
    await chosen.waitFor();
    // Many of these steps began within the same moment; the chosen one is in view all the same.
    await until("the chosen step to be in view", async () => (await stepsInView(reel)).places.includes(2));
    assert.ok((await reel.stepCount()) < STEPS / 10);
  },
);

import assert from "node:assert/strict";
import { pageTest } from "../helpers/browser.ts";
import type { ReelPage } from "./reel-page.ts";
import { setStage } from "./stage.ts";
import { steadyStory } from "./stories.ts";
import { until } from "./until.ts";

const GESTURES: Readonly<Record<string, (reel: ReelPage) => Promise<void>>> = {
  "dragging on the timeline": async ({ page, slider }) => {
    const box = await slider.boundingBox();
    assert.ok(box !== null);
    const y = box.y + box.height / 2;
    await page.mouse.move(box.x + box.width * 0.9, y);
    await page.mouse.down();
    await page.mouse.move(box.x + box.width * 0.7, y, { steps: 4 });
    await page.mouse.move(box.x + box.width * 0.4, y, { steps: 4 });
    await page.mouse.up();
  },
  "a press on the timeline": async ({ slider }) => {
    const box = await slider.boundingBox();
    assert.ok(box !== null);
    await slider.click({ position: { x: box.width / 2, y: box.height / 2 } });
  },
  "ArrowLeft on the slider": ({ slider }) => slider.press("ArrowLeft"),
  "Home on the slider": ({ slider }) => slider.press("Home"),
  "a click on an earlier step": ({ steps }) => steps.getByRole("button").nth(1).click(),
  'the button "Previous step"': (reel) => reel.button("Previous step").click(),
  'the button "Jump to start"': (reel) => reel.button("Jump to start").click(),
};

for (const [name, gesture] of Object.entries(GESTURES)) {
  pageTest(`${name} rewinds and pins, while the run goes on`, async (scene) => {
    const { play, reel } = await setStage(scene);
    play({ story: steadyStory, speed: 2 });
    await reel.openLive(4);

    await gesture(reel);
    await reel.pinned();
    const shown = await reel.shown();
    const behind = await reel.behind();
    assert.ok(shown.position < (await reel.edge()), "the position lies before the edge");

    await reel.runGoesOn();

    assert.deepEqual(await reel.shown(), shown);
    const later = await until("the page to tell of the new steps", async () => {
      const now = await reel.behind();
      return now.steps >= behind.steps + 2 && now.seconds > behind.seconds && now;
    });
    assert.ok(later.steps >= 2 && later.seconds >= 1);
    assert.deepEqual(await reel.shown(), shown);
    assert.ok(await reel.jump.isVisible());
    assert.equal(await reel.live.count(), 0);
  });
}

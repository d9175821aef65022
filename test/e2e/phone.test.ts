import assert from "node:assert/strict";
import type { Locator } from "playwright-core";
import { pageTest } from "../helpers/browser.ts";
import type { ReelPage } from "./reel-page.ts";
import { setStage } from "./stage.ts";
import { steadyStory } from "./stories.ts";

const PHONE = { viewport: { width: 390, height: 844 } };
const FINGER_PX = 40;

pageTest(
  "on a phone's width nothing lies outside, and a finger can press what plays",
  async (scene) => {
    const { play, reel } = await setStage(scene);
    play({ story: steadyStory, speed: 2 });
    await reel.openLive(4);
    await checkWidth(reel);
    const keys = ["Jump to start", "Previous step", "Next step"].map((name) => reel.button(name));
    for (const key of [...keys, reel.button("Pause")]) await checkFinger(key);

    await reel.button("Previous step").click();
    await reel.pinned();
    await reel.runGoesOn(12);
    await checkWidth(reel);
    for (const key of [...keys, reel.button("Play"), reel.jump, reel.slider]) await checkFinger(key);
    await reel.tab("Events").click();
    await checkWidth(reel);
  },
  PHONE,
);

pageTest(
  "on a phone the list of runs is a press away, and closes on a choice",
  async (scene) => {
    const { reel, run } = await setStage(scene);
    for (const name of ["one", "two"]) {
      const each = await run(`run-${name}`).begin();
      await each.writeManifest({ runTitle: `Title ${name}` });
    }
    await reel.open("/runs/run-one");
    await reel.title.filter({ hasText: "Title one" }).waitFor();
    assert.equal(await reel.runs.count(), 0);

    await checkFinger(reel.button("Runs"));
    await reel.button("Runs").click();
    await checkFinger(reel.link("Title two"));
    await checkWidth(reel);
    await reel.link("Title two").click();

    await reel.title.filter({ hasText: "Title two" }).waitFor();
    await reel.runs.waitFor({ state: "detached" });
    assert.match(reel.page.url(), /\/runs\/run-two$/);
  },
  PHONE,
);

pageTest(
  "on a phone's width it is to be read that the newest moment of a long run is not live",
  async (scene) => {
    const { reel, run } = await setStage(scene);
    const waiting = await run("run-waiting").begin();
    const later = { seq: 4, at: "2026-01-02T23:58:58.000Z", type: "node_heartbeat", attemptId: "reply#1" };
    await waiting.append("trace.ndjson", `${JSON.stringify(later)}\n`);
    await waiting.writeLive({ status: "waiting", currentNode: "reply", waitingOn: "reply" });
    await reel.open("/runs/run-waiting");
    const badge = reel.page.getByText("Newest · waiting", { exact: true });
    const box = await badge.boundingBox();
    const slider = await reel.slider.boundingBox();
    assert.ok(box !== null && slider !== null);
    assert.ok(box.x + box.width <= slider.x + slider.width + 0.5, "it ends where the timeline does");
    const isCut = await badge.evaluate((element) => element.scrollWidth > element.clientWidth);
    assert.equal(isCut, false);
    await checkWidth(reel);
  },
  PHONE,
);

/** Neither does the page scroll sideways, nor is anything to press cut off. */
async function checkWidth({ page }: ReelPage): Promise<void> {
  const found = await page.evaluate(() => ({
    scrolls: document.documentElement.scrollWidth - document.documentElement.clientWidth,
    outside: [...document.querySelectorAll("button, a, input:not([type=radio]), h1, [role=slider]")]
      .filter((element) => element.checkVisibility())
      .filter((element) => {
        const { left, right } = element.getBoundingClientRect();
        return left < 0 || right > innerWidth;
      })
      .map((element) => element.outerHTML.slice(0, 120)),
  }));
  assert.deepEqual(found, { scrolls: 0, outside: [] });
}

async function checkFinger(target: Locator): Promise<void> {
  const box = await target.boundingBox();
  assert.ok(
    box !== null && box.width >= FINGER_PX && box.height >= FINGER_PX,
    `${String(target)} is too small`,
  );
}

pageTest(
  "on a phone the middle is made higher, by a finger and by keys, and its switch covers no step",
  async (scene) => {
    const { play, reel } = await setStage(scene);
    const { page } = reel;
    await play({ speed: 50 }).ended;
    await reel.open();
    await reel.stepsShown(3);
    const line = page.getByRole("separator", { name: "Height of the middle" });
    const height = async () => (await reel.steps.boundingBox())?.height ?? 0;
    const before = await height();
    const grip = await line.boundingBox();
    assert.ok(grip !== null);
    await page.mouse.move(195, grip.y + grip.height / 2);
    await page.mouse.down();
    await page.mouse.move(195, grip.y + 250, { steps: 4 });
    await page.mouse.up();
    assert.ok((await height()) > before + 200, `${before} to ${await height()} px`);
    await line.focus();
    const dragged = await height();
    await page.keyboard.press("ArrowUp");
    assert.ok((await height()) < dragged);
    const toggle = await page.getByRole("group", { name: "Show the run as" }).boundingBox();
    const steps = await reel.steps.boundingBox();
    assert.ok(toggle !== null && steps !== null && toggle.y + toggle.height <= steps.y);
    await checkWidth(reel);
    await line.dblclick();
    assert.equal(await height(), before);
  },
  PHONE,
);

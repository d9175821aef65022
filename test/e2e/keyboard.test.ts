import assert from "node:assert/strict";
import { pageTest } from "../helpers/browser.ts";
import { setStage } from "./stage.ts";
import { steadyStory } from "./stories.ts";
import { until } from "./until.ts";

pageTest("Space, Home, End, L and the arrows play the run from anywhere on the page", async (scene) => {
  const { play, reel } = await setStage(scene);
  const { keyboard } = reel.page;
  play({ story: steadyStory });
  await reel.openLive(3);
  await reel.title.click();

  await keyboard.press("Space");
  await reel.pinned();
  await reel.button("Play").waitFor();
  const paused = await reel.position();
  await keyboard.press("ArrowLeft");
  await until("an earlier event", async () => (await reel.position()) < paused);

  await keyboard.press("Home");
  await until("the start", async () => (await reel.position()) === 0);
  await keyboard.press("Space");
  await until("the run to play", async () => (await reel.position()) > 0);
  await reel.button("Pause").waitFor();

  await keyboard.press("End");
  await reel.followsLive();
  await keyboard.press("Shift+ArrowLeft");
  await reel.pinned();
  await keyboard.press("l");
  await reel.followsLive();
  await keyboard.press("Home");
  await reel.pinned();
  await keyboard.press("L");
  await reel.followsLive();
});

pageTest("typing in the filter plays nothing", async (scene) => {
  const { play, reel } = await setStage(scene);
  const { keyboard } = reel.page;
  play({ story: steadyStory });
  await reel.openLive(3);
  const filter = reel.page.getByRole("searchbox", { name: "Filter runs" });

  await filter.focus();
  for (const key of ["s", "Space", "Home", "ArrowLeft", "End", "l"]) await keyboard.press(key);
  assert.equal(await filter.inputValue(), "s l");
  await reel.drawn();
  assert.ok(await reel.live.isVisible(), "the page still follows");
  assert.equal(await reel.jump.count(), 0);

  await reel.button("Jump to start").click();
  await reel.pinned();
  await filter.focus();
  for (const key of ["End", "l", "L", "Space", "Backspace", "ArrowRight"]) await keyboard.press(key);
  await reel.runGoesOn();
  assert.equal(await reel.position(), 0, "the page stays rewound");
  await reel.runs.getByText("No run matches").waitFor();
});

pageTest("the whole page can be walked with the Tab key", async (scene) => {
  const { play, reel } = await setStage(scene);
  const { page } = reel;
  await play({ speed: 50 }).ended;
  await reel.open();
  await page.getByText("At the end").waitFor();

  const reached = new Set<string>();
  for (let count = 0; count < 80 && !reached.has("Jump to start"); count += 1) {
    await page.keyboard.press("Tab");
    reached.add(
      await page.evaluate(() => {
        const element = document.activeElement;
        return element?.getAttribute("aria-label") ?? element?.textContent ?? "";
      }),
    );
  }
  for (const name of ["Filter runs", "Steps", "Conversation", "Playback position", "Jump to start"]) {
    assert.ok(reached.has(name), `Tab reaches "${name}"`);
  }
});

pageTest("the list of runs is one stop of the Tab key, and a link leads past it", async (scene) => {
  const { reel, run } = await setStage(scene);
  for (const name of ["a", "b", "c"]) {
    const each = await run(`run-${name}`, `2026-01-02T03:04:0${name.charCodeAt(0) - 96}.000Z`).begin();
    await each.writeManifest({ runTitle: `Title ${name}` });
  }
  await reel.open("/runs/run-b");
  await reel.title.filter({ hasText: "Title b" }).waitFor();
  const focused = () => reel.page.evaluate(() => document.activeElement?.textContent ?? "");

  await reel.page.getByRole("searchbox", { name: "Filter runs" }).focus();
  // What arranges the list is one stop, too, of which the arrows lead on.
  await reel.button("Active").waitFor();
  await reel.page.keyboard.press("Tab");
  assert.equal(await focused(), "Time");
  await reel.page.keyboard.press("ArrowLeft");
  await reel.page.keyboard.press("ArrowRight");
  await reel.page.keyboard.press("ArrowRight");
  assert.equal(await focused(), "Project");
  await reel.page.keyboard.press("Tab");
  assert.match(await focused(), /Title b/, "the open run");
  await reel.page.keyboard.press("ArrowDown");
  assert.match(await focused(), /Title a/);
  await reel.page.keyboard.press("Home");
  assert.match(await focused(), /Title c/);
  assert.equal(await reel.jump.count(), 0, "the playhead stays");
  await reel.page.keyboard.press("Enter");
  await reel.title.filter({ hasText: "Title c" }).waitFor();
  await reel.page.keyboard.press("Tab");
  assert.doesNotMatch(await focused(), /Title/, "one stop");

  await reel.page.getByRole("link", { name: "Skip to the run" }).focus();
  await reel.page.keyboard.press("Enter");
  assert.equal(await reel.page.evaluate(() => document.activeElement?.id), "run");
  assert.match(reel.page.url(), /run-c$/);
});

import assert from "node:assert/strict";
import { pageTest, type Scene } from "../helpers/browser.ts";
import { setStage, type Stage } from "./stage.ts";
import { steadyStory } from "./stories.ts";
import { until } from "./until.ts";

/** A live run on the page, and a mark in the page that a reload would wipe out. */
async function openMarked(scene: Scene): Promise<Stage> {
  const stage = await setStage(scene);
  const { reel } = stage;
  // While nobody listens at the port, the browser itself reports each try.
  scene.expected.push(/WebSocket connection to .* failed/, /net::ERR_CONNECTION_(RESET|REFUSED)/);
  stage.play({ story: steadyStory });
  await reel.openLive(3);
  await reel.page.waitForURL(/\/runs\//);
  await reel.page.evaluate(() => (document.body.dataset["mark"] = "same page"));
  return stage;
}

/** Kills the server, sees that the page says so, and starts it again after the run has gone on. */
async function killAndRestart({ reel, viewer }: Stage): Promise<void> {
  await viewer.kill();
  await reel.connection.filter({ hasText: "Reconnecting" }).waitFor();
  assert.equal(await reel.live.count(), 0, "what nobody hears of is not called live");
  await viewer.restart();
  await reel.connection.filter({ hasText: "Connected" }).waitFor();
}

pageTest("a killed server is told of, and a new one is followed without a reload", async (scene) => {
  const stage = await openMarked(scene);
  const { reel } = stage;
  const address = reel.page.url();
  const before = await reel.conversation();

  await killAndRestart(stage);

  await reel.followsLive();
  assert.equal(await reel.page.locator("body").getAttribute("data-mark"), "same page");
  assert.equal(reel.page.url(), address);
  // The run may be open again a moment before the list names it.
  await reel.link("Steady work").waitFor();
  assert.equal(await reel.link("Steady work").count(), 1);
  // Nothing lost and nothing doubled: each word once, up to one that was said after the restart.
  const word = Number(/s(\d+)w9\.(?!.*w9\.)/s.exec(before)?.[1] ?? 0) + 4;
  await reel.says(`s${word}w9.`);
  const said = (await reel.conversation()).match(/s\d+w\d/g) ?? [];
  const expected = Array.from({ length: (word + 1) * 10 }, (_, at) => `s${Math.floor(at / 10)}w${at % 10}`);
  assert.deepEqual(said.slice(0, expected.length), expected);
});

pageTest("a rewound page keeps its place over a restart", async (scene) => {
  const stage = await openMarked(scene);
  const { reel } = stage;
  await reel.steps.getByRole("button").nth(1).click();
  await reel.pinned();
  await reel.page.waitForURL(/\?t=\d+$/);
  const address = reel.page.url();
  const shown = await reel.shown();
  const behind = await reel.behind();

  await killAndRestart(stage);
  await reel.runGoesOn();

  assert.deepEqual(await reel.shown(), shown);
  assert.equal(reel.page.url(), address);
  assert.equal(await reel.page.locator("body").getAttribute("data-mark"), "same page");
  await until("the new steps to be counted", async () => (await reel.behind()).steps > behind.steps);
  await reel.jump.click();
  await reel.followsLive();
});

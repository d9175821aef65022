import assert from "node:assert/strict";
import { pageTest } from "../helpers/browser.ts";
import { setStage } from "./stage.ts";
import { steadyStory } from "./stories.ts";
import { until } from "./until.ts";

pageTest("a live run is followed: its text grows, its clock runs, and it says LIVE", async (scene) => {
  const { play, reel } = await setStage(scene);
  play({ story: steadyStory });
  await reel.openLive(2);

  const before = await reel.conversation();
  const grown = await until("more text", async () => {
    const text = await reel.conversation();
    return text.length > before.length + 20 && text;
  });
  assert.ok(grown.startsWith(before.slice(0, 40)), "what was said stays");

  const elapsed = reel.page.locator("dl div").filter({ hasText: "elapsed" }).locator("dd");
  const first = await elapsed.textContent();
  await until("the clock to run", async () => (await elapsed.textContent()) !== first);

  const position = await reel.position();
  await until("the position to move", async () => (await reel.position()) > position);
  assert.ok(await reel.live.isVisible());
  assert.equal(await reel.jump.count(), 0);
  await reel.button("Pause").waitFor();
  await reel.connection.filter({ hasText: /Connected · \d+ ms/ }).waitFor();
});

pageTest("the list tells how each run goes, and follows it to its end", async (scene) => {
  const { play, reel } = await setStage(scene);
  await reel.open();
  const run = play({ speed: 20 });

  const row = reel.link("Review PR 412");
  await row.filter({ hasText: "Running" }).waitFor();
  await run.ended;
  await row.filter({ hasText: "Completed" }).waitFor();
});

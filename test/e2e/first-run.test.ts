import assert from "node:assert/strict";
import { pageTest } from "../helpers/browser.ts";
import { until } from "./until.ts";
import { setStage } from "./stage.ts";

/** Asked of the page is one second; the double leaves room for a busy machine. */
const WITHIN_MS = 2_000;

pageTest("an empty folder says what to do, and which folder is watched", async (scene) => {
  const { reel, runsDir } = await setStage(scene);
  await reel.open();

  await reel.page.getByRole("heading", { name: "No runs yet" }).waitFor();
  // What it tells to type writes where the page looks.
  await reel.page.getByText(`pnpm demo --runs-dir ${runsDir}`, { exact: true }).waitFor();
  await reel.page.getByText("--kind waza").waitFor();
  await reel.page.getByText(runsDir, { exact: true }).waitFor();
  await reel.connection.filter({ hasText: "Connected" }).waitFor();
  assert.equal(await reel.runs.getByRole("link").count(), 0);
  assert.equal(await reel.slider.count(), 0);
});

pageTest("the first run appears within a second, without a reload, and opens by itself", async (scene) => {
  const { play, reel } = await setStage(scene);
  const { page } = reel;
  await reel.open();
  await page.getByRole("heading", { name: "No runs yet" }).waitFor();
  // The time of its sight is kept in the page, which a reload would empty.
  await page.evaluate(() => {
    new MutationObserver(() => {
      const link = document.querySelector('nav[aria-label="Runs"] a');
      if (link !== null) document.body.dataset["seenAt"] ??= String(Date.now());
    }).observe(document.body, { childList: true, subtree: true });
  });

  const run = play({ speed: 12 });

  await reel.link("Review PR 412").waitFor();
  await reel.title.filter({ hasText: "Review PR 412" }).waitFor();
  await page.waitForURL(/\/runs\/[^/]+$/);
  const seenAt = Number(await page.locator("body").getAttribute("data-seen-at"));
  const startedAt = await page.evaluate(async () => await (await fetch("/api/runs")).text());
  const began = Date.parse(/"startedAt":"([^"]+)"/.exec(startedAt)?.[1] ?? "");
  scene.t.diagnostic(`on the page ${seenAt - began} ms after the run's start`);
  assert.ok(seenAt - began < WITHIN_MS, `it took ${seenAt - began} ms`);
  assert.equal(await reel.link("Review PR 412").getAttribute("aria-current"), "page");

  await reel.says("Two things worry me.");
  await run.ended;
  await page.getByText("At the end").waitFor();
  await page.locator("header").getByText("Completed").waitFor();
  // The word of the end may come before the last line of the trace.
  await until("all its steps", async () => (await reel.stepCount()) === 7);
  assert.ok(
    (await page.locator("body").getAttribute("data-seen-at")) !== null,
    "the page was not loaded again",
  );
});

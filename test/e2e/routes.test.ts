import assert from "node:assert/strict";
import type { Page, WebSocketRoute } from "playwright-core";
import { playDemo } from "../../scripts/demo/demo-run.ts";
import { pageTest } from "../helpers/browser.ts";
import { fastClock } from "../scripts/fast-clock.ts";
import { type Stage, setStage } from "./stage.ts";
import { until } from "./until.ts";

/** Two runs in flight, each with a title and a text of its own. */
async function twoRuns(stage: Stage) {
  const runs = { a: stage.run("run-a"), b: stage.run("run-b", "2026-01-02T03:05:05.000Z") };
  for (const [name, run] of Object.entries(runs)) {
    await run.begin();
    await run.writeManifest({ runTitle: `Title ${name}` });
    await run.appendChunk(`Words of ${name}. `);
  }
  return runs;
}

pageTest("a link to a run opens that run, and not the newest", async (scene) => {
  const stage = await setStage(scene);
  const { reel } = stage;
  await twoRuns(stage);

  await reel.open("/runs/run-a");
  await reel.title.filter({ hasText: "Title a" }).waitFor();
  await reel.says("Words of a.");
  assert.equal(await reel.link("Title a").getAttribute("aria-current"), "page");
  assert.match(await reel.page.title(), /Title a/);
});

pageTest("a link to a run that is not there says so, and opens it when it comes", async (scene) => {
  const stage = await setStage(scene);
  const { reel } = stage;
  await reel.open("/runs/run-c");
  await reel.page.getByText("There is no run run-c").waitFor();

  const run = await stage.run("run-c").begin();
  await run.appendChunk("Here it is.");
  await reel.says("Here it is.");
});

pageTest("a link carries the moment and the tab", async (scene) => {
  const { reel, runsDir } = await setStage(scene);
  const { runId } = await playDemo({ runsDir, clock: fastClock() });

  await reel.open(`/runs/${runId}?t=12000&tab=events`);
  await reel.pinned();
  assert.equal(await reel.position(), 12_000);
  assert.equal(await reel.tab("Events").getAttribute("aria-selected"), "true");

  await reel.button("Previous step").click();
  await until("the address to tell the moment", async () => {
    const told = new URL(reel.page.url()).searchParams.get("t");
    return Number(told) === (await reel.position()) && told !== "12000";
  });
});

pageTest("what an address says that means nothing is left out of it", async (scene) => {
  const stage = await setStage(scene);
  const { reel } = stage;
  await twoRuns(stage);
  await reel.open("/runs/run-a?t=soon&tab=nowhere&more=1");
  await reel.says("Words of a.");
  assert.match(reel.page.url(), /\/runs\/run-a$/);
});

pageTest("back and forward lead from run to run", async (scene) => {
  const stage = await setStage(scene);
  const { reel } = stage;
  await twoRuns(stage);
  await reel.open("/runs/run-a");
  await reel.says("Words of a.");
  await reel.link("Title b").click();
  await reel.says("Words of b.");
  assert.match(reel.page.url(), /\/runs\/run-b$/);

  await reel.page.goBack();
  await reel.says("Words of a.");
  await reel.title.filter({ hasText: "Title a" }).waitFor();
  await reel.page.goForward();
  await reel.says("Words of b.");
  await reel.title.filter({ hasText: "Title b" }).waitFor();
});

pageTest("a run that loads slowly never takes the place of the one chosen after it", async (scene) => {
  const stage = await setStage(scene);
  const { reel } = stage;
  const { b } = await twoRuns(stage);
  await stage.run("run-c", "2026-01-02T03:06:05.000Z").begin();
  const held = await holdSnapshots(reel.page, "run-a");
  await reel.open("/runs/run-c");
  await reel.link("Title a").click();
  await until("the snapshot of run a to be under way", async () => held.length > 0);

  await reel.link("Title b").click();
  await reel.says("Words of b.");
  await noteTitles(reel.page);
  for (const letGo of held) letGo();

  // What is said after the late snapshot has come by the same way, behind it.
  await b.appendChunk("Still b.");
  await reel.says("Still b.");
  assert.equal(await reel.title.textContent(), "Title b");
  const shown = await reel.page.locator("body").getAttribute("data-titles");
  assert.doesNotMatch(shown ?? "", /Title a/, "not for a moment either");
  assert.match(reel.page.url(), /\/runs\/run-b$/);
});

pageTest("of two runs chosen at once, the second one is shown", async (scene) => {
  const stage = await setStage(scene);
  const { reel } = stage;
  const { b } = await twoRuns(stage);
  await stage.run("run-c", "2026-01-02T03:06:05.000Z").begin();
  await reel.open("/runs/run-c");
  await reel.link("Title b").waitFor();

  await reel.page.evaluate(() => {
    for (const id of ["run-a", "run-b", "run-a", "run-b"]) {
      document.querySelector<HTMLElement>(`a[href="/runs/${id}"]`)?.click();
    }
  });
  await reel.says("Words of b.");
  await b.appendChunk("Still b.");
  await reel.says("Still b.");
  assert.equal(await reel.title.textContent(), "Title b");
});

/** From now on the page itself keeps every title that it shows. */
async function noteTitles(page: Page): Promise<void> {
  await page.evaluate(() => {
    new MutationObserver(() => {
      const title = document.querySelector("h1")?.textContent ?? "";
      const before = document.body.dataset["titles"] ?? "";
      if (!before.includes(title)) document.body.dataset["titles"] = `${before}${title};`;
    }).observe(document.body, { childList: true, characterData: true, subtree: true });
  });
}

/** Keeps a run's snapshots from the page until they are let go. */
async function holdSnapshots(page: Page, runId: string): Promise<(() => void)[]> {
  const held: (() => void)[] = [];
  await page.routeWebSocket(/\/api\/live$/, (client: WebSocketRoute) => {
    const server = client.connectToServer();
    server.onMessage((message) => {
      const start = message.toString().slice(0, 200);
      const isHeld = start.includes('"run_snapshot"') && start.includes(`"${runId}"`);
      if (isHeld) held.push(() => client.send(message));
      else client.send(message);
    });
  });
  return held;
}

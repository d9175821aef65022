import assert from "node:assert/strict";
import { readdir, rename, stat, utimes } from "node:fs/promises";
import { basename, join } from "node:path";
import { pageTest } from "../helpers/browser.ts";
import { refuseRuns } from "./refusing-server.ts";
import { setStage } from "./stage.ts";
import { until } from "./until.ts";

pageTest("a failed run shows its error", async (scene) => {
  const { reel, run } = await setStage(scene);
  const failed = await run("run-failed").begin();
  const fields = { status: "failed", error: "The agent went away.", finishedAt: "2026-01-02T03:04:09.000Z" };
  await failed.writeRun(fields);
  await failed.writeLive(fields);
  await failed.writeManifest(fields);
  await failed.appendTrace("run_failed", {}, { error: fields.error });
  await reel.open();

  await reel.page.getByText("This run failed.").waitFor();
  await reel.page.getByText("The agent went away.").first().waitFor();
  await reel.page.locator("header").getByText("Failed", { exact: true }).waitFor();
  await reel.link("Small talk").filter({ hasText: "Failed" }).waitFor();

  // Before its end it had not failed yet.
  await reel.button("Jump to start").click();
  await reel.pinned();
  assert.equal(await reel.page.getByText("This run failed.").count(), 0);
});

pageTest("a run that waits for someone and one whose writer fell silent are told apart", async (scene) => {
  const { reel, run } = await setStage(scene);
  const waiting = await run("run-waiting").begin();
  const fields = { status: "waiting", waitingOn: "approve", statusDetail: "Someone has to approve" };
  await waiting.writeRun(fields);
  await waiting.writeLive(fields);
  await waiting.writeManifest({ ...fields, runTitle: "Waits" });
  const stalled = await run("run-stalled").begin();
  await stalled.writeManifest({ runTitle: "Stalls" });
  for (const each of [waiting, stalled]) await makeOld(each.dir, 120);

  await reel.open("/runs/run-waiting");
  await reel.page.locator("header").getByText("Waiting", { exact: true }).waitFor();
  await reel.page.getByText(/^Waiting for you for/).waitFor();
  await reel.link("Waits").filter({ hasText: "Waiting" }).waitFor();
  await reel.link("Stalls").filter({ hasText: "Stalled" }).waitFor();
  assert.equal(await reel.page.getByText("No writes for").count(), 1, "in the list, of the other run");

  await reel.link("Stalls").click();
  await reel.page.locator("header").getByText("Stalled", { exact: true }).waitFor();
  await reel.page.getByText(/No writes for 2 min, since \d\d:\d\d:\d\d/).waitFor();

  await stalled.appendChunk("Back again.");
  await reel.says("Back again.");
  await reel.page.locator("header").getByText("Running", { exact: true }).waitFor();
  await reel.link("Stalls").filter({ hasText: "Running" }).waitFor();
});

pageTest("an open run whose folder is removed is said to be gone, and comes back", async (scene) => {
  const { reel, run, runsDir } = await setStage(scene);
  const removed = await run("run-removed").begin();
  await removed.appendChunk("Here for now.");
  await reel.open("/runs/run-removed");
  await reel.says("Here for now.");
  await rename(removed.dir, join(runsDir, "..", `${basename(runsDir)}-away`));
  await reel.page.getByText("The folder of this run is gone").waitFor();
  await rename(join(runsDir, "..", `${basename(runsDir)}-away`), removed.dir);
  await reel.says("Here for now.");
});

pageTest("a line that cannot be read is told of, and what comes after it is shown", async (scene) => {
  const { reel, run } = await setStage(scene);
  const damaged = await run("run-damaged").begin();
  await damaged.appendChunk("Before. ");
  await reel.open();
  await reel.says("Before.");
  const notice = reel.page.getByText("1 part of this run could not be read");
  assert.equal(await notice.count(), 0);

  await damaged.append(damaged.eventsFile, '{"seq": 2, "at"\n');
  await damaged.appendChunk("After.");

  await reel.says("Before. After.");
  await notice.click();
  await reel.page.getByText(`${damaged.eventsFile} at byte`).waitFor();
});

pageTest(
  "a run that the server cannot open is said to be so, tried again, and opens on request",
  async (scene) => {
    const { reel, run } = await setStage(scene);
    const long = await run("run-large").begin();
    await long.appendChunk("Here at last.");
    const server = await refuseRuns(reel.page);
    server.refuses = "It is too large.";

    await reel.open("/runs/run-large");
    await reel.page
      .getByRole("alert")
      .filter({ hasText: "This run could not be opened. It is too large." })
      .waitFor();
    await until("it to be tried again by itself", async () => server.asked >= 2);
    server.refuses = null;
    await reel.button("Retry").click();
    await reel.says("Here at last.");
    assert.equal(await reel.page.getByRole("alert").count(), 0);
  },
);

pageTest(
  "a run that is lost while it is shown stays, is no longer called live, and is followed again",
  async (scene) => {
    const { reel, run } = await setStage(scene);
    const lost = await run("run-lost").begin();
    await lost.appendChunk("Before. ");
    await reel.page.clock.install();
    const server = await refuseRuns(reel.page);
    await reel.open("/runs/run-lost");
    await reel.says("Before.");
    await reel.live.waitFor();
    const passing = await reel.edge();
    await reel.page.clock.fastForward(2000);
    await until("time to pass", async () => (await reel.edge()) >= passing + 2000);

    server.refuses = "It is too large.";
    server.lose("run-lost", server.refuses);
    const notice = reel.page.getByRole("alert").filter({ hasText: "This run is no longer live" });
    await notice.filter({ hasText: "It is too large." }).waitFor();
    assert.equal(await reel.live.count(), 0);
    await reel.page.getByText("No longer live", { exact: true }).waitFor();
    await lost.appendChunk("After.");
    const edge = await reel.edge();
    await reel.page.clock.fastForward(2000);
    await reel.drawn();
    assert.equal(await reel.edge(), edge, "nobody knows that time passes");
    assert.match(await reel.conversation(), /Before\. $/);

    server.refuses = null;
    await reel.button("Retry").click();
    await reel.says("Before. After.");
    await reel.followsLive();
    assert.equal(await notice.count(), 0);
  },
);

/** As if nothing had been written for so many seconds. */
async function makeOld(dir: string, seconds: number): Promise<void> {
  const time = Date.now() / 1000 - seconds;
  for (const name of await readdir(dir, { recursive: true })) {
    const path = join(dir, name);
    if ((await stat(path)).isFile()) await utimes(path, time, time);
  }
}

pageTest(
  "a part of the page that does not come is said not to have, and is asked for again",
  async (scene) => {
    const { reel, run } = await setStage(scene);
    scene.expected.push(/Failed to load resource/);
    await (await run("run-a").begin()).appendChunk("Words.");
    let isAway = true;
    await reel.page.route(/\/assets\/part-details/, (route) => (isAway ? route.abort() : route.fallback()));
    await reel.open("/runs/run-a?tab=details");
    await reel.page.getByRole("alert").filter({ hasText: "could not be loaded: the details" }).waitFor();
    await reel.tab("Conversation").click();
    await reel.says("Words.");

    isAway = false;
    await reel.tab("Details").click();
    await reel.button("Try again").click();
    await reel.page.getByRole("tabpanel", { name: "Details" }).getByRole("heading").first().waitFor();
  },
);

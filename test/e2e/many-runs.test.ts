import assert from "node:assert/strict";
import { rm } from "node:fs/promises";
import { pageTest } from "../helpers/browser.ts";
import { AcpxRun } from "../helpers/acpx-run.ts";
import { setStage } from "./stage.ts";
import { until } from "./until.ts";

const RUNS = 700;

/** Ended runs of a manifest each: run-0000 is the oldest. */
async function manyRuns(runsDir: string): Promise<void> {
  for (let number = 0; number < RUNS; number += 1) {
    const startedAt = new Date(Date.UTC(2026, 0, 1) + number * 600_000).toISOString();
    const runTitle = `${number % 7 === 0 ? "Nightly" : "Review"} ${number}.`;
    const run = new AcpxRun(runsDir, `run-${String(number).padStart(4, "0")}`, startedAt);
    await run.writeManifest({ status: "completed", finishedAt: startedAt, runTitle });
  }
}

pageTest(
  "of many runs the newest are listed, and older ones on demand, never with more rows than fit",
  async (scene) => {
    const { reel } = await setStage(scene, { before: manyRuns });
    await reel.open();
    const rows = reel.runs.getByRole("link");
    const count = reel.page.getByRole("status", { name: "Runs listed" });
    await count.filter({ hasText: "200 of 700 runs" }).waitFor();
    assert.equal(await rows.count(), 200);
    assert.match((await rows.first().textContent()) ?? "", /699\./);
    await reel.link("Review 698.").waitFor();

    await reel.button("Show more").click();
    await count.filter({ hasText: "400 of 700 runs" }).waitFor();
    assert.match((await rows.last().textContent()) ?? "", / 300\./);
    await reel.button("Show more").click();
    await reel.button("Show more").click();
    await count.filter({ hasText: "101 to 700 of 700 runs" }).waitFor();
    assert.equal(await rows.count(), 601, "and the one that is open");
    assert.equal(await reel.button("Show more").count(), 0);
    assert.match((await rows.last().textContent()) ?? "", / 0\./);
    await reel.runs.evaluate((list) => (list.scrollTop = 0));
    const topOf = (run: string) =>
      reel.link(run).evaluate((row) => Math.round(row.getBoundingClientRect().top));
    const before = await topOf("Review 598.");
    await reel.button("Show newer").click();
    await reel.link("Review 698.").waitFor();
    assert.equal(await rows.count(), 600);
    assert.ok(Math.abs((await topOf("Review 598.")) - before) <= 1, "the reader keeps their place");
  },
);

pageTest("a search finds runs that were never listed, and opens them", async (scene) => {
  const { reel, run, runsDir } = await setStage(scene, { before: manyRuns });
  await reel.open();
  const rows = reel.runs.getByRole("link");
  const count = reel.page.getByRole("status", { name: "Runs listed" });
  const filter = reel.page.getByRole("searchbox", { name: "Filter runs" });
  await reel.link("Review 698.").waitFor();
  await filter.fill("nightly completed");
  await count.filter({ hasText: "100 runs found" }).waitFor();
  assert.equal(await rows.count(), 100);

  await filter.pressSequentially(" 14.");
  await count.filter({ hasText: "1 run found" }).waitFor();
  await reel.link("Nightly 14.").click();
  await reel.title.filter({ hasText: "Nightly 14." }).waitFor();
  assert.equal(await reel.link("Nightly 14.").getAttribute("aria-current"), "page");

  await filter.fill("nothing like it");
  await reel.page.getByText("No run matches “nothing like it”.").waitFor();
  await filter.fill("nightly");
  await count.filter({ hasText: "100 runs found" }).waitFor();
  await rm(run("run-0000").dir, { recursive: true });
  await count.filter({ hasText: "99 runs found" }).waitFor();
  await filter.fill("");
  await count.filter({ hasText: "200 of 699 runs" }).waitFor();

  const fresh = await new AcpxRun(runsDir, "run-zzzz", "2026-06-01T00:00:00.000Z").begin();
  await fresh.writeManifest({ runTitle: "The newest" });
  await reel.link("The newest").waitFor();
  await count.filter({ hasText: "200 of 700 runs" }).waitFor();
});

pageTest("a link opens an old run that is not listed, with its title", async (scene) => {
  const { reel } = await setStage(scene, { before: manyRuns });
  await reel.open("/runs/run-0003");
  await reel.title.filter({ hasText: "Review 3." }).waitFor();
  assert.match(await reel.page.title(), /Review 3\./);
  assert.match(reel.page.url(), /\/runs\/run-0003$/);
  const row = reel.link("Review 3.");
  assert.equal(await row.getAttribute("aria-current"), "page");
  const newest = reel.link("Review 698.");
  const topOf = (link: typeof row) => link.evaluate((element) => element.getBoundingClientRect().top);
  assert.ok((await topOf(row)) < (await topOf(newest)), "above the others");

  await newest.click();
  await reel.title.filter({ hasText: "Review 698." }).waitFor();
  assert.equal(await row.count(), 0);
  assert.equal(await reel.runs.locator("[aria-current=page]").count(), 1);
});

pageTest(
  "where folders cannot be watched the page says so, and what happens is found all the same",
  async (scene) => {
    const { reel, run } = await setStage(scene, { imports: ["./test/helpers/without-watches.ts"] });
    await reel.open();
    const notice = reel.page.getByRole("status", { name: "Watched folders" });
    await notice
      .getByText(/cannot be watched/)
      .first()
      .click();
    await notice.getByText("the system's limit of watched folders is reached").first().waitFor();

    const late = await run("run-late").begin();
    await late.writeManifest({ runTitle: "Found late" });
    await reel.link("Found late").waitFor();
    await late.appendChunk("One word. ");
    await reel.says("One word.");
    await late.appendChunk("And another.");
    await reel.says("And another.");
    await late.finish();
    await until("its end in the list", async () =>
      (
        (await reel
          .link("Small talk")
          .textContent()
          .catch(() => "")) ?? ""
      ).includes("Completed"),
    );
  },
);

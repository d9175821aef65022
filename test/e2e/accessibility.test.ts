import assert from "node:assert/strict";
import type { Locator, Page } from "playwright-core";
import { restingReview } from "../../scripts/demo/endings.ts";
import { playDemo } from "../../scripts/demo/demo-run.ts";
import { AcpxRun } from "../helpers/acpx-run.ts";
import { pageTest } from "../helpers/browser.ts";
import { checkPage } from "./check-page.ts";
import type { ReelPage } from "./reel-page.ts";
import { refuseRuns } from "./refusing-server.ts";
import { setStage } from "./stage.ts";
import { stepClock } from "./step-clock.ts";

const PHONE = { viewport: { width: 390, height: 844 } };

pageTest("an empty page hinders nobody", async (scene) => {
  const { reel } = await setStage(scene);
  await reel.open();
  await reel.page.getByRole("heading", { name: "No runs yet" }).waitFor();
  await checkPage(reel.page, "empty");
});

for (const [width, options] of [["wide", {}] as const, ["390 px", PHONE] as const]) {
  pageTest(
    `a run hinders nobody: live, rewound, its events (${width})`,
    async (scene) => {
      const { play, reel } = await setStage(scene);
      play({ story: restingReview, speed: 20 });
      await reel.open();
      await reel.says("The review is in review.md.");
      await reel.says('"severity": "minor"');
      await openDetails(reel);
      await checkPage(reel.page, "live");

      await reel.button("Previous step").click();
      await reel.pinned();
      await checkPage(reel.page, "rewound");

      await reel.tab("Events").click();
      await reel.button("All types").click();
      const events = reel.page.getByRole("tabpanel", { name: "Events" });
      await events.locator(".event > details > summary").last().click();
      await events.getByRole("group", { name: "the whole event" }).waitFor();
      await checkPage(reel.page, "events");
    },
    options,
  );
}

for (const [width, options] of [["wide", {}] as const, ["390 px", PHONE] as const]) {
  pageTest(
    `what a step was and did, opened, hinders nobody (${width})`,
    async (scene) => {
      const { reel, runsDir } = await setStage(scene);
      const { runId } = await playDemo({ runsDir, clock: stepClock(), seed: "opened" });
      await reel.open(`/runs/${runId}`);
      await reel.log.locator(".turn").first().waitFor();
      await openAll(reel.log.locator(".thought:not([open]), .tool-call:not([open])"));
      // What is scrolled out of sight is not looked at.
      for (const kind of [".diff-row.added", ".terminal", ".thought-text .markdown"]) {
        await reel.log.locator(kind).first().scrollIntoViewIfNeeded();
        await checkPage(reel.page, `opened: ${kind}`);
      }

      const part = (name: string) => reel.page.getByRole("region", { name, exact: true });
      await reel.open(`/runs/${runId}?tab=details`);
      await reel.steps.getByRole("button").filter({ hasText: "Read the change" }).click();
      await part("Reply").locator(".markdown, .code").first().waitFor();
      await checkPage(reel.page, "details of an agent's step");
      await openAll(reel.page.getByRole("tabpanel").locator("details:not([open])"));
      await checkPage(reel.page, "details of the run");

      await reel.tab("Files").click();
      await reel.page.locator(".file-row").last().click();
      await reel.page.locator(".opened-body").waitFor();
      await checkPage(reel.page, "a file");
    },
    options,
  );
}

for (const [width, options] of [["wide", {}] as const, ["390 px", PHONE] as const]) {
  pageTest(
    `a run that cannot be opened, and one that is lost, hinder nobody (${width})`,
    async (scene) => {
      const { reel, run } = await setStage(scene);
      await (await run("run-lost").begin()).appendChunk("Before.");
      const server = await refuseRuns(reel.page);
      server.refuses = `The file /runs/${"long-name-".repeat(30)}.ndjson is too large.`;
      await reel.open("/runs/run-lost");
      await reel.page.getByRole("alert").waitFor();
      await checkPage(reel.page, "not opened");
      assert.ok(await fits(reel.page));

      const words = server.refuses;
      server.refuses = null;
      await reel.button("Retry").click();
      await reel.says("Before.");
      server.lose("run-lost", words);
      await reel.page.getByRole("alert").waitFor();
      await checkPage(reel.page, "lost");
      assert.ok(await fits(reel.page));
    },
    options,
  );
}

/** What is opened is no longer found. */
async function openAll(closed: Locator): Promise<void> {
  while ((await closed.count()) > 0) await closed.first().locator("> summary").click();
}

/** Does nothing reach beyond the page's width? */
function fits(page: Page): Promise<boolean> {
  return page.evaluate(() =>
    [...document.querySelectorAll("main *")].every(
      (each) => each.getBoundingClientRect().right <= document.documentElement.clientWidth + 1,
    ),
  );
}

pageTest(
  "the list of runs, as a drawer, hinders nobody",
  async (scene) => {
    const { play, reel } = await setStage(scene);
    play({ story: restingReview, speed: 20 });
    await reel.open();
    await reel.live.waitFor();
    await reel.button("Runs").click();
    await reel.link("Review PR 412").waitFor();
    await checkPage(reel.page, "drawer");
  },
  PHONE,
);

for (const [width, options] of [["wide", {}] as const, ["390 px", PHONE] as const]) {
  pageTest(
    `a list that goes on, and folders that cannot be watched, hinder nobody (${width})`,
    async (scene) => {
      const { reel } = await setStage(scene, {
        imports: ["./test/helpers/without-watches.ts"],
        before: async (runsDir) => {
          for (let number = 0; number < 230; number += 1) {
            const startedAt = new Date(Date.UTC(2026, 0, 1) + number * 60_000).toISOString();
            await new AcpxRun(runsDir, `run-${number}`, startedAt).writeManifest({ status: "completed" });
          }
        },
      });
      await reel.open();
      await reel.page
        .getByText(/cannot be watched/)
        .first()
        .click();
      if (width !== "wide") await reel.button("Runs").click();
      await reel.page.getByText("200 of 230 runs").waitFor();
      await checkPage(reel.page, "many");
    },
    options,
  );
}

pageTest("a run in trouble hinders nobody", async (scene) => {
  const { reel, run } = await setStage(scene);
  const failed = await run("run-failed").begin();
  await failed.append(failed.eventsFile, "no JSON\n");
  await failed.writeManifest({ status: "failed" });
  await failed.writeRun({ status: "failed", error: "The agent went away." });
  await failed.writeLive({ status: "failed", error: "The agent went away." });
  await reel.open();
  await reel.page.getByText("This run failed.").waitFor();
  await reel.page.getByText("could not be read").click();
  await checkPage(reel.page, "failed");
});

/** A thought and a tool call, opened. */
async function openDetails({ log }: ReelPage): Promise<void> {
  const summaries = log.locator("summary");
  await summaries.filter({ hasText: "Thought" }).last().click();
  await summaries.filter({ hasText: "Edit review.md" }).click();
  await log.getByText("Thank you, this will help").waitFor();
}

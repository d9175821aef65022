import assert from "node:assert/strict";
import { playDemo } from "../../scripts/demo/demo-run.ts";
import { pageTest } from "../helpers/browser.ts";
import { readBundle } from "../scripts/read-bundle.ts";
import { fastClock } from "../scripts/fast-clock.ts";
import type { ReelPage } from "./reel-page.ts";
import { type Recording, readRecording } from "./recording.ts";
import { setStage } from "./stage.ts";
import { until } from "./until.ts";

const MOMENTS = 8;

pageTest("at a past moment the page shows what was known then, and nothing recorded later", async (scene) => {
  const { reel, runsDir } = await setStage(scene);
  const { dir, runId } = await playDemo({ runsDir, clock: fastClock(), seed: "as of" });
  const recording = readRecording(await readBundle(dir));

  for (let index = 1; index < MOMENTS; index += 1) {
    const moment = recording.momentAt(index / MOMENTS);
    await reel.open(`/runs/${runId}?t=${moment}`);
    await reel.pinned();
    assert.equal(await reel.position(), moment);
    await checkParts(reel, recording, moment);
  }
});

async function checkParts(reel: ReelPage, recording: Recording, moment: number): Promise<void> {
  const { page } = reel;
  const known = recording.asOf(moment);
  const at = `at ${moment} ms`;

  const conversation = await reel.conversation();
  const words = wordsOf(conversation);
  for (const said of known.said) assert.ok(words.includes(wordsOf(said)), `${at} "${said}" was said`);
  // What comes next may be a mark of markdown's alone, which nobody reads.
  const next = known.notYetSaid === null ? null : wordsOf(known.notYetSaid);
  if (next !== null && !known.said.some((said) => wordsOf(said) === next)) {
    assert.ok(!words.includes(next), `${at} "${known.notYetSaid}" was not said yet`);
  }
  assert.equal(await reel.stepCount(), known.steps, `${at} so many steps had begun`);
  assert.equal(
    await page.getByText("Completed", { exact: true }).count(),
    1,
    "only the list tells of the end",
  );
  assert.equal(await page.locator("header").getByText("Running").count(), 1);

  await reel.tab("Events").click();
  const events = page.getByRole("tabpanel", { name: "Events" });
  await events.waitFor();
  // What there is to filter is known when the rows are.
  await events.getByText(/^[\d,]+ events?/).waitFor();
  const beats = reel.button("Show heartbeats");
  if ((await beats.count()) > 0) await beats.click();
  // The parts of a message are one row; how many lines all rows are is told above them.
  const told = async () => (await events.getByText(/^[\d,]+ events?/).textContent()) ?? "";
  await until(`${at} ${known.events} events, or of many the newest`, async () => {
    const count = Number.parseInt((await told()).replace(",", ""), 10);
    return known.events <= 200 ? count === known.events : count >= 200 && count <= known.events;
  });

  const run = [conversation, await reel.steps.innerHTML(), await events.innerHTML()].join("\n");
  const header = await page.locator("header").innerHTML();
  for (const later of known.later)
    assert.ok(!`${run}${header}`.includes(later), `${at} "${later}" came later`);
}

/** A text without what markdown makes of it, so that what was written and what is read are alike. */
function wordsOf(text: string): string {
  return text
    .replaceAll(/^```\w*/gm, "")
    .replaceAll(/\b\d+\.\s/g, "")
    .replaceAll(/[-`*_#>|\s]/g, "");
}

pageTest("how a step ended is told only once it had ended", async (scene) => {
  const { reel, runsDir } = await setStage(scene);
  const { dir, runId } = await playDemo({ runsDir, clock: fastClock(), seed: "as of" });
  const recording = readRecording(await readBundle(dir));
  const failure = "No JSON object was found";
  const failedAt = recording.firstTime("node_outcome", failure);

  await reel.open(`/runs/${runId}?t=${failedAt - 1}`);
  await reel.pinned();
  const step = reel.steps.getByRole("listitem").last();
  await step.filter({ hasText: "running" }).waitFor();
  assert.equal(await reel.steps.getByText(failure).count(), 0);

  await reel.open(`/runs/${runId}?t=${failedAt}`);
  await reel.pinned();
  await reel.steps.getByRole("listitem").filter({ hasText: failure }).waitFor();
});

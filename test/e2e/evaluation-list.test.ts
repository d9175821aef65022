import assert from "node:assert/strict";
import { AgentvRun, type AgentvTest } from "../../scripts/demo/agentv-run.ts";
import { pageTest } from "../helpers/browser.ts";
import { checkPage } from "./check-page.ts";
import { setStage } from "./stage.ts";

function made(id: string, parts: Partial<AgentvTest> = {}): AgentvTest {
  return { id, question: "What is 7 / 0?", answer: "undefined", score: 1, durationMs: 400, ...parts };
}

pageTest("an evaluation's row tells how far it has come, and at its end how it came out", async (scene) => {
  const { reel, runsDir } = await setStage(scene);
  await reel.open();
  const run = new AgentvRun(runsDir, new Date(), "evals/arithmetic.eval.yaml", 4);
  await run.start();

  const row = reel.link("arithmetic.eval");
  const mark = row.locator(".mark");
  const bar = row.getByRole("img");
  await row.getByText("0/4").waitFor();
  assert.equal(await mark.getAttribute("title"), "Starting");
  assert.equal(await bar.getAttribute("aria-label"), "0 of 4 tests done: 0 passed, 0 failed, 0 errors");
  assert.equal(await bar.locator("i").count(), 0, "nothing is filled in");

  await run.result(made("t01"), new Date());
  await row.getByText("1/4").waitFor();
  assert.equal(await mark.getAttribute("title"), "Running");
  await run.result(made("t02", { score: 0.1 }), new Date());
  await run.result(made("t03", { error: "The provider was away." }), new Date());
  await row.getByText("3/4").waitFor();
  assert.equal(await bar.getAttribute("aria-label"), "3 of 4 tests done: 1 passed, 1 failed, 1 error");
  assert.deepEqual(await bar.locator("i").evaluateAll((parts) => parts.map((part) => part.className)), [
    "passed",
    "failed",
    "error",
  ]);

  await run.result(made("t04"), new Date());
  await row.getByText("4/4").waitFor();
  // All tests are done, but not the run: no mark before its end.
  await row.getByText("finalising", { exact: true }).waitFor();
  assert.equal(await mark.getAttribute("title"), "Finalising");
  await run.finish(new Date());
  await row.getByText("1 failed · 1 error").waitFor();
  await row.getByText("66.7 %").waitFor();
  assert.equal(await mark.getAttribute("title"), "1 failed, 1 error");
  assert.equal(await bar.count(), 0);

  const good = new AgentvRun(runsDir, new Date(), "evals/skills.eval.yaml", 1);
  await good.start();
  await good.result(made("t01"), new Date());
  await good.finish(new Date());
  const other = reel.link("skills.eval");
  await other.getByText("1 passed").waitFor();
  await other.getByText("100 %").waitFor();
  assert.equal(await other.locator(".mark").getAttribute("title"), "Passed");
});

pageTest(
  "on a phone the row's bar has room beside its figures, and the header says how far it is",
  async (scene) => {
    const { reel, runsDir } = await setStage(scene);
    const run = new AgentvRun(
      runsDir,
      new Date(),
      "evals/a-name-that-is-far-too-long-for-a-phone-to-show.eval.yaml",
      120,
    );
    await run.start();
    for (let count = 1; count <= 7; count += 1)
      await run.result(made(`t${count}`, { score: count === 3 ? 0 : 1, costUsd: 0.01 }), new Date());
    await reel.open(`/runs/${run.runId}`);
    const header = reel.page.locator("header");
    await header.getByText("7 of 120").waitFor();
    await header.getByText("$0.07").waitFor();
    assert.match(await reel.page.title(), /7\/120 a-name/);
    await checkPage(reel.page, "an evaluation on a phone");

    await reel.page.getByRole("button", { name: "Runs", exact: true }).click();
    const bar = await reel.link("a-name").getByRole("img").boundingBox();
    assert.ok(
      bar !== null && bar.width >= 120 && bar.x + bar.width < 390,
      `the bar is ${bar?.width ?? 0} px`,
    );
    await checkPage(reel.page, "the list of evaluations on a phone");
  },
  { viewport: { width: 390, height: 844 } },
);

import assert from "node:assert/strict";
import { AgentvRun, type AgentvTest } from "../../scripts/demo/agentv-run.ts";
import { pageTest } from "../helpers/browser.ts";
import { setStage, type Stage } from "./stage.ts";
import { until } from "./until.ts";

const START = Date.UTC(2026, 2, 1, 10);

interface Planned extends Partial<AgentvTest> {
  readonly id: string;
  /** Seconds after the run's start. */
  readonly from: number;
  readonly to: number;
}

const TESTS: readonly Planned[] = [
  { id: "t01 adds", from: 0, to: 4 },
  { id: "t02 takes away", from: 1, to: 5, costUsd: 0.02, tokens: [600, 40] },
  { id: "t03 divides by zero", from: 5, to: 9, score: 0.2, costUsd: 0.01 },
  { id: "t04 carries", from: 5.5, to: 9.5 },
];

/** An evaluation of ten seconds that has ended; nothing is written when a test starts. */
async function writeEvaluation({ runsDir }: Stage): Promise<string> {
  const run = new AgentvRun(runsDir, new Date(START), "evals/arithmetic.eval.yaml", TESTS.length);
  await run.start();
  for (const { from, to, ...test } of TESTS) {
    const durationMs = (to - from) * 1000;
    await run.result(
      { question: "What?", answer: "That.", score: 1, ...test, durationMs },
      new Date(START + to * 1000),
    );
  }
  await run.finish(new Date(START + 10_000));
  return run.runId;
}

pageTest("tests lie in lanes as they ran, but none is seen before it was known", async (scene) => {
  const stage = await setStage(scene);
  const runId = await writeEvaluation(stage);
  const { reel } = stage;
  await reel.open(`/runs/${runId}`);
  const spans = reel.page.locator(".slider .lane .span");
  await until("all tests to be drawn", async () => (await spans.count()) === TESTS.length);
  const lanes = await reel.page
    .locator(".slider .lane")
    .evaluateAll((all) =>
      all.map((lane) => [...lane.querySelectorAll(".span")].map((span) => span.textContent)),
    );
  assert.deepEqual(lanes, [
    ["t01 adds", "t04 carries"],
    ["t02 takes away", "✕ t03 divides by zero"],
  ]);
  await reel.page.locator(".span.failed").filter({ hasText: "t03" }).waitFor();

  // At 0:04.5 the second test has run for 3.5 s, and nobody knows.
  await reel.open(`/runs/${runId}?t=4500`);
  await until("the first test alone to be known", async () => (await spans.count()) === 3);
  assert.deepEqual(
    await spans.evaluateAll((all) => all.map((span) => [span.textContent, span.classList.contains("ahead")])),
    [
      ["t01 adds", false],
      ["t04 carries", true],
      ["✕ t03 divides by zero", true],
    ],
  );
  const header = reel.page.locator("header");
  await header.getByText("1 of 4").waitFor();
  assert.equal(await header.getByText("cost").count(), 0);
  await reel.page
    .getByText("Results up to the playback position: 1 of 4 tests done, 1 passed, 0 failed")
    .waitFor({
      state: "attached",
    });
});

pageTest("keys go from result to result and to what failed, and a press chooses a test", async (scene) => {
  const stage = await setStage(scene);
  const runId = await writeEvaluation(stage);
  const { reel } = stage;
  await reel.open(`/runs/${runId}?t=0`);
  const { page } = reel;
  await page.locator(".slider .lane .span").first().waitFor();
  const goesTo = (what: string, at: number) => until(what, async () => (await reel.position()) === at);
  await page.keyboard.press("Shift+ArrowRight");
  await goesTo("the first result", 4000);
  await reel.button("Next result").click();
  await goesTo("the second", 5000);
  await page.keyboard.press("e");
  await goesTo("the test that failed", 9000);
  assert.match(
    (await reel.slider.getAttribute("aria-valuetext")) ?? "",
    /^0:09 of 0:\d\d, 3 of 4 tests done$/,
  );
  await page.locator("header").getByText("$0.03").waitFor();
  await page.keyboard.press("e");
  await page.getByText("No later failed test").waitFor();
  await page.keyboard.press("Shift+ArrowLeft");
  await goesTo("the result before", 5000);

  await page.keyboard.press("End");
  await reel.page.getByText("At the end").waitFor();
  const failed = page.locator(".span.failed");
  await failed.hover({ force: true });
  const card = page.getByRole("tooltip");
  await card.getByText("t03 divides by zero").waitFor();
  const told = (await card.textContent()) ?? "";
  for (const words of ["Failed", "score 0.20", "took 4.0 s", "$0.01", "arithmetic · mock"])
    assert.ok(told.includes(words), `${words} in ${told}`);
  // In its middle nobody knew of it, so a press goes where its result was known.
  const box = await page.locator(".slider .span").filter({ hasText: "t02" }).boundingBox();
  assert.ok(box !== null);
  await page.mouse.click(box.x + box.width / 2, box.y + box.height / 2);
  await goesTo("the end of the test that was pressed", 5000);
});

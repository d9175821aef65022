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

pageTest("the figures above the lanes go to a moment and leave the chosen test alone", async (scene) => {
  const stage = await setStage(scene);
  const runId = await writeEvaluation(stage);
  const { reel } = stage;
  await reel.open(`/runs/${runId}`);
  const { page } = reel;
  const grading = page.getByRole("tabpanel", { name: "Grading" });
  await page.locator(".slider .span").filter({ hasText: "t02" }).click({ force: true });
  await grading.getByText("t02 takes away").first().waitFor();
  const ruler = await page.locator(".ruler").boundingBox();
  assert.ok(ruler !== null);
  const y = ruler.y + ruler.height / 2;
  // A bar of another test lies below.
  await page.mouse.move(ruler.x + ruler.width * 0.7, y);
  await page.mouse.down();
  const pressed = await reel.position();
  await page.mouse.move(ruler.x + ruler.width * 0.8, y, { steps: 5 });
  await page.mouse.up();
  await until("the drag to end", async () => {
    const dragged = await reel.position();
    return Math.abs(dragged - pressed - 1000) < 60;
  });
  await grading.getByText("t02 takes away").first().waitFor();
});

pageTest(
  "a test that could not be run has a mark at its end, and nobody says it took no time",
  async (scene) => {
    const stage = await setStage(scene);
    const run = new AgentvRun(stage.runsDir, new Date(START), "evals/arithmetic.eval.yaml", 2);
    await run.start();
    const plain = { question: "What?", answer: "That.", durationMs: 4000 };
    await run.result({ ...plain, id: "t01 adds", score: 1 }, new Date(START + 4000));
    await run.result({ ...plain, id: "t02 hangs", score: 0, error: "no answer" }, new Date(START + 10_000));
    await run.finish(new Date(START + 10_000));
    const { reel } = stage;
    await reel.open(`/runs/${run.runId}`);
    const { page } = reel;
    await page.locator(".slider .span").filter({ hasText: "t01" }).waitFor();
    const slider = await page.locator(".slider").boundingBox();
    assert.ok(slider !== null);
    const [x, y] = [slider.x + slider.width - 8, slider.y + 7 + 11];
    await page.mouse.move(x, y);
    const card = page.getByRole("tooltip");
    await card.getByText("t02 hangs").waitFor();
    const told = (await card.textContent()) ?? "";
    assert.ok(told.includes("duration not recorded") && !told.includes("0 ms"), told);
    await page.mouse.click(x, y);
    await page.getByRole("tabpanel", { name: "Grading" }).getByText("t02 hangs").first().waitFor();
  },
);

pageTest("the timeline is folded and made higher by keys and by dragging, and stays so", async (scene) => {
  const stage = await setStage(scene);
  const run = new AgentvRun(stage.runsDir, new Date(START), "evals/arithmetic.eval.yaml", 30);
  await run.start();
  for (let number = 0; number < 30; number += 1)
    await run.result(
      { id: `t${number}`, question: "What?", answer: "That.", score: 1, durationMs: 4000 },
      new Date(START + 5000 + number),
    );
  await run.finish(new Date(START + 10_000));
  const { reel } = stage;
  await reel.open(`/runs/${run.runId}`);
  const { page } = reel;
  await page.getByText("+6 more at once").waitFor();
  const lanes = page.locator(".lanes");
  const high = async () => (await lanes.boundingBox())?.height ?? 0;
  const isHigh = (pixels: number) =>
    until(`lanes of ${pixels} pixels`, async () => (await high()) === pixels);
  await isHigh(103);
  await page.locator(".score-strip").waitFor();
  const handle = page.getByRole("separator", { name: "Height of the timeline" });
  await handle.press("Enter");
  await isHigh(31);
  assert.equal(await page.locator(".score-strip").count(), 0);
  await page.reload();
  await isHigh(31);
  await handle.press("ArrowUp");
  await isHigh(103);
  const place = await handle.boundingBox();
  assert.ok(place !== null);
  await page.mouse.move(place.x + 50, place.y + place.height / 2);
  await page.mouse.down();
  await page.mouse.move(place.x + 50, place.y + place.height / 2 - 60, { steps: 4 });
  await page.mouse.up();
  await isHigh(163);
  await handle.press("End");
  await isHigh(271);
  assert.equal(await handle.getAttribute("aria-valuenow"), "264");
});

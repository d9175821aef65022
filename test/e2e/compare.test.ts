import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import type { Locator, Page } from "playwright-core";
import { AgentvRun, type AgentvTest } from "../../scripts/demo/agentv-run.ts";
import { pageTest } from "../helpers/browser.ts";
import { checkPage } from "./check-page.ts";
import { setStage } from "./stage.ts";
import { until } from "./until.ts";

const T0 = Date.parse("2026-03-01T10:00:00.000Z");
const PHONE = { viewport: { width: 390, height: 844 } };

function answered(id: string, score: number, parts: Partial<AgentvTest> = {}): AgentvTest {
  const [question, answer] = [`What is ${id}?`, `It is ${id}.`];
  return { id, question, answer, score, durationMs: 1000, tokens: [600, 40], costUsd: 0.003, ...parts };
}

interface Scripted {
  readonly minute: number;
  readonly tests: readonly AgentvTest[];
  readonly evalFile?: string;
  readonly isOver?: boolean;
  readonly planned?: number;
}

/** An evaluation as its program leaves it. */
async function evaluated(runsDir: string, script: Scripted): Promise<AgentvRun> {
  const { evalFile = "arithmetic.eval.yaml", isOver = true, minute, tests } = script;
  const start = T0 + minute * 60_000;
  const run = new AgentvRun(runsDir, new Date(start), evalFile, script.planned ?? tests.length);
  await run.start();
  for (const [index, test] of tests.entries()) await run.result(test, new Date(start + (index + 1) * 1000));
  if (isOver) await run.finish(new Date(start + tests.length * 1000));
  return run;
}

const BEFORE = [
  answered("adds", 1),
  answered("divides", 1),
  answered("rounds", 0.3),
  answered("powers", 0.9),
  answered("gone", 1),
];
const AFTER = [
  answered("adds", 1),
  answered("divides", 0.2, { costUsd: 0.009 }),
  answered("rounds", 1),
  answered("powers", 0.95, { durationMs: 3000 }),
  answered("new", 1, { tokens: [900, 100] }),
];

const view = (page: Page) => page.getByRole("region", { name: "Comparison" });
const tests = (page: Page) => view(page).getByRole("table", { name: "Tests of both runs" });
/** What the rows say, in their order. */
async function rows(page: Page): Promise<string[]> {
  const texts = await tests(page).locator("[data-row]").allInnerTexts();
  return texts.map((text) => text.replaceAll(/\s+/g, " ").trim());
}
const chosen = (page: Page): Locator =>
  page.locator(".run-middle").locator("[aria-current=true], [aria-current=step], [aria-selected=true]");

async function rowsAre(page: Page, beginnings: readonly string[]): Promise<void> {
  let found: string[] = [];
  await until(`rows ${beginnings.join(", ")}`, async () => {
    found = await rows(page);
    return (
      found.length === beginnings.length && beginnings.every((text, index) => found[index]?.startsWith(text))
    );
  }).catch((error: unknown) => assert.fail(`${String(error)}\n${found.join("\n")}`));
}

pageTest(
  "two runs of an evaluation are compared, and a test of either is opened from there",
  async (scene) => {
    const { page } = scene;
    let [before, after] = ["", ""];
    const { reel } = await setStage(scene, {
      before: async (runsDir) => {
        before = (await evaluated(runsDir, { minute: 0, tests: BEFORE })).runId;
        await evaluated(runsDir, { minute: 1, tests: BEFORE, evalFile: "other.eval.yaml" });
        after = (await evaluated(runsDir, { minute: 2, tests: AFTER })).runId;
        await evaluated(runsDir, { minute: 3, tests: AFTER });
      },
    });
    await reel.open(`/runs/${after}`);
    await reel.button("Compare").click();
    const dialog = page.getByRole("dialog", { name: "Compare with" });
    const offered = dialog.getByRole("region");
    await dialog.getByRole("region", { name: "Other evaluations" }).waitFor();
    assert.match(
      (await offered.nth(0).innerText()).replaceAll("\n", " "),
      /^Runs of this evaluation .*10:00.*10:03/,
    );
    assert.match(await offered.nth(1).innerText(), /other/i);
    // As the list tells of them: one that has ended is not called good for that.
    assert.equal(await offered.nth(0).locator(".mark").first().getAttribute("title"), "1 failed");
    await checkPage(page, "the choice of a run");
    await dialog.getByRole("searchbox").press("Enter");

    await rowsAre(page, [
      "Newly failing divides",
      "Newly passing rounds",
      "Changed powers",
      "Only in this new",
      "Only in other gone",
      "Same adds",
    ]);
    assert.match(page.url(), new RegExp(`/runs/${after}\\?with=${before}$`));
    assert.equal(await view(page).locator(".compare-run .pill").innerText(), "1 failed");
    const rate = view(page).locator("[data-figure=passRate]");
    assert.match((await rate.innerText()).replaceAll(/\s+/g, " "), /Pass rate 80 % ±0 no change other 80 %/);
    const [failing, , powers] = await rows(page);
    assert.match(failing ?? "", /1\.00 0\.20.*▼ −0\.80 worse.*▲ \+\$0\.0060 worse/);
    assert.match(powers ?? "", /▲ \+0\.05 better.*▲ \+2\.0 s worse/);
    await checkPage(page, "a comparison");

    await view(page).getByRole("checkbox", { name: "Changed only" }).check();
    await until("the same to be left out", async () => (await rows(page)).length === 5);
    await view(page).getByRole("searchbox", { name: "Filter tests" }).fill("pow");
    await rowsAre(page, ["Changed powers"]);
    await view(page).getByRole("searchbox", { name: "Filter tests" }).fill("");

    // The keyboard: the list is one stop, arrows go on, Enter opens the test in this run.
    await tests(page).getByRole("link", { name: "divides", exact: true }).focus();
    await page.keyboard.press("ArrowDown");
    assert.equal(await page.evaluate(() => document.activeElement?.textContent), "rounds");
    await page.keyboard.press("Enter");
    await page.waitForURL(new RegExp(`/runs/${after}\\?test=.*rounds`));
    await chosen(page)
      .filter({ hasText: /rounds/i })
      .waitFor();

    await page.goBack();
    await tests(page).getByRole("link", { name: "Passed 1.00: divides in the other run" }).click();
    await page.waitForURL(new RegExp(`/runs/${before}\\?test=.*divides`));
    await chosen(page)
      .filter({ hasText: /divides/i })
      .waitFor();

    await page.goBack();
    await view(page).getByRole("button", { name: "Swap" }).click();
    await rowsAre(page, [
      "Newly failing rounds",
      "Newly passing divides",
      "Changed powers",
      "Only in this gone",
      "Only in other new",
    ]);
    await view(page).getByRole("button", { name: "Close" }).click();
    await reel.slider.waitFor();
    assert.match(page.url(), new RegExp(`/runs/${before}$`));
  },
);

pageTest("a comparison is live on both sides, and goes on after the viewer was away", async (scene) => {
  const { expected, page } = scene;
  expected.push(/ERR_CONNECTION_REFUSED|WebSocket/);
  const made: AgentvRun[] = [];
  const { reel, viewer } = await setStage(scene, {
    before: async (runsDir) => {
      const two = [answered("adds", 1), answered("divides", 1)];
      made.push(await evaluated(runsDir, { minute: 0, tests: two.slice(0, 1), isOver: false, planned: 2 }));
      made.push(await evaluated(runsDir, { minute: 1, tests: [], isOver: false, planned: 2 }));
    },
  });
  const [left, right] = made;
  assert.ok(left !== undefined && right !== undefined);
  await reel.open(`/runs/${right.runId}?with=${left.runId}`);
  await rowsAre(page, ["Not done yet adds"]);
  await right.result(answered("adds", 0), new Date(T0 + 61_000));
  await rowsAre(page, ["Newly failing adds"]);
  await left.result(answered("divides", 1), new Date(T0 + 62_000));
  await rowsAre(page, ["Newly failing adds", "Not done yet divides"]);

  await viewer.kill();
  await right.result(answered("divides", 1), new Date(T0 + 63_000));
  await viewer.restart();
  await rowsAre(page, ["Newly failing adds", "Same divides"]);
  await left.result(answered("divides", 0), new Date(T0 + 64_000));
  await rowsAre(page, ["Newly failing adds", "Newly passing divides"]);
});

pageTest("a run that is not there is said to be missing, and compared when it comes", async (scene) => {
  const { page } = scene;
  const { reel, runsDir } = await setStage(scene, {
    before: async (runsDir) => void (await evaluated(runsDir, { minute: 1, tests: AFTER })),
  });
  const later = new Date(T0).toISOString().replaceAll(/[:.]/g, "-");
  const open = new Date(T0 + 60_000).toISOString().replaceAll(/[:.]/g, "-");
  await reel.open(`/runs/${open}?with=${later}`);
  await view(page).getByText("There is no run").waitFor();
  await evaluated(runsDir, { minute: 0, tests: BEFORE });
  await until("the comparison", async () => (await rows(page)).length === 6);
});

pageTest(
  "a comparison is saved as CSV, and hinders nobody on a phone",
  async (scene) => {
    const { page } = scene;
    const ids: string[] = [];
    const { reel } = await setStage(scene, {
      before: async (runsDir) => {
        for (const [minute, tests] of [BEFORE, AFTER].entries())
          ids.push((await evaluated(runsDir, { minute, tests })).runId);
      },
    });
    await reel.open(`/runs/${ids[1]}?with=${ids[0]}`);
    await until("the comparison", async () => (await rows(page)).length === 6);
    await checkPage(page, "a comparison on a phone");
    const isWide = await page.evaluate(() => document.documentElement.scrollWidth > innerWidth);
    assert.equal(isWide, false, "nothing is wider than the page");

    const [download] = await Promise.all([
      page.waitForEvent("download"),
      page.getByRole("button", { name: "CSV of the comparison" }).click(),
    ]);
    assert.match(download.suggestedFilename(), /^arithmetic\.eval\.yaml-.*-to-.*\.csv$/);
    const lines = (await readFile(await download.path(), "utf8")).trimEnd().split("\n");
    assert.equal(lines.length, 7);
    assert.match(lines[1] ?? "", /^arithmetic,divides,newly failing,.*,passed,failed,1,0\.2,/);
  },
  PHONE,
);

pageTest("the trend shows the last runs, as charts and as a table that lead to them", async (scene) => {
  const { page } = scene;
  const ids: string[] = [];
  const { reel, runsDir } = await setStage(scene, {
    before: async (runsDir) => {
      for (let minute = 0; minute < 22; minute += 1) {
        const tests = BEFORE.map((test, index) => ({ ...test, score: index * 5 < minute ? 1 : 0 }));
        ids.push((await evaluated(runsDir, { minute, tests })).runId);
      }
    },
  });
  await reel.open(`/runs/${ids[21]}`);
  await reel.button("Trend").click();
  const dialog = page.getByRole("dialog", { name: "Trend" });
  const links = dialog.getByRole("link");
  await until("20 runs", async () => (await links.count()) === 20);
  assert.match(
    await dialog.getByRole("row").nth(1).innerText(),
    /100 %\s+5\s+0\s+0\s+4\.0 s|100 %\s+5\s+0\s+0/,
  );
  await dialog.locator("canvas").nth(2).waitFor();
  assert.equal(await dialog.locator("canvas").count(), 3);
  await checkPage(page, "the trend");

  // One that comes is there at once.
  await evaluated(runsDir, { minute: 30, tests: BEFORE, isOver: false, planned: 9 });
  await dialog.getByRole("row").filter({ hasText: "goes on" }).waitFor();
  assert.equal(await links.count(), 20);

  // The middle of the first of 20: the third of all, since two are older and one came.
  const chart = await dialog.locator("[data-chart='Pass rate'] .u-over").boundingBox();
  assert.ok(chart !== null);
  await page.mouse.click(chart.x + chart.width * (0.6 / 20.2), chart.y + chart.height / 2);
  await page.waitForURL(`**/runs/${ids[3]}`);
  await dialog.waitFor({ state: "detached" });

  await reel.button("Trend").click();
  await links.nth(4).focus();
  await page.keyboard.press("Enter");
  await page.waitForURL(`**/runs/${ids[18]}`);
});

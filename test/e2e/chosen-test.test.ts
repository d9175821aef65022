import assert from "node:assert/strict";
import { utimes } from "node:fs/promises";
import type { Locator } from "playwright-core";
import { AgentvRun, type AgentvTest } from "../../scripts/demo/agentv-run.ts";
import { pageTest } from "../helpers/browser.ts";
import type { ReelPage } from "./reel-page.ts";
import { setStage } from "./stage.ts";
import { until } from "./until.ts";

/** Which test of an evaluation is shown: as the address says, as one reads it, and by keyboard. */

function made(id: string, change: Partial<AgentvTest> = {}): AgentvTest {
  const said = { question: `What about ${id}?`, answer: `About ${id}.` };
  return { id, ...said, score: 1, durationMs: 800, tokens: [500, 140], costUsd: 0.003, ...change };
}

/** `at` is a moment of the run, in seconds. */
function beginRun(runsDir: string, start: number, planned: number) {
  const run = new AgentvRun(runsDir, new Date(start), "sums.eval.yaml", planned);
  return { run, at: (seconds: number) => new Date(start + seconds * 1000) };
}

const LONG_AGO = Date.parse("2026-03-01T10:00:00.000Z");
const IDS = ["adds", "divides", "carries", "rounds", "powers"];

/** Five tests, of which two failed; one of these was run again, and failed again. */
async function endedRun(runsDir: string, start = LONG_AGO) {
  const { at, run } = beginRun(runsDir, start, IDS.length);
  await run.start();
  for (const [index, id] of IDS.entries())
    await run.result(made(id, { score: id === "divides" || id === "rounds" ? 0.2 : 1 }), at(index + 1));
  await run.result(made("rounds", { score: 0.3 }), at(8));
  await run.finish(at(9));
  return run;
}

function row({ page }: ReelPage, name: string): Locator {
  return page.getByRole("grid", { name: "Tests" }).locator("[data-line]").filter({ hasText: name });
}

const heading = ({ page }: ReelPage) => page.getByRole("tabpanel").getByRole("heading", { level: 2 });

async function shows(reel: ReelPage, name: string): Promise<void> {
  await heading(reel).filter({ hasText: name }).waitFor();
  await reel.page.locator(`[data-line][aria-selected=true]`).filter({ hasText: name }).waitFor();
}

/** What the address says by such a name, once it does. */
async function addressSays(reel: ReelPage, name: string, value: string | null): Promise<void> {
  await until(`the address to say ${name}=${value}`, async () => {
    const told = new URL(reel.page.url()).searchParams.get(name);
    return value === null ? told === null : told?.includes(value) === true;
  });
}

pageTest("the address leads to the chosen test, after a reload and a restart too", async (scene) => {
  scene.expected.push(/WebSocket connection to .* failed/, /net::ERR_CONNECTION_(RESET|REFUSED)/);
  const { reel, runsDir, viewer } = await setStage(scene);
  const { page } = reel;
  const run = await endedRun(runsDir);
  const before = await endedRun(runsDir, LONG_AGO - 60_000);
  await page.context().grantPermissions(["clipboard-read", "clipboard-write"]);
  await reel.open(`/runs/${run.runId}`);
  await shows(reel, "divides");
  await addressSays(reel, "test", null);

  await row(reel, "powers").click();
  await shows(reel, "powers");
  await addressSays(reel, "test", "powers");
  await addressSays(reel, "attempt", null);
  await page.reload();
  await shows(reel, "powers");

  await row(reel, "rounds").click();
  await reel.button("← Earlier attempt").click();
  await page.getByRole("tabpanel").getByText("attempt 1 of 2").waitFor();
  await addressSays(reel, "attempt", "1");
  await reel.button("Copy link").click();
  const link = await page.evaluate(() => navigator.clipboard.readText());

  // In the life after a restart lines may mean other tests; the name does not.
  await viewer.kill();
  await reel.connection.filter({ hasText: "Reconnecting" }).waitFor();
  await viewer.restart();
  await reel.connection.filter({ hasText: "Connected" }).waitFor();
  await page.getByRole("tabpanel").getByText("attempt 1 of 2").waitFor();
  await addressSays(reel, "attempt", "1");

  await reel.open(`/runs/${run.runId}`);
  await shows(reel, "divides");
  await page.goto(link);
  await page.getByRole("tabpanel").getByText("attempt 1 of 2").waitFor();
  assert.equal(await heading(reel).textContent(), "rounds");

  // From run to run and back, and out of a comparison.
  await row(reel, "carries").click();
  await addressSays(reel, "test", "carries");
  await reel.runs.locator(`a[href="/runs/${before.runId}"]`).click();
  await page.waitForURL(new RegExp(before.runId));
  await shows(reel, "divides");
  await addressSays(reel, "test", null);
  await page.goBack();
  await shows(reel, "carries");
  const address = new URL(page.url());
  address.searchParams.set("with", before.runId);
  await page.goto(address.href);
  await page.getByRole("region", { name: "Comparison" }).waitFor();
  await addressSays(reel, "test", "carries");
  await page
    .getByRole("button", { name: /Close|Leave/ })
    .first()
    .click();
  await shows(reel, "carries");
  await reel.open(`/runs/${run.runId}?test=nobody&attempt=3`);
  await shows(reel, "divides");
  await addressSays(reel, "test", null);
});

pageTest("who copies a link to a test that nobody chose gives that test", async (scene) => {
  const { reel, runsDir } = await setStage(scene);
  const run = await endedRun(runsDir);
  await reel.page.context().grantPermissions(["clipboard-read", "clipboard-write"]);
  await reel.open(`/runs/${run.runId}`);
  await shows(reel, "divides");
  await reel.button("Copy link").click();
  const link = new URL(await reel.page.evaluate(() => navigator.clipboard.readText()));
  assert.match(link.searchParams.get("test") ?? "", /divides/);
  assert.equal(link.searchParams.get("tab"), "grading");
});

pageTest(
  "a test that is read stays, while others come in, until one follows the run again",
  async (scene) => {
    const { reel, runsDir } = await setStage(scene);
    const { at, run } = beginRun(runsDir, Date.now() - 60_000, 9);
    await run.start();
    await run.result(made("adds", { score: 0.1 }), at(1));
    await reel.open(`/runs/${run.runId}`);
    await shows(reel, "adds");
    await run.result(made("divides", { score: 0.1 }), at(2));
    await shows(reel, "divides");

    const { page } = reel;
    await heading(reel).hover();
    await page.mouse.wheel(0, 40);
    await addressSays(reel, "test", "divides");
    await run.result(made("carries", { score: 0.1 }), at(3));
    await row(reel, "carries").waitFor();
    await reel.button("Follow the run").waitFor();
    await shows(reel, "divides");
    // No other row looks as if it were the chosen one.
    const looks = () =>
      page
        .locator("[data-line]")
        .evaluateAll((rows) =>
          rows.map((each) =>
            [each, ...each.children].map((part) => getComputedStyle(part).background).join(),
          ),
        );
    await page.mouse.move(2, 2);
    await reel.drawn();
    const [adds, divides, carries] = await looks();
    assert.equal(adds, carries);
    assert.notEqual(divides, adds);

    await reel.button("Follow the run").click();
    await shows(reel, "carries");
    await addressSays(reel, "test", null);
    await page.getByRole("region", { name: "Grading of the chosen test" }).focus();
    await run.result(made("rounds", { score: 0.1 }), at(4));
    await reel.button("Follow the run").waitFor();
    await shows(reel, "carries");
  },
);

pageTest("by keyboard from the filter to a test, to its grading, and back", async (scene) => {
  const { reel, runsDir } = await setStage(scene);
  const run = await endedRun(runsDir);
  await reel.open(`/runs/${run.runId}`);
  await shows(reel, "divides");
  const { page } = reel;
  const focused = (name: string) => page.locator("[data-line]:focus").filter({ hasText: name }).waitFor();
  await page.keyboard.press("/");
  await page.keyboard.type("p");
  await row(reel, "divides").waitFor({ state: "detached" });
  await page.keyboard.press("ArrowDown");
  await focused("powers");
  await shows(reel, "powers");
  await page.keyboard.press("Enter");
  await page.locator("[role=tab]:focus").filter({ hasText: "Grading" }).waitFor();
  await page.keyboard.press("Escape");
  await focused("powers");

  await page.keyboard.press("/");
  await page.keyboard.press("Escape");
  await page.keyboard.type("ies");
  await page.keyboard.press("Enter");
  await focused("carries");
});

pageTest("an order is one run's; a run that fell silent promises nothing", async (scene) => {
  const { reel, runsDir } = await setStage(scene);
  const ended = await endedRun(runsDir);
  const { at, run } = beginRun(runsDir, LONG_AGO + 60_000, 4);
  await run.start();
  await run.result(made("adds"), at(1));
  await run.result(made("divides", { score: 0.2 }), at(2));
  for (const file of [run.index, run.summary]) await utimes(file, at(2), at(2));
  await reel.open(`/runs/${run.runId}`);
  const { page } = reel;
  await page.getByRole("grid", { name: "Tests" }).getByText("2 more tests without a result").waitFor();
  const cards = await page.locator(".result-card").allTextContents();
  assert.ok(cards.includes("without a result2"), cards.join("; "));

  const head = page.getByRole("columnheader", { name: "Test" });
  await head.getByRole("button").click();
  await page.locator('th[aria-sort="ascending"]').filter({ hasText: "Test" }).waitFor();
  await reel.runs.locator(`a[href="/runs/${ended.runId}"]`).click();
  await shows(reel, "divides");
  assert.equal(await head.getAttribute("aria-sort"), null);
  await page.goBack();
  await page.getByText("2 more tests without a result").waitFor();
  assert.equal(await head.getAttribute("aria-sort"), "ascending");
});

pageTest("the test that a run opens on is in view, wherever it stands in the table", async (scene) => {
  const { reel, runsDir } = await setStage(scene);
  const { at, run } = beginRun(runsDir, LONG_AGO, 60);
  await run.start();
  for (let number = 0; number < 60; number += 1)
    await run.result(made(`test ${number}`, { score: number === 55 ? 0.2 : 1 }), at(number));
  await run.finish(at(60));
  await reel.open(`/runs/${run.runId}`);
  await shows(reel, "test 55");
  const { page } = reel;
  await page.getByRole("columnheader", { name: "Test" }).getByRole("button").click();
  await row(reel, "test 0").first().waitFor();
  await page.reload();
  await shows(reel, "test 55");
  const isInView = () =>
    page.locator("[data-line][aria-selected=true]").evaluate((each) => {
      const box = each.closest(".result-box")?.getBoundingClientRect();
      const { bottom, top } = each.getBoundingClientRect();
      return box !== undefined && top >= box.top && bottom <= box.bottom;
    });
  await until("the row to be in view", isInView);
});

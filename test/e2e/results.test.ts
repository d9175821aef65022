import assert from "node:assert/strict";
import type { Locator } from "playwright-core";
import { AgentvRun, type AgentvTest } from "../../scripts/demo/agentv-run.ts";
import { pageTest } from "../helpers/browser.ts";
import { checkPage } from "./check-page.ts";
import type { ReelPage } from "./reel-page.ts";
import { setStage } from "./stage.ts";
import { until } from "./until.ts";

/** The table of an evaluation's results: live, rewound, sorted, filtered, by keyboard, and of any length. */

const WIDE = { viewport: { width: 1800, height: 900 } };
const PHONE = { viewport: { width: 390, height: 844 } };

class Table {
  readonly reel: ReelPage;
  readonly region: Locator;
  readonly grid: Locator;
  readonly rows: Locator;

  constructor(reel: ReelPage) {
    this.reel = reel;
    this.region = reel.page.getByRole("region", { name: "Results" });
    this.grid = this.region.getByRole("grid", { name: "Tests" });
    this.rows = this.grid.locator("[data-line]");
  }

  row(name: string): Locator {
    return this.rows.filter({ has: this.reel.page.getByText(name, { exact: true }) });
  }

  names(): Promise<string[]> {
    return this.rows.locator(".result-name").allTextContents();
  }

  async shows(...names: string[]): Promise<void> {
    await until(names.join(", "), async () => (await this.names()).join() === names.join());
  }

  /** The four figures, with what they are of. */
  async cards(): Promise<string[]> {
    const cards = await this.region.locator(".result-card").all();
    return Promise.all(
      cards.map(async (card) =>
        [await card.locator("dd").textContent(), await card.locator("dt").textContent()].join(" "),
      ),
    );
  }

  async tells(...cards: string[]): Promise<void> {
    await until(cards.join("; "), async () => (await this.cards()).join() === cards.join());
  }

  head(name: string): Locator {
    return this.grid.getByRole("columnheader", { name });
  }

  chip(name: string): Locator {
    return this.region.getByRole("button", { name });
  }
}

function made(id: string, change: Partial<AgentvTest> = {}): AgentvTest {
  const of = { suite: "arithmetic", target: "mock", question: `What about ${id}?`, answer: `About ${id}.` };
  return { id, ...of, score: 1, durationMs: 800, tokens: [500, 140], costUsd: 0.003, ...change };
}

/** A run that began a minute ago; `at` is a moment of it, in seconds. */
function beginRun(runsDir: string, planned: number) {
  const start = Date.now() - 60_000;
  const run = new AgentvRun(runsDir, new Date(start), "arithmetic.eval.yaml", planned);
  return { run, at: (seconds: number) => new Date(start + seconds * 1000) };
}

pageTest(
  "counts and rows move as results come in, and go back when it is rewound",
  async (scene) => {
    const { reel, runsDir } = await setStage(scene);
    const { at, run } = beginRun(runsDir, 5);
    await run.start();
    await reel.open(`/runs/${run.runId}`);
    const table = new Table(reel);
    await table.tells("– pass rate so far", "0 passed", "0 failed", "5 to go");
    await table.grid.getByText("5 tests to come").waitFor();
    assert.equal(await reel.steps.count(), 0);

    await run.result(made("adds"), at(2));
    await table.tells("100 % pass rate so far", "1 passed", "0 failed", "4 to go");
    await run.result(made("divides", { score: 0.2 }), at(4));
    await table.shows("divides", "adds");
    await run.result(made("carries", { error: "The agent went away." }), at(6));
    await table.shows("divides", "carries", "adds");
    await table.tells("50 % pass rate so far", "1 passed", "1 failed, 1 error", "2 to go");
    assert.match((await table.row("carries").textContent()) ?? "", /^Errorcarries.*The agent went away\./);
    assert.match((await table.row("divides").textContent()) ?? "", /^Failed.*0\.20.*0\.8 s.*640.*\$0\.0030$/);

    // Looking at a test that has ended takes nobody away from the live edge.
    await table.row("adds").click();
    assert.equal(await table.row("adds").getAttribute("aria-selected"), "true");
    await run.result(made("multiplies"), at(8));
    await table.tells("66.7 % pass rate so far", "2 passed", "1 failed, 1 error", "1 to go");
    assert.equal(await table.row("adds").getAttribute("aria-selected"), "true");
    assert.equal(await reel.live.count(), 1);
    await checkPage(reel.page, "live");

    await run.result(made("adds", { score: 0.5 }), at(10));
    await table.row("adds").getByText("×2").waitFor();
    await table.tells("33.3 % pass rate so far", "1 passed", "2 failed, 1 error", "1 to go");
    await run.finish(at(11));
    await table.grid.getByText("1 more test without a result").waitFor();
    await table.tells("33.3 % pass rate", "1 passed", "2 failed, 1 error", "1 without a result");

    await table.chip("Earlier attempts").click();
    await table.shows("adds", "adds", "divides", "carries", "multiplies");
    assert.match((await table.rows.nth(1).textContent()) ?? "", /^Passedaddsattempt 1/);

    await reel.open(`/runs/${run.runId}?t=5000`);
    await table.shows("divides", "adds");
    await table.tells("50 % pass rate so far", "1 passed", "1 failed", "3 to go");
    await reel.page.keyboard.press("Home");
    await table.tells("– pass rate so far", "0 passed", "0 failed", "5 to go");
    assert.equal(await table.rows.count(), 0);
  },
  WIDE,
);

pageTest(
  "it is sorted by any column, filtered by state and words, and walked by keyboard",
  async (scene) => {
    const { reel, runsDir } = await setStage(scene);
    const { at, run } = beginRun(runsDir, 6);
    await run.start();
    await run.result(made("t10 powers", { score: 0.9, durationMs: 3000, target: "large" }), at(1));
    await run.result(made("t9 carries", { score: 0.1, durationMs: 1000 }), at(2));
    await run.result(made("t1 adds", { suite: "easy", durationMs: 2000 }), at(3));
    await run.result(made("t2 gone", { error: "No such model." }), at(4));
    await reel.open(`/runs/${run.runId}`);
    const { page } = reel;
    const table = new Table(reel);
    await table.shows("t9 carries", "t2 gone", "t10 powers", "t1 adds");
    assert.deepEqual(await table.grid.getByRole("columnheader").allTextContents(), [
      "State",
      "Test",
      "Suite",
      "Target",
      "Score",
      "Time",
      "Tokens",
      "Cost",
    ]);

    await table.head("Time").getByRole("button").click();
    await table.shows("t10 powers", "t1 adds", "t9 carries", "t2 gone");
    assert.equal(await table.head("Time").getAttribute("aria-sort"), "descending");
    await table.head("Time").getByRole("button").click();
    await table.shows("t9 carries", "t1 adds", "t10 powers", "t2 gone");
    await table.head("Test").getByRole("button").click();
    await table.shows("t1 adds", "t2 gone", "t9 carries", "t10 powers");
    await page.reload();
    await table.shows("t1 adds", "t2 gone", "t9 carries", "t10 powers");
    assert.equal(await table.head("Test").getAttribute("aria-sort"), "ascending");

    await page.keyboard.press("/");
    await page.keyboard.type("no such");
    await table.shows("t2 gone");
    await page.keyboard.press("ControlOrMeta+A");
    await page.keyboard.type("nobody");
    await table.region.getByText("No test matches.").waitFor();
    await page.keyboard.press("Escape");
    await table.shows("t1 adds", "t2 gone", "t9 carries", "t10 powers");
    await page.keyboard.type("nobody");
    await reel.button("Show all").click();
    await table.chip("Passed 2").click();
    await table.shows("t1 adds", "t10 powers");
    await table.chip("Failed 1").click();
    await table.shows("t1 adds", "t9 carries", "t10 powers");
    await checkPage(page, "filtered");
    await table.chip("All 4").click();

    await table.grid.focus();
    for (const key of ["Home", "ArrowDown", "ArrowDown"]) await page.keyboard.press(key);
    await until("the third row", async () => (await focused(table)) === "t9 carries");
    assert.equal(await table.row("t9 carries").getAttribute("aria-selected"), "true");
    // A result that comes in takes no focus away, whatever it moves.
    await run.result(made("t3 first"), at(5));
    await table.shows("t1 adds", "t2 gone", "t3 first", "t9 carries", "t10 powers");
    await reel.drawn();
    assert.equal(await focused(table), "t9 carries");
    await page.keyboard.press("ArrowUp");
    await until("the row above", async () => (await focused(table)) === "t3 first");
    await page.keyboard.press("End");
    await until("the last row", async () => (await focused(table)) === "t10 powers");
    await page.keyboard.press("Enter");
    await page.locator("[role=tab][aria-selected=true]:focus").waitFor();
    assert.match((await page.locator("[role=tab]:focus").textContent()) ?? "", /Grading|Details/);

    // Under a pointer nothing moves.
    await table.head("State").getByRole("button").click();
    await table.shows("t9 carries", "t2 gone", "t10 powers", "t1 adds", "t3 first");
    await table.row("t9 carries").hover();
    await run.result(made("t4 wrong", { score: 0 }), at(6));
    await table.shows("t9 carries", "t2 gone", "t10 powers", "t1 adds", "t3 first", "t4 wrong");
    await page.mouse.move(5, 5);
    await table.shows("t9 carries", "t4 wrong", "t2 gone", "t10 powers", "t1 adds", "t3 first");
  },
  WIDE,
);

function focused({ grid }: Table): Promise<string | null> {
  return grid.evaluate((table) => {
    const row = document.activeElement;
    return row !== null && table.contains(row)
      ? (row.querySelector(".result-name")?.textContent ?? null)
      : null;
  });
}

pageTest("of 10,000 tests those in view are drawn, and a reader's place is kept", async (scene) => {
  const { reel, runsDir } = await setStage(scene);
  const { at, run } = beginRun(runsDir, 10_100);
  await run.start();
  for (let number = 0; number < 10_000; number += 1)
    await run.result(made(`test ${number}`, { score: number % 50 === 0 ? 0.1 : 1 }), at(number / 500));
  await reel.open(`/runs/${run.runId}`);
  const table = new Table(reel);
  await table.tells("98 % pass rate so far", "9,800 passed", "200 failed", "100 to go");
  await until("all rows", async () => (await table.grid.getAttribute("aria-rowcount")) === "10002");
  assert.ok((await table.rows.count()) < 60, `${await table.rows.count()} rows are drawn`);
  assert.equal((await table.names())[0], "test 0");

  await table.grid.focus();
  await reel.page.keyboard.press("End");
  await until("the last row", async () => (await focused(table)) === "test 9999");
  assert.equal(await table.row("test 9999").getAttribute("aria-rowindex"), "10001");
  await reel.page.keyboard.press("Home");
  await until("the first row", async () => (await focused(table)) === "test 0");

  const place = () => table.row("test 4999").evaluate((row) => Math.round(row.getBoundingClientRect().top));
  await table.region.locator(".result-box").evaluate((box) => (box.scrollTop = 5095 * 33));
  await table.row("test 4999").waitFor();
  const before = await place();
  await run.result(made("test late", { score: 0 }), at(30));
  await until("one more row", async () => (await table.grid.getAttribute("aria-rowcount")) === "10003");
  await reel.drawn();
  assert.equal(await place(), before);
});

pageTest(
  "on a phone what matters of a test fits, and the rest is said below its name",
  async (scene) => {
    const { reel, runsDir } = await setStage(scene);
    const { at, run } = beginRun(runsDir, 20);
    await run.start();
    await run.result(
      made("a test of a name that is far too long for a page this wide", { target: "large" }),
      at(1),
    );
    await run.result(made("divides", { score: 0.2 }), at(2));
    await run.result(made("gone", { error: "The agent went away." }), at(3));
    await reel.open(`/runs/${run.runId}`);
    const table = new Table(reel);
    await table.tells("50 % pass rate so far", "1 passed", "1 failed, 1 error", "17 to go");
    assert.deepEqual(await table.grid.getByRole("columnheader").allTextContents(), [
      "State",
      "Test",
      "Score",
      "Time",
    ]);
    await table.row("divides").getByText("mock").waitFor();
    await table.row("gone").getByText("The agent went away.").waitFor();
    const width = () => reel.page.evaluate(() => document.documentElement.scrollWidth);
    assert.equal(await width(), 390);
    await checkPage(reel.page, "phone");

    // The tests have the room until one is chosen, and have it back.
    const panel = reel.page.getByRole("tabpanel");
    const tall = (await table.region.boundingBox())?.height ?? 0;
    assert.ok(tall >= 350, `the table has ${tall} px`);
    assert.equal(await panel.isVisible(), false);
    await table.row("gone").click();
    await panel.getByText("The agent went away.").first().waitFor();
    await checkPage(reel.page, "phone, a test");
    await reel.button("Back to the tests").click();
    await panel.waitFor({ state: "hidden" });

    // The cards are scrolled away with the rest, the names of the columns stay.
    await table.row("gone").click();
    for (let number = 0; number < 12; number += 1) await run.result(made(`more ${number}`), at(4 + number));
    await table.tells("92.9 % pass rate so far", "13 passed", "1 failed, 1 error", "5 to go");
    await table.region.locator(".result-box").evaluate((box) => (box.scrollTop = box.scrollHeight));
    await table.row("more 11").waitFor();
    const box = await table.region.boundingBox();
    const head = await table.head("Score").boundingBox();
    assert.ok(box !== null && head !== null && Math.abs(head.y - box.y) < 3);
  },
  PHONE,
);

import assert from "node:assert/strict";
import { appendFile, mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { pageTest } from "../helpers/browser.ts";
import { checkPage } from "./check-page.ts";
import type { ReelPage } from "./reel-page.ts";
import { setStage } from "./stage.ts";
import { until } from "./until.ts";

const RUN = "2026-03-01T10-00-00-000Z";
const MARKUP = '<img src="x" onerror="document.title=1">';

/** An evaluation as its program writes it while it goes on: a stub, then a row as each test ends. */
class WrittenEvaluation {
  readonly #dir: string;

  constructor(runsDir: string) {
    this.#dir = join(runsDir, RUN);
  }

  async begin(planned: number): Promise<void> {
    await mkdir(this.#dir, { recursive: true });
    await writeFile(join(this.#dir, "index.jsonl"), "");
    const timestamp = "2026-03-01T10:00:00.000Z";
    const metadata = { eval_file: "sums.eval.yaml", timestamp, planned_test_count: planned, tests_run: [] };
    await writeFile(join(this.#dir, "benchmark.json"), JSON.stringify({ metadata }));
  }

  /** `second` is when it ended, after the run's start. */
  async row(second: number, id: string, fields: Record<string, unknown>): Promise<void> {
    const row = {
      timestamp: `2026-03-01T10:00:${String(second).padStart(2, "0")}.000Z`,
      test_id: id,
      suite: "sums",
      category: "hard ones",
      target: "mock",
      execution_status: "ok",
      ...fields,
    };
    await appendFile(join(this.#dir, "index.jsonl"), `${JSON.stringify(row)}\n`);
  }

  passes(second: number, id: string): Promise<void> {
    return this.row(second, id, {
      score: 1,
      duration_ms: 1000,
      scores: [grader("latency", "answers within 5 s", "pass", [])],
      trace: { messages: said(`What is asked in ${id}?`, `The answer of ${id}.`) },
    });
  }

  fails(second: number, id: string): Promise<void> {
    const missed = {
      text: `Says that it is undefined ${MARKUP}`,
      passed: false,
      evidence: JSON.stringify({ expected: "undefined", answer: "The result is 0." }),
    };
    const kept = { text: "Is one sentence", passed: true };
    return this.row(second, id, {
      score: 0.2,
      duration_ms: 1400,
      token_usage: { input: 800, output: 12 },
      cost_usd: 0.004,
      execution_status: "quality_failure",
      scores: [
        grader("contains", `mentions it ${MARKUP}`, "fail", [missed, kept]),
        grader("latency", "answers within 5 s", "pass", []),
      ],
      trace: { messages: said("What is 7 / 0?", `The result is 0. ${MARKUP}`) },
    });
  }

  errs(second: number, id: string): Promise<void> {
    return this.row(second, id, {
      score: 0,
      execution_status: "execution_error",
      error: "The agent went away.",
      failure_stage: "agent",
      failure_reason_code: "provider_error",
    });
  }
}

function grader(type: string, name: string, verdict: string, assertions: readonly object[]) {
  return { name, type, verdict, score: verdict === "pass" ? 1 : 0, weight: 1, assertions };
}

function said(question: string, answer: string) {
  return [
    { role: "user", content: question },
    { role: "assistant", content: answer },
  ];
}

function panel({ page }: ReelPage) {
  return page.getByRole("tabpanel");
}

function heading(reel: ReelPage, name: string) {
  return panel(reel).getByRole("heading", { name, exact: true });
}

/** Looks for words and goes to the first place where they stand. */
async function goTo(reel: ReelPage, words: string): Promise<void> {
  await reel.page.keyboard.press("Control+k");
  const dialog = reel.page.getByRole("dialog", { name: "Find", exact: true });
  await dialog.getByRole("combobox").fill(words);
  await dialog.getByRole("option").filter({ hasText: words }).first().click();
  await dialog.waitFor({ state: "detached" });
}

pageTest("a failed test opens on what its graders found, while the others still run", async (scene) => {
  const { reel, runsDir } = await setStage(scene);
  const written = new WrittenEvaluation(runsDir);
  await written.begin(4);
  await reel.open(`/runs/${RUN}`);
  await panel(reel).getByText("No test is known of yet.").waitFor();
  assert.equal(await reel.tab("Grading").getAttribute("aria-selected"), "true");

  await written.passes(1, "t01");
  await heading(reel, "t01").waitFor();
  await written.fails(2, "t02");
  await heading(reel, "t02").waitFor();
  await panel(reel).getByText("0.20 of 0.80").waitFor();
  const about = (await panel(reel).getByRole("list", { name: "About this test" }).textContent()) ?? "";
  for (const fact of ["Failed", "sums", "mock", "hard ones", "1.4 s", "812 tokens", "$0.0040"])
    assert.ok(about.includes(fact), `${fact} in ${about}`);

  const card = panel(reel).getByRole("region", { name: /^Grader mentions it/ });
  await card.getByText("failed").first().waitFor();
  assert.deepEqual(await card.getByRole("term").allTextContents(), ["expected", "answer"]);
  assert.deepEqual(await card.getByRole("definition").allTextContents(), ["undefined", "The result is 0."]);
  assert.equal(await card.getByRole("listitem").count(), 2);
  // What an agent or a file wrote is text.
  assert.equal(await panel(reel).locator("img").count(), 0);
  assert.match((await card.textContent()) ?? "", /onerror/);
  await panel(reel).getByRole("region", { name: "Conversation" }).getByText("What is 7 / 0?").waitFor();

  // What passes later takes nothing from who reads why another failed.
  await written.passes(3, "t03");
  await until("the third result", async () => (await reel.edge()) >= 3000);
  await heading(reel, "t02").waitFor();
  await checkPage(reel.page, "grading");
});

pageTest(
  "a test's conversation stands alone, and words lead to the test they were said in",
  async (scene) => {
    const { reel, runsDir } = await setStage(scene);
    const written = new WrittenEvaluation(runsDir);
    await written.begin(4);
    await written.passes(1, "t01");
    await written.fails(2, "t02");
    await written.passes(3, "t03");
    await reel.open(`/runs/${RUN}`);
    await heading(reel, "t02").waitFor();
    await reel.tab("Conversation").click();
    await reel.says("What is 7 / 0?");
    assert.doesNotMatch(await reel.conversation(), /t01|t03/);

    await goTo(reel, "The answer of t03");
    await reel.says("The answer of t03.");
    assert.doesNotMatch(await reel.conversation(), /7 \/ 0|t01/);
    assert.equal(await reel.tab("Conversation").getAttribute("aria-selected"), "true");
    // It was known already: one stays where one is, at the live edge.
    await reel.live.waitFor();

    // What a grader said leads to its test's grading.
    await goTo(reel, "Says that it is undefined");
    await heading(reel, "t02").waitFor();
    assert.equal(await reel.tab("Grading").getAttribute("aria-selected"), "true");
    await goTo(reel, "The answer of t03");
    await reel.says("The answer of t03.");

    // Words that stand in one test are not looked for in another that is chosen after it.
    await reel.page.getByRole("row").filter({ hasText: "t01" }).click();
    await reel.says("What is asked in t01?");
    await reel.says("The answer of t01.");
    await reel.page.getByRole("row").filter({ hasText: "t03" }).click();
    await reel.says("The answer of t03.");

    // The others go on, and who reads is left where they are.
    await written.fails(4, "t04");
    await until("the fourth result", async () => (await reel.edge()) >= 4000);
    assert.match(await reel.conversation(), /The answer of t03\./);
    await reel.tab("Grading").click();
    await heading(reel, "t03").waitFor();
    await reel.button("Follow the run").click();
    await heading(reel, "t04").waitFor();
  },
);

pageTest("a test is shown as it was known at the moment that is looked at", async (scene) => {
  const { reel, runsDir } = await setStage(scene);
  const written = new WrittenEvaluation(runsDir);
  await written.begin(3);
  await written.fails(4, "t01");
  await written.passes(6, "t02");
  await reel.open(`/runs/${RUN}?t=5000`);
  await heading(reel, "t01").waitFor();
  await reel.button("Jump to start").click();
  await panel(reel).getByText("No test is known of yet.").waitFor();
  assert.doesNotMatch((await panel(reel).textContent()) ?? "", /t01|result/);
  await reel.tab("Conversation").click();
  await reel.says("No test is known of yet.");
  await reel.tab("Details").click();
  await panel(reel).getByText("No test is known of yet.").waitFor();
  await reel.jump.click();
  await panel(reel).getByRole("region", { name: "Test", exact: true }).getByText("hard ones").waitFor();
});

pageTest("an error is told with its stage and its reason, first of all", async (scene) => {
  const { reel, runsDir } = await setStage(scene);
  const written = new WrittenEvaluation(runsDir);
  await written.begin(2);
  await written.passes(1, "t01");
  await written.errs(2, "t02");
  await reel.open(`/runs/${RUN}`);
  await heading(reel, "t02").waitFor();
  for (const tab of ["Grading", "Details"]) {
    await reel.tab(tab).click();
    const error = panel(reel).getByRole("region", { name: "This test could not be done" });
    await error.getByText("The agent went away.").waitFor();
    assert.deepEqual(await error.getByRole("definition").allTextContents(), ["agent", "provider_error"]);
  }
  await panel(reel)
    .getByText("execution_error")
    .or(panel(reel).getByText('"error"').first())
    .first()
    .waitFor();
  await reel.tab("Conversation").click();
  await reel.says("What was said in this test was not written down.");
  await reel.tab("Events").click();
  await panel(reel).getByText("agent · provider_error · The agent went away.").waitFor();
  await reel.tab("Files").click();
  await panel(reel).getByText("No file of this test is named yet.").waitFor();
});

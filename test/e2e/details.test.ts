import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import type { Page } from "playwright-core";
import { playDemo } from "../../scripts/demo/demo-run.ts";
import type { AcpxRun } from "../helpers/acpx-run.ts";
import { pageTest, type Scene } from "../helpers/browser.ts";
import { readBundle } from "../scripts/read-bundle.ts";
import { checkPage } from "./check-page.ts";
import { readRecording } from "./recording.ts";
import type { ReelPage } from "./reel-page.ts";
import { setStage } from "./stage.ts";
import { stepClock } from "./step-clock.ts";
import { until } from "./until.ts";

const ENDED = "2026-01-02T03:04:09.000Z";
const ERROR = `The reply had no answer.\n${Array.from({ length: 40 }, (_, line) => `  at line ${line}`).join("\n")}`;

function panel({ page }: ReelPage) {
  return page.getByRole("tabpanel");
}

function part(reel: ReelPage, name: string) {
  return panel(reel).getByRole("region", { name, exact: true });
}

async function isChosen(reel: ReelPage, tab: string): Promise<boolean> {
  return (await reel.tab(tab).getAttribute("aria-selected")) === "true";
}

/** A run in which "reply" fails, "late" begins after it, and the run's end cuts that off. */
async function failedRun(run: AcpxRun): Promise<AcpxRun> {
  await run.begin();
  const late = { nodeId: "late", attemptId: "late#1" };
  await run.appendTrace("node_started", late, { nodeType: "acp" });
  const reply = { nodeId: "reply", attemptId: "reply#1" };
  await run.appendTrace("node_outcome", reply, { outcome: "failed", error: ERROR });
  await fail(run);
  return run;
}

async function fail(run: AcpxRun): Promise<void> {
  const fields = { status: "failed", error: ERROR, finishedAt: ENDED };
  await run.appendTrace("run_failed", {}, { status: "failed", error: ERROR });
  await run.writeRun(fields);
  await run.writeLive(fields);
  await run.writeManifest({ ...fields, runTitle: `Title ${run.runId}` });
}

pageTest(
  "a run that has failed opens on its failure, unless somebody wants to see something else",
  async (scene) => {
    const { reel, run } = await setStage(scene);
    await failedRun(run("run-failed"));
    const other = await failedRun(run("run-other", "2026-01-02T03:04:06.000Z"));
    await reel.open("/runs/run-failed");
    const error = part(reel, "Error");
    await error.getByText("The reply had no answer.").waitFor();
    assert.ok(await isChosen(reel, "Details"));
    // First of all there is, and of the attempt that made it fail, though another began later.
    assert.equal(await panel(reel).getByRole("region").first().getAttribute("aria-label"), "Error");
    await panel(reel).getByRole("heading", { name: "Reply", level: 2 }).waitFor();
    assert.equal(await error.getByText("at line 39").count(), 0);
    await error.getByRole("button", { name: "Show all" }).click();
    await error.getByText("at line 39").waitFor();
    assert.match(reel.page.url(), /\/runs\/run-failed$/);
    await reel.button("Follow the playhead").click();
    await part(reel, "The run ended during this step").waitFor();
    await reel.button("Jump to start").click();
    await reel.page.waitForURL(/\?t=0&tab=details$/);
    // Nobody chose that tab: the address names it for the moment's sake only.
    await reel.jump.click();
    await reel.page.waitForURL(/\/runs\/run-failed$/);
    assert.ok(await isChosen(reel, "Details"));

    await reel.open("/runs/run-failed?tab=events");
    await reel.title.filter({ hasText: "Title run-failed" }).waitFor();
    await reel.page.getByRole("tabpanel", { name: "Events" }).getByRole("listitem").first().waitFor();
    await reel.tab("Details").click();
    // Who names a tab has no step chosen for them: it is the newest that is shown.
    await panel(reel).getByRole("heading", { name: "Late", level: 2 }).waitFor();

    await reel.tab("Conversation").click();
    await reel.page.reload();
    await reel.title.filter({ hasText: "Title run-failed" }).waitFor();
    assert.ok(await isChosen(reel, "Conversation"), "the tab that was chosen is in the address");
    await reel.link("Title run-other").click();
    await reel.title.filter({ hasText: `Title ${other.runId}` }).waitFor();
    assert.ok(await isChosen(reel, "Conversation"), "and stays chosen from run to run");

    await reel.open("/runs/run-failed?t=10");
    await reel.pinned();
    assert.ok(await isChosen(reel, "Conversation"), "who names a moment wants to see that");
  },
);

pageTest("a run that fails while somebody watches takes nothing from them", async (scene) => {
  const { reel, run } = await setStage(scene);
  const live = await run("run-live").begin();
  await live.appendChunk("Words of the agent.");
  await reel.open("/runs/run-live");
  await reel.says("Words of the agent.");
  await fail(live);
  await reel.page.getByText("This run failed.").waitFor();
  await reel.drawn();
  assert.ok(await isChosen(reel, "Conversation"));
});

/** The addresses of the run's files that the page has asked for. */
function filesAskedFor(page: Page): string[] {
  const asked: string[] = [];
  page.on("request", (request) => {
    const { pathname } = new URL(request.url());
    if (pathname.includes("/files/")) asked.push(pathname);
  });
  return asked;
}

async function demo(scene: Scene) {
  const stage = await setStage(scene);
  const { dir, runId } = await playDemo({ runsDir: stage.runsDir, clock: stepClock(), seed: "details" });
  const bundle = await readBundle(dir);
  return { ...stage, bundle, recording: readRecording(bundle), runId };
}

pageTest(
  "an action's receipt is its command while it runs, and what it wrote once it has ended",
  async (scene) => {
    const { bundle, recording, reel, runId } = await demo(scene);
    const endedAt = recording.firstTime("action_completed", "load_pull_request#1");
    const asked = filesAskedFor(reel.page);
    await reel.open(`/runs/${runId}?t=${endedAt - 1}&tab=details`);
    const action = part(reel, "Action");
    await action.getByText("$ gh pr view 412", { exact: false }).waitFor();
    await action.getByText("Running").first().waitFor();
    assert.equal(await panel(reel).getByText("Exit code").count(), 0);
    assert.equal(await part(reel, "Output").count(), 0);
    assert.equal(asked.length, 0, "nothing is asked for that no line had named");

    await reel.open(`/runs/${runId}?t=${endedAt}&tab=details`);
    await action.getByText("Exit code 0").waitFor();
    await action.getByLabel("stdout").getByText("Retry uploads that time out").waitFor();
    const completed = bundle.trace.find(({ type }) => type === "action_completed");
    assert.ok(
      asked.some((path) => JSON.stringify(completed).includes(path.slice(path.indexOf("artifacts/")))),
    );

    // From one moment of it to another, and it stays that attempt.
    await part(reel, "Times").getByRole("button", { name: "action started" }).click();
    await action.getByText("Running").first().waitFor();
    await panel(reel).getByRole("heading", { name: "Load pull request" }).waitFor();
  },
);

pageTest(
  "an attempt shows its prompt, its reply and its output, and the way to the next attempt",
  async (scene) => {
    const { recording, reel, runId } = await demo(scene);
    const again = recording.firstTime("acp_prompt_prepared", "draft_the_review#2");
    await reel.open(`/runs/${runId}?t=${again}&tab=details`);
    await part(reel, "Prompt").getByText("Go on without the snapshot.").waitFor();
    assert.equal(await part(reel, "Reply").count(), 0);
    await part(reel, "Session").getByText("npx @zed-industries/codex-acp").waitFor();

    await reel.button("← Earlier attempt").click();
    await part(reel, "Error").getByText("No JSON object was found").waitFor();
    await part(reel, "Reply").getByText("Shall I use the existing one?").waitFor();
    assert.equal(await reel.position(), again, "the moment stays");
    await reel.button("Later attempt →").focus();
    await reel.page.keyboard.press("Enter");
    await part(reel, "Prompt").getByText("Go on without the snapshot.").waitFor();
    await reel.jump.click();
    await panel(reel).getByRole("heading", { name: "Summarise" }).waitFor();
    await part(reel, "Output").getByText("request_changes").waitFor();
    await panel(reel).getByText("Run", { exact: true }).click();
    await panel(reel).getByText(runId, { exact: true }).waitFor();
    await panel(reel).getByText("/workspace/parcel-sync/flows/review-pull-request.flow.ts").waitFor();
  },
);

pageTest("at a moment neither details nor files tell anything that came later", async (scene) => {
  const { recording, reel, runId } = await demo(scene);
  for (const share of [0.05, 0.3, 0.55, 0.8]) {
    const moment = recording.momentAt(share);
    const known = recording.asOf(moment);
    let seen = "";
    for (const tab of ["details", "files"]) {
      await reel.open(`/runs/${runId}?t=${moment}&tab=${tab}`);
      await reel.pinned();
      await panel(reel).locator("[aria-busy=false]").waitFor();
      await panel(reel).locator("h2, .file-row, .nothing").first().waitFor();
      seen += await panel(reel).innerHTML();
    }
    for (const later of known.later) assert.ok(!seen.includes(later), `${moment}: "${later}" came later`);
  }
});

const PIXEL = Buffer.from(
  "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==",
  "base64",
);

/** A run with a file of each kind; the last of them is only named. */
async function runWithFiles(run: AcpxRun): Promise<void> {
  await run.begin();
  const files: readonly (readonly [name: string, mediaType: string, content: string | Buffer | null])[] = [
    ["verdict.json", "application/json", JSON.stringify({ verdict: "needs work" })],
    ["notes.md", "text/markdown", "Some **notes**."],
    ["colours.txt", "text/plain", "\u001b[31mred words\u001b[0m"],
    ["page.html", "text/html", "<h1>a page</h1><script>document.title='taken'</script>"],
    ["shot.png", "image/png", PIXEL],
    ["long.txt", "text/plain", `first words\n${"and so on\n".repeat(60_000)}the end`],
    ["late.txt", "text/plain", null],
  ];
  for (const [name, mediaType, content] of files) {
    const path = `artifacts/${name}`;
    if (content !== null) await run.append(path, content);
    const artifact = { path, mediaType, bytes: content?.length ?? 5 };
    await run.appendTrace(
      "artifact_written",
      { nodeId: "reply", attemptId: "reply#1", artifact },
      { artifact },
    );
  }
}

pageTest("a file is shown by its kind, or kept; one that does not come is asked for again", async (scene) => {
  const { reel, run } = await setStage(scene);
  const { page } = reel;
  scene.expected.push(/Failed to load resource: .* 404 /);
  const made = run("run-files");
  await runWithFiles(made);
  await reel.open("/runs/run-files?tab=files");
  const rows = panel(reel).getByRole("region", { name: "Files of the steps" }).getByRole("button");
  await rows.nth(6).waitFor();
  const open = async (name: string) => {
    await rows.filter({ hasText: name }).click();
    await panel(reel).getByRole("heading", { name: "File · Reply" }).waitFor();
  };
  const back = reel.button("← All files");

  await open("verdict.json");
  await panel(reel).getByText("needs work").waitFor();
  await page.keyboard.press("Escape");
  await until("the row to have the focus again", () =>
    rows.filter({ hasText: "verdict.json" }).evaluate((row) => row === document.activeElement),
  );
  await open("page.html");
  await panel(reel).getByText("<h1>a page</h1>").waitFor();
  await back.click();
  await open("colours.txt");
  await panel(reel).getByText("red words").waitFor();
  await back.click();
  await open("shot.png");
  const picture = panel(reel).getByRole("img", { name: "File · Reply" });
  await until("the picture", () =>
    picture.evaluate((image) => image instanceof HTMLImageElement && image.naturalWidth === 1),
  );
  await back.click();

  await open("long.txt");
  await panel(reel).getByText("first words").waitFor();
  await panel(reel).getByRole("link", { name: "Open the whole file" }).waitFor();
  const [download] = await Promise.all([
    page.waitForEvent("download"),
    panel(reel).getByRole("link", { name: "Download" }).click(),
  ]);
  assert.equal(download.suggestedFilename(), "long.txt");
  assert.ok((await readFile(await download.path(), "utf8")).endsWith("the end"));
  await back.click();

  await open("late.txt");
  await panel(reel).getByText("The run has no such file any more.").waitFor();
  await made.append("artifacts/late.txt", "late");
  await reel.button("Retry").click();
  await panel(reel).getByLabel("File · Reply").getByText("late", { exact: true }).waitFor();
  assert.equal(await page.title().then((title) => title.includes("taken")), false);
});

pageTest(
  "files are those that had been named by the moment; the bundle's own are there as they stand",
  async (scene) => {
    const { reel, run } = await setStage(scene);
    const made = run("run-files");
    await runWithFiles(made);
    await reel.open("/runs/run-files?tab=files");
    const rows = panel(reel).locator(".file-row");
    await rows.nth(6).waitFor();
    await panel(reel).getByText("as they stand now").click();
    await rows.filter({ hasText: "manifest.json" }).click();
    await panel(reel).getByText("small-talk").first().waitFor();
    await made.writeManifest({ runTitle: "Called otherwise" });
    await reel.button("Read again").click();
    await panel(reel).getByText("Called otherwise").first().waitFor();
    await reel.button("← All files").click();

    await rows.filter({ hasText: "long.txt" }).click();
    await panel(reel).getByText("first words").waitFor();
    // The file was named in the 8th line of the trace; two lines earlier it was not.
    await reel.slider.focus();
    const at = await rows.count();
    assert.equal(at, 0, "the list is not there while a file is open");
    await reel.button("Jump to start").click();
    await reel.pinned();
    await panel(reel).getByText("No file has been written yet.").waitFor();
    assert.equal(await panel(reel).getByText("first words").count(), 0);
    await panel(reel).getByText("only there as they stand now").waitFor();
  },
);

pageTest(
  "of many files those in view are drawn, and who comes back from one is where they left",
  async (scene) => {
    const { reel, run } = await setStage(scene);
    const made = run("run-many");
    await made.begin();
    const name = async (file: string, attempt: number) => {
      const artifact = { path: `artifacts/${file}.txt`, mediaType: "text/plain", bytes: 5 };
      const attemptId = `reply#${attempt}`;
      await made.appendTrace("artifact_written", { nodeId: "reply", attemptId }, { artifact });
    };
    await made.append("artifacts/shared.txt", "the same words");
    await made.append("artifacts/f200.txt", "other words");
    await name("shared", 1);
    for (let file = 0; file < 400; file += 1) await name(`f${file}`, 1);
    await name("shared", 2);
    await reel.open("/runs/run-many?tab=files");
    const rows = panel(reel).locator(".file-row");
    await rows.filter({ hasText: "shared.txt" }).waitFor();
    assert.ok((await rows.count()) < 60, "only rows in view are drawn");

    await panel(reel).getByRole("region", { name: "Files of the steps" }).focus();
    await reel.page.keyboard.press("Home");
    const wanted = rows.filter({ hasText: "f200.txt" });
    for (let page = 0; page < 100 && (await wanted.count()) === 0; page += 1)
      await reel.page.keyboard.press("PageDown");
    await wanted.click();
    await panel(reel).getByText("other words").waitFor();
    await reel.page.keyboard.press("Escape");
    await until("the row to have the focus again", async () =>
      wanted.evaluate((row) => row === document.activeElement),
    );

    await reel.page.keyboard.press("End");
    await rows.filter({ hasText: "shared.txt" }).click();
    await panel(reel).getByRole("heading", { name: "File · Reply 2" }).waitFor();
    await reel.slider.focus();
    // The newest event is the one that named it again; the one before is another file.
    await reel.page.keyboard.press("ArrowLeft");
    await reel.pinned();
    await reel.page.keyboard.press("ArrowLeft");
    await panel(reel).getByRole("heading", { name: "File · Reply", exact: true }).waitFor();
    await panel(reel).getByText("the same words").waitFor();
  },
);

for (const [width, options] of [
  ["wide", {}] as const,
  ["390 px", { viewport: { width: 390, height: 844 } }] as const,
]) {
  pageTest(
    `details and files hinder nobody (${width})`,
    async (scene) => {
      const { reel, run } = await setStage(scene);
      await failedRun(run("run-failed"));
      await runWithFiles(run("run-files"));
      await reel.open("/runs/run-failed");
      await part(reel, "Error").waitFor();
      await panel(reel).getByText("Run", { exact: true }).click();
      await checkPage(reel.page, "a failure");
      await checkWidth(reel.page);

      await reel.open("/runs/run-files?tab=files");
      await panel(reel).getByText("as they stand now").click();
      await checkPage(reel.page, "files");
      await checkWidth(reel.page);
      await panel(reel).locator(".file-row").filter({ hasText: "verdict.json" }).click();
      await panel(reel).getByText("needs work").waitFor();
      await checkPage(reel.page, "a file");
      await checkWidth(reel.page);
    },
    options,
  );
}

async function checkWidth(page: Page): Promise<void> {
  const { inner, outer } = await page.evaluate(() => ({
    inner: document.documentElement.scrollWidth,
    outer: window.innerWidth,
  }));
  assert.ok(inner <= outer, `${inner} px of ${outer}`);
}

import assert from "node:assert/strict";
import { mkdir } from "node:fs/promises";
import { join } from "node:path";
import type { ReelPage } from "./reel-page.ts";
import { AcpxRun } from "../helpers/acpx-run.ts";
import { pageTest } from "../helpers/browser.ts";
import { tempDir } from "../helpers/temp-dir.ts";
import { checkPage } from "./check-page.ts";
import { startChildViewer } from "./child-viewer.ts";
import { ReelPage as Reel } from "./reel-page.ts";
import { setStage } from "./stage.ts";
import { until } from "./until.ts";

const manySessions = ["./test/helpers/many-sessions-listed.ts"];

const groupingOf = (reel: ReelPage) => reel.page.getByRole("group", { name: "Group runs by" });
const kindsOf = (reel: ReelPage) => reel.page.getByRole("group", { name: "Kinds of runs" });
const headsOf = (reel: ReelPage) => reel.runs.getByRole("heading", { level: 2 });

pageTest("5,000 sessions are grouped by project and by kind, and the choice is remembered", async (scene) => {
  const { reel } = await setStage(scene, { imports: manySessions });
  await reel.open();
  await reel.page.getByRole("status", { name: "Runs listed" }).getByText("of 5,000 runs").waitFor();
  await reel.link("Session 0").first().getByText("waiting for you").waitFor();
  await reel.link("Session 2").filter({ hasText: "$0.25 · project-2" }).first().waitFor();
  await reel.link("Session 1").filter({ hasText: "Codex · unpriced" }).first().waitFor();

  await groupingOf(reel).getByRole("button", { name: "Project" }).click();
  // Of this project one session goes on: it stands before all groups, and not in its own.
  const first = reel.runs.getByRole("button", { name: /^project-0 / });
  await first.filter({ hasText: "124" }).waitFor();
  assert.match((await headsOf(reel).first().textContent()) ?? "", /^Live 1$/);
  await reel.link("Session 40").filter({ hasText: "Claude Code · $0.25" }).first().waitFor();
  assert.equal(await reel.link("Session 0").filter({ hasText: "waiting" }).count(), 1);
  await first.click();
  await until("folded", async () => (await reel.link("Session 40").count()) === 0);

  const flows = reel.runs.getByRole("button", { name: /^No project / });
  await flows.focus();
  await reel.page.keyboard.press("Enter");
  await reel.link("Review pr").nth(49).waitFor();
  await reel.page.keyboard.press("ArrowDown");
  assert.equal(await reel.page.evaluate(() => document.activeElement?.className), "run-row");
  await reel.button("Show more").click();
  await reel.link("Review pr").nth(99).waitFor();
  await checkPage(reel.page, "grouped");

  await reel.page.reload();
  await reel.runs.getByRole("button", { name: /^project-1 / }).waitFor();
  await groupingOf(reel).getByRole("button", { name: "Kind" }).click();
  await reel.runs
    .getByRole("button", { name: /^Codex / })
    .filter({ hasText: "1,250" })
    .waitFor();
});

pageTest("what was chosen and what was typed find runs together, in every grouping", async (scene) => {
  const { reel } = await setStage(scene, { imports: manySessions });
  await reel.open();
  const count = reel.page.getByRole("status", { name: "Runs listed" });
  await kindsOf(reel).getByRole("button", { name: "Codex" }).click();
  await count.getByText("1,250 runs found").waitFor();
  await kindsOf(reel).getByRole("button", { name: "flow" }).click();
  await count.getByText("2,500 runs found").waitFor();
  const filter = reel.page.getByRole("searchbox", { name: "Filter runs" });
  await filter.fill("project-17");
  await count.getByText("125 runs found").waitFor();
  await groupingOf(reel).getByRole("button", { name: "Kind" }).click();
  await reel.runs
    .getByRole("button", { name: /^Codex / })
    .filter({ hasText: "125" })
    .waitFor();
  await until("one group", async () => (await headsOf(reel).count()) === 1);

  await filter.fill("");
  await reel.button("Active").click();
  await reel.runs.getByText("No run matches.").waitFor();
  await kindsOf(reel).getByRole("button", { name: "Codex" }).click();
  await kindsOf(reel).getByRole("button", { name: "flow" }).click();
  await reel.link("Session 0").waitFor();
  assert.equal(await reel.runs.getByRole("link").count(), 1);
  await groupingOf(reel).getByRole("button", { name: "Time" }).click();
  await count.getByText("1 run found").waitFor();
});

pageTest(
  "a root that is missing is told in a banner until it appears, and its runs with it",
  async (scene) => {
    const { page, t } = scene;
    const base = await tempDir(t);
    const missing = join(base, "sessions-of-codex");
    const viewer = await startChildViewer(t, "", { env: { CODEX_HOME: missing, INIT_CWD: base } });
    const reel = new Reel(page, viewer.url);
    await reel.open();
    const banner = page.getByRole("status", { name: "Watched folders" });
    await banner.getByText(`${missing} is not there; what appears in it will be shown.`).waitFor();
    await checkPage(page, "missing");
    await mkdir(missing);
    await until("no trouble", async () => (await banner.textContent()) === "");
  },
);

pageTest("with --no-watch the page says so, and shows what there was", async (scene) => {
  const { reel, runsDir } = await setStage(scene, {
    args: ["--no-watch"],
    before: async (dir) => {
      await (await new AcpxRun(dir, "run-a").begin()).writeManifest({ runTitle: "There before" });
    },
  });
  await reel.open();
  await reel.page
    .getByRole("status", { name: "Watched folders" })
    .getByText(/^Watching is off/)
    .waitFor();
  await reel.link("There before").waitFor();
  await (await new AcpxRun(runsDir, "run-b").begin()).writeManifest({ runTitle: "Came later" });
  await reel.link("There before").click();
  await reel.title.filter({ hasText: "There before" }).waitFor();
  assert.equal(await reel.link("Came later").count(), 0);
});

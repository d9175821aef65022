import assert from "node:assert/strict";
import type { AcpxRun } from "../helpers/acpx-run.ts";
import { pageTest } from "../helpers/browser.ts";
import type { ReelPage } from "./reel-page.ts";
import { setStage } from "./stage.ts";

const START = Date.parse("2026-01-02T03:04:05.000Z");
const IDS = ["plan", "build", "check", "ship"] as const;
const stampAt = (ms: number) => new Date(START + ms).toISOString();

/** Four steps of a second; each begins in the very millisecond in which the one before it ends. The third fails. */
async function writeRelay(run: AcpxRun): Promise<void> {
  const nodes = Object.fromEntries([...IDS, "retreat"].map((id) => [id, { nodeType: "compute" }]));
  const ways = IDS.slice(1).map((to, index) => ({ from: IDS[index], to }));
  const edges = [...ways, { from: "plan", to: "retreat" }];
  await run.writeJson("flow.json", { name: "relay", startAt: "plan", nodes, edges });
  await run.writeManifest({ status: "completed", finishedAt: stampAt(4000) });
  await run.writeRun({ status: "completed", finishedAt: stampAt(4000), outputs: {}, steps: [] });
  await run.writeSteps([]);
  await run.appendTrace("run_started", { at: stampAt(0) });
  for (const [place, nodeId] of IDS.entries()) {
    const of = { nodeId, attemptId: `${nodeId}#1` };
    await run.appendTrace("node_started", { ...of, at: stampAt(place * 1000) }, { nodeType: "compute" });
    const outcome = nodeId === "check" ? { outcome: "failed", error: "not sound" } : { outcome: "ok" };
    await run.appendTrace("node_outcome", { ...of, at: stampAt(place * 1000 + 1000) }, outcome);
  }
  await run.writeLive({ status: "completed", finishedAt: stampAt(4000) });
  await run.appendTrace("run_completed", { at: stampAt(4000) });
}

const chosenRow = (reel: ReelPage) => reel.steps.locator("[aria-current=step]");

pageTest("one goes through all steps of a run by pressing what comes next, or a row", async (scene) => {
  const { reel, run } = await setStage(scene);
  await writeRelay(run("run-relay"));
  await reel.open("/runs/run-relay?tab=details", "steps");
  await reel.stepsShown(4);
  await reel.button("Jump to start").click();
  const onwards = reel.steps.getByRole("button", { name: /^Next step/ });
  await reel.steps.getByRole("button", { name: "Next step · 3 later" }).waitFor();
  const details = reel.page.getByRole("tabpanel");
  const expected = [
    ["Plan", "done", "Next step · 2 later"],
    ["Build", "done", "Next step · 1 later"],
    ["Check", "failed", null],
  ] as const;
  // At the start the first step runs already: its row leads to its end.
  await reel.steps.getByRole("button", { name: /Plan/ }).click();
  for (const [name, word, next] of expected) {
    await chosenRow(reel).filter({ hasText: name }).filter({ hasText: word }).waitFor();
    await details.getByRole("heading", { name }).waitFor();
    assert.equal(await onwards.count(), next === null ? 0 : 1);
    if (next === null) break;
    assert.equal(await onwards.textContent(), next);
    await onwards.click();
  }
  await details.getByText("not sound").first().waitFor();
  await reel.steps.getByRole("button", { name: /Ship/ }).click();
  await chosenRow(reel).filter({ hasText: "Ship" }).filter({ hasText: "done" }).waitFor();
  await reel.page.getByText("At the end").waitFor();
});

pageTest("a node that is reached later is a way there, and one that never is says so", async (scene) => {
  const { reel, run } = await setStage(scene);
  await writeRelay(run("run-relay"));
  await reel.open("/runs/run-relay", "graph");
  const nodes = reel.page.getByRole("group", { name: "Nodes of the flow" });
  const node = (name: RegExp) => nodes.getByRole("button", { name });
  await node(/^Check, compute, failed, 1 attempt/).waitFor();
  await reel.button("Jump to start").click();
  await node(/^Check, compute, not reached yet$/).click();
  await node(/^Check, compute, failed, 1 attempt$/).waitFor();
  assert.equal(await node(/^Check/).getAttribute("aria-current"), "step");
  assert.equal(await reel.position(), 3000);

  const news = reel.page.getByRole("status", { name: "Graph" });
  assert.equal(await news.textContent(), "");
  await node(/^Retreat/).focus();
  await reel.page.keyboard.press("Enter");
  await news.filter({ hasText: "Not reached in this run." }).waitFor();
  assert.equal(await reel.position(), 3000, "nothing moves");
});

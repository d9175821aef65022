import assert from "node:assert/strict";
import { pageTest } from "../helpers/browser.ts";
import { setStage } from "./stage.ts";

const LONG = "a very long name that somebody gave without a thought for those who read it ".repeat(3).trim();

pageTest("long names leave room for each other in the run's header", async (scene) => {
  const { reel, run } = await setStage(scene);
  const started = await run("run-long").begin();
  const names = { flowName: `flow ${LONG}`, runTitle: `title ${LONG}` };
  await started.writeRun({ ...names, status: "running", currentNode: "reply" });
  await started.writeLive({ ...names, status: "running", currentNode: "reply" });
  await started.writeManifest(names);
  await reel.open("/runs/run-long");

  const header = reel.page.locator("header");
  await header.getByText("Running", { exact: true }).waitFor();
  await header.getByText(names.flowName).waitFor({ state: "attached" });
  const title = await reel.title.boundingBox();
  assert.ok(title !== null && title.width >= 120, `the title has ${title?.width ?? 0} px`);
  const clock = await header.locator("dl div").filter({ hasText: "elapsed" }).boundingBox();
  assert.ok(clock !== null && clock.x + clock.width <= 1280, "the clock is not pushed out");
});

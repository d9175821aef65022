import assert from "node:assert/strict";
import { join } from "node:path";
import { writeClaudeDemo } from "../../scripts/demo/claude-demo.ts";
import { ClaudeSession } from "../../scripts/demo/claude-run.ts";
import { pageTest } from "../helpers/browser.ts";
import { checkPage } from "./check-page.ts";
import type { ReelPage } from "./reel-page.ts";
import { setStage } from "./stage.ts";

function fact(reel: ReelPage, label: string) {
  return reel.page.locator("header dl div").filter({ hasText: label }).locator("dd");
}

function turns(reel: ReelPage) {
  return reel.page.getByRole("region", { name: "Turns" }).getByRole("listitem");
}

pageTest("a session that goes on: its turns appear, and its cost moves with each answer", async (scene) => {
  const { reel, runsDir } = await setStage(scene);
  const session = new ClaudeSession(join(runsDir, "projects"));
  await session.prompt("Count the coupons once");
  session.answer({ input: 10, cacheRead: 0, cacheWrite: 0, output: 1000 });
  await session.say("I look for where they are counted.");
  await reel.open(`/runs/${session.id}`);
  await turns(reel).filter({ hasText: "Count the coupons once" }).waitFor();
  await fact(reel, "cost").waitFor();
  const before = await fact(reel, "cost").textContent();
  assert.match(before ?? "", /^\$0\.\d+$/);

  const call = await session.call("Bash", { command: "npm test" });
  await turns(reel).filter({ hasText: "1 tool call" }).waitFor();
  await session.result(call, "1 failed", { isError: true });
  await turns(reel).filter({ hasText: "1 failed" }).waitFor();
  session.answer({ input: 10, cacheRead: 0, cacheWrite: 0, output: 50_000 });
  await session.endTurn("It is counted once now.");
  await reel.page.waitForFunction(
    (old) => document.querySelector("header dl")?.textContent?.includes(`cost${old}`) === false,
    before,
  );
  assert.ok(Number((await fact(reel, "cost").textContent())?.slice(1)) > Number(before?.slice(1)));

  await session.prompt("Now the gift cards");
  await turns(reel).filter({ hasText: "Now the gift cards" }).waitFor();
  assert.equal(await turns(reel).count(), 2);
  await fact(reel, "turns").filter({ hasText: "2" }).waitFor();
});

pageTest(
  "rewound to its first turn, a session is as it was: turns, cost, and no word of later",
  async (scene) => {
    const { reel, runsDir } = await setStage(scene);
    const session = await writeClaudeDemo(join(runsDir, "projects"));
    await reel.open(`/runs/${session.id}?tab=details`);
    await turns(reel).filter({ hasText: "Commit it" }).waitFor();
    const whole = await fact(reel, "cost").textContent();
    await turns(reel).filter({ hasText: "The discount is taken off twice" }).getByRole("button").click();
    await fact(reel, "as of").waitFor();
    assert.equal(await turns(reel).count(), 1);
    const cost = await fact(reel, "cost").textContent();
    assert.ok(Number(cost?.slice(1)) < Number(whole?.slice(1)), `${cost} of ${whole}`);
    const details = reel.page.getByRole("tabpanel");
    const used = details.getByLabel("Used by this turn");
    await used.getByText("Cost").waitFor();
    assert.equal(await used.locator("div").filter({ hasText: "Cost" }).locator("dd").textContent(), cost);
    await details.getByText("Find uses of discount").waitFor();
    // The timeline alone shows what is recorded later, as such.
    assert.equal(await reel.page.locator(".run-body").getByText("Commit it").count(), 0);
    await checkPage(reel.page, "a turn's details");
  },
);

pageTest("a subagent's conversation opens from the call that started it, and leads back", async (scene) => {
  const { reel, runsDir } = await setStage(scene);
  const session = await writeClaudeDemo(join(runsDir, "projects"), { until: "first-turn" });
  await reel.open(`/runs/${session.id}`);
  const open = reel.button("Open its conversation");
  await open.waitFor();
  assert.equal(await reel.log.getByText("List every place that reads or writes").count(), 0);
  await open.click();
  await reel.log.getByText("List every place that reads or writes").waitFor();
  assert.equal(await reel.log.getByText("I will look at how the total").count(), 0);
  await checkPage(reel.page, "a subagent's conversation");
  await reel.button("← Main").click();
  await reel.log.getByText("I will look at how the total").waitFor();
});

pageTest("what happened to a session is marked over its lanes, and told under the pointer", async (scene) => {
  const { reel, runsDir } = await setStage(scene);
  const session = await writeClaudeDemo(join(runsDir, "projects"));
  await reel.open(`/runs/${session.id}`);
  const mark = reel.page.locator(".signs .compacted");
  await mark.waitFor();
  await reel.page.locator(".signs .retry").waitFor();
  const place = await mark.boundingBox();
  assert.ok(place !== null);
  await reel.page.mouse.move(place.x + place.width / 2, place.y + place.height / 2);
  await reel.page
    .getByRole("tooltip")
    .getByText(/ompacted/)
    .waitFor();
});

pageTest("a title that is written backwards turns nothing around it", async (scene) => {
  const { reel, runsDir } = await setStage(scene);
  const session = new ClaudeSession(join(runsDir, "projects"));
  await session.prompt("Count \u202Esnopuoc");
  await session.endTurn("Done.");
  await reel.open(`/runs/${session.id}`);
  const label = reel.log.getByRole("button", { name: /^Turn 1/ });
  await label.waitFor();
  const [title, time] = await label.evaluate((button) =>
    ["snopuoc", "0:00"].map((text) => {
      const walk = document.createTreeWalker(button, NodeFilter.SHOW_TEXT);
      for (let node = walk.nextNode(); node !== null; node = walk.nextNode()) {
        const place = node.textContent?.indexOf(text) ?? -1;
        if (place === -1) continue;
        const range = document.createRange();
        range.setStart(node, place);
        range.setEnd(node, place + text.length);
        const { left, right } = range.getBoundingClientRect();
        return { left, right };
      }
      return null;
    }),
  );
  assert.ok(title != null && time != null);
  assert.ok(title.right <= time.left, `the title ends at ${title.right}, its time begins at ${time.left}`);
});

import assert from "node:assert/strict";
import type { Locator } from "playwright-core";
import { writeLongRun } from "../../scripts/demo/long-run.ts";
import { pageTest } from "../helpers/browser.ts";
import { appendTurns, at, jsonl } from "./long-turns.ts";
import type { ReelPage } from "./reel-page.ts";
import { setStage } from "./stage.ts";
import { until } from "./until.ts";

/** The list of events: which of them are shown, and what is read of one. */

const TURNS = 400;

interface Parts {
  readonly panel: Locator;
  readonly list: Locator;
  readonly rows: Locator;
  readonly search: Locator;
}

async function openEvents(reel: ReelPage): Promise<Parts> {
  await reel.tab("Events").click();
  const panel = reel.page.getByRole("tabpanel", { name: "Events" });
  const list = panel.getByRole("region", { name: "Events" });
  const parts = {
    panel,
    list,
    rows: list.getByRole("listitem"),
    search: panel.getByRole("searchbox", { name: "Filter events" }),
  };
  await parts.rows.first().waitFor();
  return parts;
}

/** How many events the list has, as soon as it is drawn. */
async function size({ rows, list }: Parts): Promise<number> {
  if ((await list.getAttribute("aria-busy")) === "true") return Number.NaN;
  return (await rows.count()) === 0 ? 0 : Number(await rows.first().getAttribute("aria-setsize"));
}

pageTest("events are filtered by type and by words, at every moment alike", async (scene) => {
  const { reel, run } = await setStage(scene);
  const long = await run("run-long").begin();
  await appendTurns(long, 0, TURNS);
  const beat = { type: "node_heartbeat", nodeId: "work_0", attemptId: "work_0#134" };
  const beats = [1, 2, 3].map((seq) => ({ seq, at: at(402_000 + seq), ...beat, payload: {} }));
  await long.append("trace.ndjson", jsonl(beats));
  await reel.open("/runs/run-long");
  const parts = await openEvents(reel);
  const { panel, rows, search } = parts;

  await panel.getByText("3 heartbeats hidden").waitFor();
  assert.equal(await rows.filter({ hasText: "node_heartbeat" }).count(), 0);
  await reel.button("Show heartbeats").click();
  await rows.filter({ hasText: "node_heartbeat" }).first().waitFor();
  await reel.button("Hide heartbeats").click();

  await reel.button("All types").click();
  const types = panel.getByRole("group", { name: /^Types of events/ });
  await types.getByText(/^tool_call( |$)/).click();
  // Of 21 lines a turn one is such a call; a portion of them is looked for.
  await until("calls only", async () => (await size(parts)) >= 200);
  const texts = await rows.allTextContents();
  assert.ok(
    texts.every((text) => /tool_call(?!_)/.test(text)),
    texts[0],
  );
  await panel.getByText(/searched back to/).waitFor();
  const before = await size(parts);
  await panel.getByRole("button", { name: "Show earlier" }).click();
  await until("earlier calls", async () => (await size(parts)) > before);

  // "Look 39" itself lies further back than is looked at again and again: it is searched for.
  await search.fill("look 39");
  await until("the first one", async () => (await size(parts)) === 11);
  await panel.getByText("11 events").waitFor();
  assert.equal(await reel.button("Show earlier").count(), 0, "there is nothing further back");

  await reel.button("Previous step").click();
  await reel.pinned();
  assert.equal(await search.inputValue(), "look 39");
  await rows.filter({ hasText: "Look 398" }).waitFor();
  await reel.jump.click();
  await reel.followsLive();
  await search.fill("nothing says this");
  await panel.getByText(/^None of the newest events matches|^No event matches/).waitFor();
});

pageTest("a typed letter draws the rows in view, also where thousands of events are held", async (scene) => {
  const { reel, run } = await setStage(scene);
  const long = await run("run-long").begin();
  await appendTurns(long, 0, TURNS);
  await reel.open("/runs/run-long");
  const parts = await openEvents(reel);
  for (let presses = 0; presses < 12; presses += 1) {
    const before = await until("a size", async () => (await size(parts)) || undefined);
    await reel.button("Show earlier").click();
    await until("more events", async () => (await size(parts)) > before);
  }
  assert.ok((await size(parts)) > 2000);
  assert.ok((await parts.rows.count()) < 120, "those in view are drawn, and few more");
  await parts.search.focus();
  const made = await countNewRows(parts.list);
  for (const [key, count] of [
    ["l", 0],
    ["o", 0],
    ["o", 0],
    ["k", 190],
  ] as const) {
    const before = await made();
    await reel.page.keyboard.type(key);
    await until(`${key} to be drawn`, async () => (await size(parts)) >= count);
    await reel.drawn();
    assert.ok((await made()) - before < 120, `${key} made ${(await made()) - before} rows`);
    assert.ok((await parts.rows.count()) < 120);
  }
});

/** How many rows have been made since, whenever it is asked. */
async function countNewRows(list: Locator): Promise<() => Promise<number>> {
  await list.evaluate((element) => {
    element.dataset["made"] = "0";
    new MutationObserver((records) => {
      const made = records
        .flatMap(({ addedNodes }) => [...addedNodes])
        .filter((node) => node.nodeName === "LI");
      element.dataset["made"] = String(Number(element.dataset["made"]) + made.length);
    }).observe(element, { childList: true, subtree: true });
  });
  return async () => Number(await list.getAttribute("data-made"));
}

pageTest("an opened event is a tree that is opened level by level", async (scene) => {
  const { reel, run } = await setStage(scene);
  const made = await run("run-tree").begin();
  let deep: unknown = "bottom";
  for (let level = 0; level < 300; level += 1) deep = { deeper: deep };
  const payload = {
    list: Array.from({ length: 450 }, (_, index) => index),
    essay: Array.from({ length: 300 }, (_, line) => `line ${line}`).join("\n"),
    long: "x".repeat(5000),
    nothing: null,
    isTrue: true,
    deep,
  };
  const node = { nodeId: "reply", attemptId: "reply#1" };
  await made.append("trace.ndjson", jsonl([{ seq: 9, at: at(30_000), type: "odd_one", ...node, payload }]));
  await reel.open("/runs/run-tree?tab=events");
  const { rows } = await openEvents(reel);
  const row = rows.filter({ hasText: "odd_one" });
  const closed = (await row.boundingBox())?.height ?? 0;
  await row.locator("summary").first().click();
  const tree = row.getByRole("group", { name: "odd_one, the whole event" });
  await tree.getByText("payload").waitFor();
  await tree.getByText("nothing: null").waitFor();
  await tree.getByText("isTrue: true").waitFor();
  assert.ok(((await row.boundingBox())?.height ?? 0) > closed + 100);

  assert.equal(await tree.getByText("449", { exact: true }).count(), 0);
  await tree.locator("summary").filter({ hasText: "list" }).click();
  for (let portion = 0; portion < 4; portion += 1) await tree.getByRole("button", { name: /more$/ }).click();
  assert.equal(await tree.getByRole("button", { name: /more$/ }).count(), 0);
  await tree.getByText("449:").waitFor();

  await tree.getByRole("button", { name: "Show all 5,000 characters" }).click();
  await tree.getByText("x".repeat(5000)).waitFor();
  await tree.getByRole("button", { name: /^Show all [\d,]+ characters$/ }).click();
  const pre = tree.locator("pre").filter({ hasText: "line 7\nline 8\nline 9" });
  await pre.waitFor();

  const deeper = tree.locator("summary").filter({ hasText: "deep" });
  const open = await deeper.count();
  for (let level = 1; level <= 3; level += 1) {
    await deeper.last().click();
    await until("the next level", async () => (await deeper.count()) === open + level);
  }

  await row.getByRole("button", { name: "Go to 0:30.0" }).first().click();
  await until("that moment", async () => (await reel.position()) === 30_000);
});

pageTest(
  "what a filter leaves is searched for to the start of a long run, until somebody stops it",
  async (scene) => {
    const { reel } = await setStage(scene, {
      before: async (runsDir) => {
        const long = await writeLongRun({ runsDir, events: 60_000, steps: 1_000 });
        long.appendEvent("the end of it");
      },
    });
    const { page } = reel;
    const held: (() => void)[] = [];
    let isHeld = false;
    await page.route(/\/log\?/, async (route) => {
      if (isHeld) await new Promise<void>((resolve) => held.push(resolve));
      await route.fallback();
    });
    await reel.open();
    const parts = await openEvents(reel);
    const { panel, search } = parts;
    await until("an end", async () => ((await size(parts)) || 0) > 20);

    isHeld = true;
    await search.fill("nothing says this");
    // Each is let through by itself, until what is looked at at once has come and the search goes on from there.
    const goesOn = panel.getByText(/searched back to [\d:]+…/);
    const stop = panel.getByRole("button", { name: "Stop" });
    await until("a search that is stopped", async () => {
      if (held.length > 0 && (await goesOn.count()) > 0 && (await stop.count()) > 0) {
        await stop.click();
        return true;
      }
      held.shift()?.();
      return false;
    });
    isHeld = false;
    for (const release of held) release();
    await panel.getByRole("button", { name: "Search further back" }).click();
    await panel.getByText("No event matches.").waitFor();
    assert.equal(await panel.getByText(/searched back to/).count(), 0);

    // The first prompt lies at its very start.
    await search.fill("session/prompt");
    await until("the first prompt", async () => (await size(parts)) >= 1);
  },
);

pageTest("a message is one row, that stays open while more of it comes", async (scene) => {
  const { reel, run } = await setStage(scene);
  const made = await run("run-words").begin();
  await made.appendChunk("One ");
  await made.appendChunk("two\n");
  await reel.open("/runs/run-words?tab=events");
  const { rows } = await openEvents(reel);
  const row = rows.filter({ hasText: "agent_message_chunk" });
  await row.getByText("2 parts").waitFor({ state: "attached" });
  await row.locator("summary").first().click();
  await row.getByText("One two", { exact: true }).last().waitFor();
  await row.locator("summary").filter({ hasText: "1: " }).waitFor();
  await made.appendChunk("three");
  await row.getByText("3 parts").waitFor({ state: "attached" });
  await row.locator("summary").filter({ hasText: "2: " }).waitFor();
  assert.equal(await row.count(), 1);
});

pageTest("events are walked, opened and left with the keyboard", async (scene) => {
  const { reel, run } = await setStage(scene);
  const long = await run("run-long").begin();
  await appendTurns(long, 0, 9);
  await reel.open("/runs/run-long?tab=events");
  const parts = await openEvents(reel);
  const { list } = parts;
  const last = await size(parts);
  assert.ok(last > 60);
  const { keyboard } = reel.page;
  const place = () =>
    reel.page.evaluate(() => Number(document.activeElement?.closest("li")?.getAttribute("aria-posinset")));
  await list.focus();
  for (const [key, expected] of [
    ["ArrowUp", last],
    ["ArrowUp", last - 1],
    ["Home", 1],
    ["ArrowDown", 2],
    ["End", last],
  ] as const) {
    await keyboard.press(key);
    await until(`${key} to lead to ${expected}`, async () => (await place()) === expected);
  }

  await keyboard.press("Enter");
  const opened = list.locator("details[open]").first();
  await opened.getByRole("group", { name: "the whole event" }).waitFor();
  // What was opened is the next thing that Tab leads to, and its rows are left by it, too.
  await keyboard.press("Tab");
  assert.equal(
    await reel.page.evaluate(() => document.activeElement?.getAttribute("aria-label")),
    "Copy JSON",
  );
  // Back in the list, the arrows go on where they were.
  await keyboard.press("Shift+Tab");
  await keyboard.press("ArrowUp");
  await until("the row again", async () => (await place()) === last);
  await keyboard.press("Enter");
  await opened.waitFor({ state: "detached" });
  await keyboard.press("Tab");
  assert.ok(await reel.page.evaluate(() => document.activeElement?.closest(".events") === null));
});

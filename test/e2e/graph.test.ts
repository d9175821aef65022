import assert from "node:assert/strict";
import type { Locator, Page } from "playwright-core";
import { restingReview } from "../../scripts/demo/endings.ts";
import type { AcpxRun } from "../helpers/acpx-run.ts";
import { pageTest } from "../helpers/browser.ts";
import { checkPage } from "./check-page.ts";
import type { ReelPage } from "./reel-page.ts";
import { setStage } from "./stage.ts";
import { steadyStory } from "./stories.ts";
import { until } from "./until.ts";

const graphOf = (page: Page) => page.getByRole("region", { name: "Graph" });
const nodesOf = (page: Page) => graphOf(page).getByRole("group", { name: "Nodes of the flow" });
/** A node by the beginning of its name. */
const nodeOf = (page: Page, name: string) =>
  nodesOf(page).getByRole("button", { name: new RegExp(`^${name}`) });
/** What is to be seen of a node. */
const lookOf = (node: Locator) => node.locator("..");
const names = (page: Page) =>
  nodesOf(page)
    .getByRole("button")
    .evaluateAll((nodes) => nodes.map((node) => node.getAttribute("aria-label") ?? ""));

/** Does it lie in the graph's box, all of it? */
async function isInView(page: Page, node: Locator): Promise<boolean> {
  const [box, place] = await Promise.all([graphOf(page).boundingBox(), node.boundingBox()]);
  assert.ok(box !== null && place !== null);
  return (
    place.x >= box.x &&
    place.y >= box.y &&
    place.x + place.width <= box.x + box.width &&
    place.y + place.height <= box.y + box.height
  );
}

async function settled(reel: ReelPage, node: Locator): Promise<void> {
  let last = "";
  await until("the camera to rest", async () => {
    const place = JSON.stringify(await node.boundingBox());
    const rests = place === last;
    last = place;
    await reel.drawn();
    return rests;
  });
}

function chain(length: number): { nodes: Record<string, unknown>; edges: unknown[]; ids: string[] } {
  const ids = Array.from({ length }, (_, index) => `part_${index}`);
  return {
    ids,
    nodes: Object.fromEntries(ids.map((id) => [id, { nodeType: "compute" }])),
    edges: ids.slice(1).map((to, index) => ({ from: ids[index], to })),
  };
}

async function writeFlow(run: AcpxRun, startAt: string, nodes: unknown, edges: unknown): Promise<void> {
  await run.writeJson("flow.json", { name: "made", startAt, nodes, edges });
  await run.writeManifest();
  await run.writeRun({ status: "running", input: {}, outputs: {}, results: {}, steps: [] });
  await run.writeSteps([]);
  await run.appendTrace("run_started");
}

async function walk(run: AcpxRun, ids: readonly string[]): Promise<void> {
  for (const nodeId of ids) {
    const attempt = { nodeId, attemptId: `${nodeId}#1` };
    await run.appendTrace("node_started", attempt, { nodeType: "compute" });
    await run.appendTrace("node_outcome", attempt, { outcome: "ok" });
  }
}

pageTest(
  "the graph shows each node's kind and state live, and of the past what was known then",
  async (scene) => {
    const { play, reel } = await setStage(scene);
    const { page } = reel;
    play({ story: restingReview, speed: 20 });
    await reel.open("/", "graph");
    await nodeOf(page, "Draft the review, agent, decision, running, 2 attempts").waitFor();
    assert.deepEqual(await names(page), [
      "Load pull request, action, start, done, 1 attempt",
      "Read the change, agent, done, 1 attempt",
      "Judge, agent, decision, done, 1 attempt",
      "Draft the review, agent, decision, running, 2 attempts",
      "Approve, checkpoint, not reached yet",
      "Post comment, action, not reached yet",
      "Summarise, compute, end, not reached yet",
    ]);
    const draft = nodeOf(page, "Draft the review");
    await lookOf(draft).getByText("agent · decision · attempt 2").waitFor();
    await lookOf(draft)
      .getByText(/^\d+:\d\d$/)
      .waitFor();
    assert.equal(await draft.getAttribute("aria-current"), "step");
    await graphOf(page).getByText("needs work", { exact: true }).waitFor();

    await reel.button("Jump to start").click();
    await reel.pinned();
    const early = await names(page);
    assert.equal(early.length, 7);
    for (const name of early.slice(1)) assert.match(name, /, not reached yet$/);
    const shown = (await nodesOf(page).locator("text").allTextContents()).join("\n");
    assert.doesNotMatch(shown, /attempt|×|\d+ (m?s)$/m);

    await reel.jump.click();
    await nodeOf(page, "Draft the review, agent, decision, running, 2 attempts").waitFor();
  },
);

pageTest("the graph tells what failed and what the run waits for", async (scene) => {
  const { reel, run } = await setStage(scene);
  const { page } = reel;
  const nodes = { ok: { nodeType: "compute" }, boom: { nodeType: "action" } };
  const failing = run("run-failed");
  await writeFlow(failing, "ok", nodes, [{ from: "ok", to: "boom" }]);
  await walk(failing, ["ok"]);
  const boom = { nodeId: "boom", attemptId: "boom#1" };
  await failing.appendTrace("node_started", boom, { nodeType: "action" });
  await failing.appendTrace("node_outcome", boom, { outcome: "failed", error: "it broke" });
  const ended = { status: "failed", finishedAt: "2026-01-02T03:04:09.000Z", error: "it broke" };
  await failing.writeLive(ended);
  await failing.appendTrace("run_failed");

  const waiting = run("run-waiting");
  const human = { prepare: { nodeType: "action" }, human: { nodeType: "checkpoint" }, later: {} };
  await writeFlow(waiting, "prepare", human, [
    { from: "prepare", to: "human" },
    { from: "human", to: "later" },
  ]);
  await walk(waiting, ["prepare", "human"]);
  await waiting.writeLive({ status: "waiting", waitingOn: "human", statusDetail: "review it" });

  await reel.open("/runs/run-failed", "graph");
  await nodeOf(page, "Boom, action, end, failed, 1 attempt").waitFor();
  await reel.open("/runs/run-waiting", "graph");
  const node = nodeOf(page, "Human, checkpoint, waiting for someone, 1 attempt");
  await lookOf(node).getByText("waiting", { exact: true }).waitFor();
  await nodeOf(page, "Later, node, end, not reached yet").waitFor();
});

pageTest(
  "the cameras follow the run, show all of it, and leave it to a hand that moves them",
  async (scene) => {
    const { reel, run } = await setStage(scene);
    const { page } = reel;
    const long = run("run-long");
    const { edges, ids, nodes } = chain(40);
    await writeFlow(long, "part_0", nodes, edges);
    await walk(long, ids.slice(0, 30));
    await long.writeLive({ status: "running" });
    await reel.open("/runs/run-long", "graph");
    const follow = reel.button("Follow");
    const overview = reel.button("Overview");
    const current = nodeOf(page, "Part 29,");
    const first = nodeOf(page, "Part 0,");
    const pressed = async () => [
      await follow.getAttribute("aria-pressed"),
      await overview.getAttribute("aria-pressed"),
    ];
    await current.waitFor();
    assert.deepEqual(await pressed(), ["true", "false"]);
    assert.ok(await isInView(page, current));
    assert.ok(!(await isInView(page, first)));

    await walk(long, ["part_30"]);
    const next = nodeOf(page, "Part 30, compute, done");
    await next.waitFor();
    await until("the camera to follow", () => isInView(page, next));

    await overview.click();
    await settled(reel, first);
    assert.deepEqual(await pressed(), ["false", "true"]);
    assert.ok(await isInView(page, first));
    assert.ok(await isInView(page, nodeOf(page, "Part 39,")));

    await follow.click();
    await settled(reel, next);
    const before = await next.boundingBox();
    const box = await graphOf(page).boundingBox();
    assert.ok(box !== null && before !== null);
    await page.mouse.move(box.x + 30, box.y + 200);
    await page.mouse.down();
    await page.mouse.move(box.x + 90, box.y + 240, { steps: 4 });
    await page.mouse.up();
    assert.deepEqual(await pressed(), ["false", "false"]);
    const dragged = await next.boundingBox();
    assert.ok(dragged !== null);
    assert.ok(Math.abs(dragged.x - before.x - 60) < 2 && Math.abs(dragged.y - before.y - 40) < 2);
    await page.mouse.wheel(0, -200);
    await until(
      "the wheel to bring it nearer",
      async () => ((await next.boundingBox())?.width ?? 0) > before.width,
    );

    // Whoever moved it stays where they are, whatever the run does.
    const place = await next.boundingBox();
    await walk(long, ["part_31"]);
    await nodeOf(page, "Part 31, compute, done").waitFor();
    await reel.drawn();
    assert.deepEqual(await next.boundingBox(), place);
  },
);

pageTest(
  "a press on a node goes to its newest attempt; one that is not reached moves nothing",
  async (scene) => {
    const { play, reel } = await setStage(scene);
    const { page } = reel;
    play({ story: restingReview, speed: 20 });
    await reel.open("/", "graph");
    await nodeOf(page, "Draft the review, agent, decision, running, 2 attempts").waitFor();
    await nodeOf(page, "Approve").click();
    await reel.drawn();
    assert.equal(await reel.jump.count(), 0, "still live");

    await nodeOf(page, "Judge").click();
    await reel.pinned();
    assert.equal(await nodeOf(page, "Judge").getAttribute("aria-current"), "step");
    await nodeOf(page, "Draft the review, agent, decision, not reached yet").waitFor();
    const position = await reel.position();

    // The pointer gave the keys back to the player; by keyboard a node keeps its arrows.
    await nodeOf(page, "Judge").focus();
    await page.keyboard.press("ArrowUp");
    assert.match(await focusedName(page), /^Read the change,/);
    await page.keyboard.press("Home");
    assert.match(await focusedName(page), /^Load pull request,/);
    assert.equal(await reel.position(), position, "the playhead stays");
    await page.keyboard.press("Enter");
    await until("the playhead to move", async () => (await reel.position()) < position);
    assert.equal(await nodeOf(page, "Load pull request").getAttribute("aria-current"), "step");
    assert.match(await focusedName(page), /^Load pull request,/);
  },
);

function focusedName(page: Page): Promise<string> {
  return page.evaluate(() => document.activeElement?.getAttribute("aria-label") ?? "");
}

pageTest(
  "300 nodes are drawn while the run goes on; without a layout the page says what to do",
  async (scene) => {
    const { reel, run } = await setStage(scene);
    const { page } = reel;
    const wide = run("run-wide");
    const { edges, ids, nodes } = chain(300);
    const back = ids
      .filter((_, index) => index % 10 === 9)
      .map((from, index) => ({ from, to: ids[index * 10 + 3] }));
    await writeFlow(wide, "part_0", nodes, [...edges, ...back]);
    await walk(wide, ids.slice(0, 200));
    await wide.writeLive({ status: "running" });

    await page.route(/elk-worker/, (route) => route.abort());
    scene.expected.push(/net::ERR_FAILED/);
    await reel.open("/runs/run-wide", "graph");
    await page.getByRole("alert").filter({ hasText: "The graph could not be laid out." }).waitFor();
    await page.unroute(/elk-worker/);
    await reel.button("Try again").click();

    const current = nodeOf(page, "Part 199,");
    await current.waitFor();
    assert.equal(await nodesOf(page).getByRole("button").count(), 300);
    assert.ok(await isInView(page, current));
    await walk(wide, ids.slice(200, 220));
    await nodeOf(page, "Part 219, compute, done, 1 attempt").waitFor();
    await nodeOf(page, "Part 220, compute, not reached yet").waitFor();
  },
);

pageTest("a flow too dense for the good layout is drawn, and holds up no other one", async (scene) => {
  const { reel, run } = await setStage(scene);
  const { page } = reel;
  const dense = run("run-dense");
  const { edges, ids, nodes } = chain(150);
  const across = ids.flatMap((from, index) =>
    [7, 31, 67, 101].map((step) => ({ from, to: ids[(index * step + step) % ids.length] })),
  );
  await writeFlow(dense, "part_0", nodes, [...edges, ...across]);
  await walk(dense, ids.slice(0, 20));
  await dense.writeLive({ status: "running" });
  const plain = run("run-plain");
  const few = chain(3);
  await writeFlow(plain, "part_0", few.nodes, few.edges);

  // Whoever leaves while it is thought about ends that.
  await reel.open("/runs/run-dense", "graph");
  await graphOf(page).getByText("Laying out…").waitFor();
  await reel.runs.locator("a[href*=run-plain]").click();
  await nodeOf(page, "Part 2, compute, end").waitFor();
  assert.equal(await nodesOf(page).getByRole("button").count(), 3);

  await reel.runs.locator("a[href*=run-dense]").click();
  await nodeOf(page, "Part 19, compute").waitFor();
  assert.equal(await nodesOf(page).getByRole("button").count(), 150);
  assert.ok(await isInView(page, nodeOf(page, "Part 19,")));
});

pageTest("the graph hinders nobody: live, rewound, and in both themes", async (scene) => {
  const { play, reel } = await setStage(scene);
  const { page } = reel;
  play({ story: restingReview, speed: 20 });
  await reel.open("/", "graph");
  await nodeOf(page, "Draft the review, agent, decision, running, 2 attempts").waitFor();
  await checkPage(page, "the graph, live");
  await reel.button("Jump to start").click();
  await reel.pinned();
  await checkPage(page, "the graph, rewound");
});

pageTest(
  "on a phone the graph follows the run in its small pane, beside nothing",
  async (scene) => {
    const { play, reel } = await setStage(scene);
    const { page } = reel;
    play({ story: steadyStory, speed: 2 });
    await reel.open("/", "graph");
    await nodeOf(page, "Write, agent, ").waitFor();
    await until("the current node in view", async () => {
      const current = nodesOf(page).locator("[aria-current=step]");
      return (await current.count()) === 1 && isInView(page, current);
    });
    await page.getByText("Steps", { exact: true }).click();
    await reel.stepsShown(1);
  },
  { viewport: { width: 390, height: 844 } },
);

import assert from "node:assert/strict";
import { pageTest } from "../helpers/browser.ts";
import { setStage } from "./stage.ts";
import { steadyStory } from "./stories.ts";
import { until } from "./until.ts";

pageTest('"Jump to live" returns to the edge and follows it', async (scene) => {
  const { play, reel } = await setStage(scene);
  play({ story: steadyStory });
  await reel.openLive(3);
  await reel.button("Jump to start").click();
  await reel.pinned();
  assert.equal(await reel.position(), 0);

  await reel.jump.click();

  await reel.followsLive();
  assert.ok(await reel.atEdge());
  const before = await reel.conversation();
  await until("more text", async () => (await reel.conversation()).length > before.length);
});

pageTest('"Play" from behind goes on from there, and at 10x reaches the edge', async (scene) => {
  const { play, reel } = await setStage(scene);
  play({ story: steadyStory });
  await reel.openLive(4);
  await reel.button("Jump to start").click();
  await reel.pinned();

  await reel.button("Play").click();
  await reel.button("Pause").waitFor();
  const early = await until("the position to advance", async () => {
    const position = await reel.position();
    return position > 0 && position;
  });
  assert.ok(early < (await reel.edge()), "playing starts from behind");
  assert.ok(await reel.jump.isVisible(), "while behind, the way to the edge is offered");

  await reel.page.getByText("10x", { exact: true }).click();
  await reel.followsLive();
  assert.ok(await reel.atEdge());
});

pageTest('"Pause" at the edge pins', async (scene) => {
  const { play, reel } = await setStage(scene);
  play({ story: steadyStory });
  await reel.openLive(2);

  await reel.button("Pause").click();
  await reel.pinned();
  const { conversation, position, steps } = await reel.shown();
  await reel.runGoesOn();

  const later = await reel.shown();
  assert.deepEqual([later.conversation, later.position, later.steps], [conversation, position, steps]);
  await reel.button("Play").waitFor();
});

pageTest("a pause between two steps still names the coming one when it has begun", async (scene) => {
  const { reel, run } = await setStage(scene);
  const started = await run("run-between").begin();
  const reply = { nodeId: "reply", attemptId: "reply#1" };
  await started.appendTrace("node_outcome", reply, { outcome: "ok" });
  // live.json knows the next step a moment before the trace does.
  await started.writeLive({ status: "running", currentNode: "conclude", currentAttemptId: "conclude#1" });
  await reel.open();
  await reel.page.locator("header").getByText("Conclude", { exact: true }).waitFor();
  await reel.button("Pause").click();
  await reel.pinned();
  const shown = await reel.shown();

  const at = "2026-01-02T03:05:05.000Z";
  const next = { seq: 4, at, type: "node_started", nodeId: "conclude", attemptId: "conclude#1" };
  await started.append("trace.ndjson", `${JSON.stringify(next)}\n`);
  await until("the new step", async () => (await reel.edge()) >= 60_000);

  assert.deepEqual(await reel.shown(), shown);
});

pageTest('"Next step" leads step by step to the edge', async (scene) => {
  const { play, reel } = await setStage(scene);
  play({ story: steadyStory });
  await reel.openLive(4);
  await reel.button("Jump to start").click();
  await reel.pinned();

  for (let count = 1; count <= 3; count += 1) {
    const before = await reel.position();
    await reel.button("Next step").click();
    await until("a later position", async () => (await reel.position()) > before);
    assert.equal(await reel.stepCount(), count);
  }
  assert.ok(await reel.jump.isVisible());
});

pageTest("a run that has ended can be rewound, and its end is one press away", async (scene) => {
  const { play, reel } = await setStage(scene);
  await play({ speed: 50 }).ended;
  await reel.open();
  await reel.page.getByText("At the end").waitFor();
  // Until what reads markdown has come, its text stands plain.
  await until("markdown to be read", async () => (await reel.page.locator(".markdown-plain").count()) === 0);
  const end = await reel.shown();

  await reel.button("Jump to start").click();
  await reel.pinned();
  assert.equal(await reel.position(), 0);
  assert.notEqual(await reel.conversation(), end.conversation);
  await reel.jump.click();

  await reel.page.getByText("At the end").waitFor();
  assert.deepEqual(await reel.shown(), end);
});

import assert from "node:assert/strict";
import type { Page } from "playwright-core";
import { AcpxRun } from "../helpers/acpx-run.ts";
import { pageTest } from "../helpers/browser.ts";
import { appendTurns } from "./long-turns.ts";
import type { ReelPage } from "./reel-page.ts";
import { setStage, type Stage } from "./stage.ts";
import { steadyStory } from "./stories.ts";
import { until } from "./until.ts";

const START = Date.UTC(2026, 2, 1, 10);

interface Span {
  readonly attempt: string;
  /** Seconds after the run's start. */
  readonly from: number;
  readonly to: number;
  readonly failed?: boolean;
}

const SPANS: readonly Span[] = [
  { attempt: "gather#1", from: 0, to: 10 },
  { attempt: "weigh#1", from: 10, to: 20, failed: true },
  { attempt: "weigh#2", from: 20, to: 230 },
  { attempt: "check#1", from: 24, to: 26, failed: true },
  { attempt: "write#1", from: 230, to: 240 },
];
const ENDS = 240;

/** A run of four minutes that has ended; from 0:26 to 3:50 nothing but heartbeats was written. */
async function writeRun({ run }: Stage): Promise<AcpxRun> {
  const made = run("run-quiet", new Date(START).toISOString());
  const lines: { at: number; line: object }[] = [];
  for (const { attempt, failed = false, from, to } of SPANS) {
    const of = { attemptId: attempt, nodeId: attempt.replace(/#.*/, "") };
    lines.push({ at: from, line: { ...of, type: "node_started", payload: { nodeType: "compute" } } });
    const payload = { outcome: failed ? "failed" : "ok", error: failed ? "It broke." : null };
    lines.push({ at: to, line: { ...of, type: "node_outcome", payload } });
  }
  for (let at = 31; at < 230; at += 5)
    lines.push({ at, line: { attemptId: "weigh#2", nodeId: "weigh", type: "node_heartbeat", payload: {} } });
  lines.push({ at: ENDS, line: { type: "run_completed", payload: {} } });
  const stamp = (at: number) => new Date(START + at * 1000).toISOString();
  const text = lines
    .toSorted((left, right) => left.at - right.at)
    .map(({ at, line }, seq) => JSON.stringify({ seq: seq + 1, at: stamp(at), ...line }));
  await made.append("trace.ndjson", `${text.join("\n")}\n`);
  await made.append(made.eventsFile, "");
  const over = { status: "completed", startedAt: stamp(0), finishedAt: stamp(ENDS) };
  await made.writeRun(over);
  await made.writeLive(over);
  await made.writeManifest(over);
  return made;
}

async function openRun(
  stage: Stage,
): Promise<{ page: Page; reel: ReelPage; width: number; x: number; y: number }> {
  await writeRun(stage);
  const { reel } = stage;
  await reel.open("/runs/run-quiet");
  await reel.page.getByText("At the end").waitFor();
  const box = await reel.slider.boundingBox();
  assert.ok(box !== null);
  return { page: reel.page, reel, width: box.width - 2, x: box.x + 1, y: box.y };
}

const near = (left: number, right: number, by: number, what: string) =>
  assert.ok(Math.abs(left - right) <= by, `${what}: ${left} is not about ${right}`);

/** Where a named span lies, in pixels from the axis's left end. */
async function spanAt({ page }: ReelPage, name: string, x: number): Promise<{ left: number; width: number }> {
  const box = await page.locator(".slider .span").filter({ hasText: name }).first().boundingBox();
  assert.ok(box !== null, `there is a span ${name}`);
  return { left: box.x - x, width: box.width };
}

pageTest(
  "the wheel zooms about the pointer, and a press goes to the moment that is seen there",
  async (scene) => {
    const { page, reel, width, x, y } = await openRun(await setStage(scene));
    // Gather's end, at 10 s of 240.
    const pointer = (width * 10) / 240;
    await page.mouse.move(x + pointer, y + 18);
    await page.mouse.wheel(0, -1000);
    await reel.button("Show all of the run").waitFor();
    const { left, width: wide } = await spanAt(reel, "Weigh", x);
    near(left, pointer, 3, "the moment under the pointer stays");
    const perSecond = wide / 10;
    near(perSecond, (width / 240) * Math.exp(2), 2, "it is nearer");
    assert.equal(await reel.jump.count(), 0, "looking elsewhere is not going elsewhere");

    await page.mouse.click(x + pointer + 12 * perSecond, y + 18);
    await reel.pinned();
    near(await reel.position(), 22_000, 150, "the press");

    await page.keyboard.down("Shift");
    await page.mouse.wheel(0, 30);
    await page.keyboard.up("Shift");
    await until("the view to have moved", async () => (await spanAt(reel, "Weigh", x)).left < pointer - 20);

    await reel.button("Show all of the run").click();
    await reel.drawn();
    near((await spanAt(reel, "Write", x)).left, (width * 230) / 240, 2, "all of it is seen");
  },
);

pageTest(
  "keys zoom about the playhead, wherever they are pressed, and a double click shows a span",
  async (scene) => {
    const { page, reel, width, x, y } = await openRun(await setStage(scene));
    await page.mouse.dblclick(x + (width * 15) / 240, y + 18);
    await until(
      "the span to fill the axis",
      async () => (await spanAt(reel, "Weigh", x)).width > width * 0.75,
    );
    await reel.slider.press("0");
    await reel.button("Show all of the run").waitFor({ state: "detached" });
    await reel.slider.press("+");
    await reel.button("Show all of the run").waitFor();
    await reel.slider.press("-");
    await reel.button("Show all of the run").waitFor({ state: "detached" });
    // They work anywhere, but where text is typed.
    await reel.title.click();
    await page.keyboard.press("+");
    await reel.button("Show all of the run").waitFor();
    await page.getByRole("searchbox").first().press("0");
    await reel.drawn();
    assert.equal(await reel.button("Show all of the run").count(), 1);
    await reel.title.click();
    await page.keyboard.press("0");
    await reel.button("Show all of the run").waitFor({ state: "detached" });
  },
);

pageTest(
  "idle time is folded on request, and a press beside the fold still goes to its moment",
  async (scene) => {
    const { page, reel, width, x, y } = await openRun(await setStage(scene));
    await reel.button("Fold idle").click();
    const fold = page.locator(".slider .axis-fold");
    await fold.getByText("3 min").waitFor();
    assert.equal(await fold.count(), 1);
    const perSecond = (width - 46) / (ENDS - 204);
    const write = await spanAt(reel, "Write", x);
    near(write.left, 26 * perSecond + 46, 2, "what comes after the fold");
    await page.mouse.click(x + write.left + 5 * perSecond, y + 18);
    await reel.pinned();
    near(await reel.position(), 235_000, 150, "after the fold");
    await page.mouse.click(x + 5 * perSecond, y + 18);
    await until("before the fold", async () => Math.abs((await reel.position()) - 5000) < 150);

    await page.reload();
    await fold.getByText("3 min").waitFor();
    assert.equal(await reel.button("Fold idle").getAttribute("aria-pressed"), "true", "it is remembered");
  },
);

pageTest("E and Shift+E go from error to error, and say so where there is none", async (scene) => {
  const { page, reel } = await openRun(await setStage(scene));
  const at = (ms: number) => until(`${ms} ms`, async () => (await reel.position()) === ms);
  await reel.title.click();
  await page.keyboard.press("Shift+E");
  await at(26_000);
  await page.keyboard.press("Shift+E");
  await at(20_000);
  await reel.button("Next error").click();
  await at(26_000);
  await page.keyboard.press("e");
  await page.getByRole("status").getByText("No later error").waitFor();
  assert.equal(await reel.position(), 26_000);
  await reel.button("Previous error").click();
  await at(20_000);
  await reel.button("Previous error").click();
  await page.getByRole("status").getByText("No earlier error").waitFor();
  assert.equal(await reel.position(), 20_000);
});

pageTest("? tells all keys, and behind it nothing is played", async (scene) => {
  const { page, reel } = await openRun(await setStage(scene));
  await reel.title.click();
  await page.keyboard.press("?");
  const dialog = page.getByRole("dialog", { name: "Keys" });
  await dialog.getByText("Previous, next error").waitFor();
  await page.keyboard.press("Home");
  await page.keyboard.press("ArrowLeft");
  await page.keyboard.press("Escape");
  await dialog.waitFor({ state: "detached" });
  assert.equal(await reel.position(), ENDS * 1000);
  await reel.button("Show keys").click();
  await dialog.getByRole("button", { name: "Close" }).click();
  await dialog.waitFor({ state: "detached" });
});

pageTest("playing skips idle time if that is wanted", async (scene) => {
  const { page, reel } = await openRun(await setStage(scene));
  await reel.button("Skip idle").click();
  await reel.button("Jump to start").click();
  await reel.pinned();
  await page.getByText("10x", { exact: true }).click();
  const passed = await reel.slider.evaluateHandle((slider) => {
    const seconds: number[] = [];
    new MutationObserver(() => seconds.push(Number(slider.getAttribute("aria-valuenow")) / 1000)).observe(
      slider,
      { attributeFilter: ["aria-valuenow"] },
    );
    return seconds;
  });
  await reel.button("Play").click();
  await page.getByText("At the end").waitFor();
  const seconds = await passed.jsonValue();
  assert.deepEqual(
    seconds.filter((second) => second > 26 && second < 230),
    [],
    "idle time is passed over",
  );
  assert.ok(
    seconds.some((second) => second > 0 && second < 26),
    "what is before it is played",
  );
  assert.ok(
    seconds.some((second) => second >= 230 && second < ENDS),
    "and what is after",
  );
});

pageTest("what is under the pointer is told as of the playhead", async (scene) => {
  const { page, reel, width, x, y } = await openRun(await setStage(scene));
  const card = page.getByRole("tooltip");
  const over = (second: number, row = 0) => page.mouse.move(x + (width * second) / 240, y + 18 + row * 22);
  await over(15);
  await card.filter({ hasText: /Weigh.*Failed.*from 0:10 · took 10 s/ }).waitFor();
  await over(100);
  await card.filter({ hasText: /Weigh.*attempt 2.*Done.*from 0:20 · took 3:30.*at 1:/ }).waitFor();
  await over(25, 1);
  await card.filter({ hasText: /Check.*Failed.*from 0:24/ }).waitFor();

  await page.mouse.click(x + (width * 22) / 240, y + 18);
  await reel.pinned();
  await card.waitFor({ state: "detached" });
  await over(21);
  await card.filter({ hasText: /Weigh.*Running.*so far/ }).waitFor();
  await page.keyboard.press("Shift");
  await card.waitFor({ state: "detached" });
  await over(100);
  await card.filter({ hasText: /Weigh.*Recorded later.*takes 3:30/ }).waitFor();
  await over(235);
  await card.filter({ hasText: /Write.*Recorded later/ }).waitFor();
  await page.mouse.move(x, y - 200);
  await card.waitFor({ state: "detached" });
});

pageTest(
  "a run that waits is not advancing: its newest moment is not left, and it is played from behind",
  async (scene) => {
    const { reel, run } = await setStage(scene);
    const waiting = await run("run-waiting").begin();
    await waiting.append(
      "trace.ndjson",
      `${JSON.stringify({ seq: 4, at: "2026-01-02T03:05:05.000Z", type: "node_heartbeat", attemptId: "reply#1" })}\n`,
    );
    await waiting.writeLive({ status: "waiting", currentNode: "reply", waitingOn: "reply" });
    await reel.open("/runs/run-waiting");
    await reel.page.getByText("Newest · waiting", { exact: true }).waitFor();
    assert.equal(await reel.button("Play").getAttribute("title"), "Nothing more yet");
    await reel.title.click();
    await reel.page.keyboard.press("Space");
    await reel.drawn();
    assert.ok(await reel.atEdge());
    assert.equal(await reel.jump.count(), 0);
    await reel.page.keyboard.press("Home");
    await reel.page.keyboard.press("Space");
    await reel.button("Pause").waitFor();
    await until("it to play from the start", async () => {
      const at = await reel.position();
      return at > 0 && at < 20_000;
    });
    await reel.jump.click();
    await reel.page.getByText("Newest · waiting", { exact: true }).waitFor();
    await reel.button("Play").waitFor();
  },
);

pageTest("at the live edge a part goes along with it, and a pinned one stays", async (scene) => {
  const { play, reel } = await setStage(scene);
  const { page } = reel;
  play({ story: steadyStory, speed: 2 });
  await reel.openLive(4);
  const box = await reel.slider.boundingBox();
  assert.ok(box !== null);
  const first = () => page.locator(".timeline .ruler").textContent();
  // Nearer about the edge itself.
  await page.mouse.move(box.x + box.width - 2, box.y + 18);
  await page.mouse.wheel(0, -500);
  await reel.button("Show all of the run").waitFor();
  assert.ok(await reel.live.isVisible());
  const before = await first();
  await until("the figures to go along", async () => (await first()) !== before);
  assert.ok(await reel.live.isVisible());

  await page.mouse.click(box.x + box.width / 2, box.y + 18);
  await reel.pinned();
  const pinned = await first();
  const position = await reel.position();
  await reel.runGoesOn(3);
  assert.equal(await first(), pinned, "nothing moves by itself");
  assert.equal(await reel.position(), position);

  await reel.button("Jump to start").click();
  await until("the start to be seen", async () => ((await first()) ?? "").startsWith("0:00"));
  await page.keyboard.press("l");
  await reel.followsLive();
  await until("the edge to be seen", async () => !((await first()) ?? "").startsWith("0:00"));
});

pageTest("two fingers zoom, and pin nothing", async (scene) => {
  const { page, reel, x, y } = await openRun(await setStage(scene));
  const last = page.locator(".lane .span", { hasText: "Write" });
  await last.waitFor();
  const client = await page.context().newCDPSession(page);
  const touch = (type: "touchStart" | "touchMove" | "touchEnd", ...at: readonly number[]) =>
    client.send("Input.dispatchTouchEvent", {
      type,
      touchPoints: at.map((left, id) => ({ x: x + left, y: y + 18, id })),
    });
  await touch("touchStart", 300);
  await touch("touchStart", 300, 400);
  for (const spread of [25, 50, 75, 100]) await touch("touchMove", 300 - spread, 400 + spread);
  await touch("touchEnd");
  await reel.button("Show all of the run").waitFor();
  // Three times as far apart, about the middle.
  await page.locator(".lane .span", { hasText: "Weigh" }).first().waitFor();
  assert.equal(await last.count(), 0, "the end is out of sight");
  assert.equal(await reel.jump.count(), 0);

  await touch("touchStart", 200);
  await touch("touchEnd");
  await reel.pinned();
});

pageTest("Home and End in a list under the focus scroll it, and play nothing", async (scene) => {
  const { reel, run } = await setStage(scene);
  const long = await run("run-long").begin();
  await appendTurns(long, 0, 60);
  await reel.open("/runs/run-long");
  await reel.stepsShown(60);
  await reel.steps.focus();
  await reel.page.keyboard.press("Home");
  await until("the first steps", async () => (await reel.steps.evaluate((list) => list.scrollTop)) === 0);
  await reel.drawn();
  assert.equal(await reel.jump.count(), 0);
  await reel.title.click();
  await reel.page.keyboard.press("Home");
  await reel.pinned();
});

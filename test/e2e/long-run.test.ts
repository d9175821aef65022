import assert from "node:assert/strict";
import { pageTest } from "../helpers/browser.ts";
import { at, jsonl, appendTurns, chunkLine } from "./long-turns.ts";
import { ReelPage } from "./reel-page.ts";
import { setStage } from "./stage.ts";
import { until } from "./until.ts";

/** Runs whose older parts the page is not sent, but asks for when somebody looks there. */

const TURNS = 400;
const AFTER_ALL = TURNS * 1000 + 2000;

/** What a reader sees of a moment, as soon as none of it is being loaded. */
async function settled(reel: ReelPage): Promise<object> {
  await until("nothing to be loading", async () => {
    await reel.drawn();
    return (await reel.page.locator("[aria-busy=true]").count()) === 0;
  });
  await reel.drawn();
  const shown = await reel.shown();
  await reel.tab("Events").click();
  const events = reel.page.getByRole("tabpanel", { name: "Events" });
  await until("the events", async () => (await events.locator("[aria-busy=false]").count()) > 0);
  await reel.drawn();
  const rows = await events.textContent();
  await reel.tab("Conversation").click();
  return { ...shown, rows };
}

pageTest("a page opened a second ago shows what one that watched all the time does", async (scene) => {
  const { reel, run, viewer } = await setStage(scene);
  const long = await run("run-long").begin();
  await reel.open("/runs/run-long");
  await reel.live.waitFor();
  for (let turn = 0; turn < TURNS; turn += 50) {
    await appendTurns(long, turn, turn + 50);
    await reel.says(`t${turn + 49}w11`);
  }

  const late = new ReelPage(await scene.page.context().newPage(), viewer.url);
  const box = await reel.slider.boundingBox();
  assert.ok(box !== null);
  for (const share of [0.03, 0.35, 0.352, 0.7, 0.97]) {
    await reel.page.bringToFront();
    await reel.slider.click({ position: { x: box.width * share, y: 10 } });
    await reel.pinned();
    const watched = await settled(reel);
    await reel.page.waitForURL(/\?t=\d+(&|$)/);
    const moment = new URL(reel.page.url());
    assert.equal(Number(moment.searchParams.get("t")), await reel.position());
    await late.page.bringToFront();
    await late.open(moment.pathname + moment.search);
    await late.pinned();
    assert.deepEqual(await settled(late), watched);
  }

  // What is later is not there, what was said just before is.
  await late.open("/runs/run-long?t=201000");
  await late.pinned();
  await settled(late);
  const conversation = await late.conversation();
  assert.ok(conversation.includes("t199w11") && !conversation.includes("t200w"));
  // The 201 steps of the turns, and the one that was under way before them.
  assert.equal(await late.page.locator("header").getByText("202", { exact: true }).count(), 1);
  // Some way back everything is still whole, and the beginning can be reached.
  const words = (text: string) => text.match(/t\d+w\d+/g) ?? [];
  const said = words(conversation);
  assert.ok(said.length > 200);
  const end = Array.from({ length: 200 * 12 }, (_, word) => `t${Math.floor(word / 12)}w${word % 12}`);
  assert.deepEqual(said, end.slice(-said.length));
  await late.button("Show earlier").last().click();
  await until("more words", async () => words(await late.conversation()).length > said.length + 100);
});

pageTest("a run begins with its trace's first line, also where that was not sent", async (scene) => {
  const { reel, run, viewer } = await setStage(scene);
  const long = run("run-long");
  const first = { seq: 0, at: at(-5000), runId: long.runId, scope: "run", type: "run_prepared", payload: {} };
  await long.append("trace.ndjson", jsonl([first]));
  await long.begin();
  await appendTurns(long, 0, TURNS);
  const ended = { status: "completed", finishedAt: at(600_000) };
  await long.writeRun(ended);
  await long.writeLive(ended);
  await long.writeManifest(ended);
  await reel.open("/runs/run-long");
  await until("the axis to begin there", async () => (await reel.edge()) === 605_000);
  // A new server is a new life of the run, for which its beginning is asked for again.
  // The browser itself reports questions of the old life that nobody answers, or that come too late.
  scene.expected.push(/WebSocket connection to .* failed/, /Failed to load resource: .*(net::ERR_| 409 )/);
  await viewer.kill();
  await reel.connection.filter({ hasText: "Reconnecting" }).waitFor();
  // How long the new server takes to start is its own affair.
  let wasAsked = false;
  reel.page.on("response", (response) => {
    if (response.ok() && /\/log\?name=trace&from=0&/.test(response.url())) wasAsked = true;
  });
  await viewer.restart();
  await until("its beginning to be asked for again", async () => wasAsked);
  await until("the axis to begin there again", async () => (await reel.edge()) === 605_000);
});

pageTest("the next and the previous event are found where nothing was loaded", async (scene) => {
  const { reel, run } = await setStage(scene);
  const long = await run("run-long").begin();
  await appendTurns(long, 0, TURNS);
  await reel.open("/runs/run-long?t=100500");
  await reel.pinned();
  await settled(reel);
  const { keyboard } = reel.page;
  await reel.title.click();
  for (const [key, position] of [
    ["ArrowRight", 100_550],
    ["ArrowRight", 100_600],
    ["ArrowLeft", 100_550],
    ["Shift+ArrowRight", 101_000],
    ["Shift+ArrowLeft", 100_000],
    ["ArrowLeft", 99_950],
  ] as const) {
    await keyboard.press(key);
    await until(`${key} to lead to ${position}`, async () => (await reel.position()) === position);
  }
});

pageTest(
  "a streamed part draws one message again, also where a page of the log and the window end",
  async (scene) => {
    const { reel, run } = await setStage(scene);
    const long = await run("run-long").begin();
    // 40 turns are 720 lines: the next page begins at 768, and there the window leaves its first lines.
    await appendTurns(long, 0, 40);
    await reel.open("/runs/run-long");
    await reel.says("t39w11");
    await long.append(long.eventsFile, chunkLine(AFTER_ALL, "s0 "));
    await reel.says("s0 ");
    await settled(reel);
    await reel.page.evaluate(() => {
      const log = document.querySelector("[role=log]");
      if (log === null) throw new Error("no conversation");
      const last = [...log.querySelectorAll(".agent-message")].at(-1);
      const touched: { last: number; other: string[] } = { last: 0, other: [] };
      new MutationObserver((records) => {
        for (const record of records) {
          if (last?.contains(record.target) === true) touched.last += 1;
          else if (record.addedNodes.length > 0 || record.type !== "childList")
            touched.other.push(`${record.type} ${record.target.textContent?.slice(0, 80)}`);
        }
        document.body.dataset["touched"] = JSON.stringify(touched);
      }).observe(log, { subtree: true, childList: true, characterData: true });
    });

    for (let part = 1; part <= 80; part += 1) {
      await long.append(long.eventsFile, chunkLine(AFTER_ALL, `s${part} `));
      if (part % 4 === 0) await reel.says(`s${part} `);
    }

    const touched = JSON.parse((await reel.page.locator("body").getAttribute("data-touched")) ?? "{}");
    assert.deepEqual(touched.other, []);
    assert.ok(touched.last >= 20, `${touched.last} changes of the last message`);
    assert.ok(!(await reel.conversation()).includes("t0w0 "), "the window has moved");
  },
);

pageTest(
  "a part that is slow to come is said to be loading, and one that does not come is asked for again",
  async (scene) => {
    const { reel, run } = await setStage(scene);
    scene.expected.push(/net::ERR_FAILED/);
    const long = await run("run-long").begin();
    await appendTurns(long, 0, TURNS);
    let release = () => {};
    const held = new Promise<void>((resolve) => (release = resolve));
    await reel.open("/runs/run-long");
    await reel.says("t399w11");
    await settled(reel);
    await reel.page.route("**/log?*", async (route) => {
      await held;
      await route.continue();
    });
    const box = await reel.slider.boundingBox();
    assert.ok(box !== null);

    await reel.slider.click({ position: { x: box.width * 0.3, y: 10 } });
    await reel.page.getByText("Loading the conversation…").waitFor();
    assert.equal(await reel.log.getAttribute("aria-busy"), "true");
    assert.ok((await reel.conversation()).includes("t399w11"), "the last picture stays");
    release();
    await until("the conversation", async () => (await reel.log.getAttribute("aria-busy")) === "false");
    assert.ok(!(await reel.conversation()).includes("t399w11"));
    await reel.page.getByText("Loading the conversation…").waitFor({ state: "detached" });

    await reel.page.unroute("**/log?*");
    await reel.page.route("**/log?*", (route) => route.abort());
    await reel.slider.click({ position: { x: box.width * 0.6, y: 10 } });
    await reel.page.getByText("A part of this run could not be loaded.").waitFor();
    await reel.page.unroute("**/log?*");
    await reel.button("Try again").click();
    await until("the conversation", async () => (await reel.log.getAttribute("aria-busy")) === "false");
    await reel.says("t239w11");
    assert.equal(await reel.page.getByText("A part of this run could not be loaded.").count(), 0);
  },
);

pageTest("who scrolled up keeps what is before them, however much comes in below", async (scene) => {
  const { reel, run } = await setStage(scene);
  const long = await run("run-long").begin();
  await appendTurns(long, 0, 60);
  await reel.open("/runs/run-long");
  await reel.says("t59w11");
  await settled(reel);
  await reel.log.evaluate((log) => {
    log.scrollTop = log.scrollHeight / 3;
  });
  await reel.drawn();
  const firstShown = () => reel.log.locator(".turn").first().textContent();
  const offset = () =>
    reel.log.evaluate((log) => {
      const top = log.getBoundingClientRect().top;
      const seen = [...log.querySelectorAll(".agent-message")].find(
        (message) => message.getBoundingClientRect().bottom > top,
      );
      return [seen?.textContent, Math.round((seen?.getBoundingClientRect().top ?? 0) - top)];
    });
  const before = { first: await firstShown(), offset: await offset() };
  for (let turn = 60; turn < 160; turn += 20) {
    await appendTurns(long, turn, turn + 20);
    await reel.says(`t${turn + 19}w11`);
  }
  assert.deepEqual({ first: await firstShown(), offset: await offset() }, before);

  await reel.button("New messages ↓").click();
  await until("the beginning to be let go", async () => (await firstShown()) !== before.first);
  await reel.says("t159w11");
});

pageTest("until a run's earlier part is read, the timeline says so where it is bare", async (scene) => {
  const { reel, run } = await setStage(scene);
  const long = await run("run-long").begin();
  await appendTurns(long, 0, 1000);
  let release = () => {};
  const held = new Promise<void>((resolve) => (release = resolve));
  await reel.page.route("**/outline?*", async (route) => {
    await held;
    await route.continue();
  });
  await reel.open("/runs/run-long");
  await reel.says("t999w11");
  const status = reel.page.getByRole("status", { name: "Timeline" });
  await status.getByText("Reading the run’s earlier part…").waitFor();
  const bare = await status.boundingBox();
  const slider = await reel.slider.boundingBox();
  assert.ok(bare !== null && slider !== null);
  assert.ok(bare.x - slider.x < 4 && bare.y >= slider.y && bare.y + bare.height <= slider.y + slider.height);
  const painted = slider.x + 1 + (await firstPainted(reel));
  assert.ok(Math.abs(bare.x + bare.width - painted) < 8, "it reaches to what is known");
  await reel.slider.click({ position: { x: 20, y: 10 } });
  await reel.pinned();

  release();
  // Then the tool calls may take a moment more.
  await until("nothing to be read", async () => (await status.textContent()) === "");
});

pageTest("until the tool calls of a long run are read, their lanes say so", async (scene) => {
  const { reel, run } = await setStage(scene);
  const long = await run("run-long").begin();
  await appendTurns(long, 0, 1000);
  let release = () => {};
  const held = new Promise<void>((resolve) => (release = resolve));
  await reel.page.route(/outline\?.*sessions/, async (route) => {
    await held;
    await route.continue();
  });
  await reel.open("/runs/run-long");
  await reel.says("t999w11");
  const status = reel.page.getByRole("status", { name: "Timeline" });
  await status.getByText("Reading tool calls…").waitFor();
  const bare = await status.boundingBox();
  const slider = await reel.slider.boundingBox();
  assert.ok(bare !== null && slider !== null);
  assert.ok(bare.y > slider.y + 20 && bare.y + bare.height <= slider.y + slider.height, "below the steps");

  release();
  await status.getByText("Reading tool calls…").waitFor({ state: "detached" });
  assert.equal(await status.textContent(), "");
});

/** How far from the left the first of the painted spans lies. */
function firstPainted(reel: ReelPage): Promise<number> {
  return reel.slider
    .locator("canvas.bare")
    .first()
    .evaluate((element) => {
      if (!(element instanceof HTMLCanvasElement)) return Number.NaN;
      const context = element.getContext("2d");
      for (let x = 0; x < element.width; x += 1)
        if (context?.getImageData(x, 0, 1, element.height).data.some((value) => value !== 0)) return x;
      return Number.NaN;
    });
}

import assert from "node:assert/strict";
import type { Locator } from "playwright-core";
import { writeLongRun } from "../../scripts/demo/long-run.ts";
import { AcpxRun } from "../helpers/acpx-run.ts";
import { pageTest } from "../helpers/browser.ts";
import { checkPage } from "./check-page.ts";
import type { ReelPage } from "./reel-page.ts";
import { setStage } from "./stage.ts";
import { steadyStory } from "./stories.ts";
import { until } from "./until.ts";

/** Find as its readers know it. */
class FindPage {
  readonly #reel: ReelPage;
  readonly dialog: Locator;
  readonly field: Locator;
  readonly status: Locator;
  readonly active: Locator;

  constructor(reel: ReelPage) {
    this.#reel = reel;
    this.dialog = reel.page.getByRole("dialog", { name: "Find", exact: true });
    this.field = this.dialog.getByRole("combobox");
    this.status = this.dialog.getByRole("status");
    this.active = this.dialog.getByRole("option", { selected: true });
  }

  async open(): Promise<void> {
    await this.#reel.page.keyboard.press("Control+k");
    await this.dialog.waitFor();
  }

  group(name: RegExp): Locator {
    return this.dialog.getByRole("group", { name });
  }

  option(text: string | RegExp): Locator {
    return this.dialog.getByRole("option").filter({ hasText: text });
  }

  /** Moves down to an option and chooses it, by keys alone. */
  async choose(text: string): Promise<void> {
    await this.option(text).first().waitFor();
    const { keyboard } = this.#reel.page;
    await until(`"${text}" to be the active option`, async () => {
      if (((await this.active.textContent()) ?? "").includes(text)) return true;
      await keyboard.press("ArrowDown");
      return false;
    });
    await keyboard.press("Enter");
    await this.dialog.waitFor({ state: "detached" });
  }
}

pageTest("Find goes to steps and to text of the run, and the playhead with it", async (scene) => {
  const { play, reel } = await setStage(scene);
  const find = new FindPage(reel);
  await play({ speed: 50 }).ended;
  await reel.open();
  await reel.page.getByText("At the end").waitFor();
  const end = await reel.position();

  await find.open();
  await find.field.fill("draft failed");
  await find.group(/^Steps/).waitFor();
  await find.choose("Draft the review");
  await reel.pinned();
  const failedAt = await reel.position();
  assert.ok(failedAt > 0 && failedAt < end);
  await reel.steps.getByText("No JSON object was found").waitFor();

  // Over the borders of the chunks it came in, and without regard to case and lines.
  await find.open();
  await find.field.fill("REVIEW is in   `review.md`. It asks");
  await find.choose("The review is in");
  await until("a later moment", async () => (await reel.position()) > failedAt);
  const said = await reel.conversation();
  assert.match(said, /The review is in review\.md\. It asks/);
  assert.ok(!said.includes("should end the"), "what was said later is not there yet");
  assert.ok((await reel.position()) < end);

  await find.open();
  await find.field.fill("git worktree");
  await find.choose("git worktree add");
  await reel.page.getByRole("tab", { name: "Conversation", selected: true }).waitFor();
  const toolAt = await reel.position();
  assert.ok(toolAt > 0 && toolAt < end);

  // Who is there does not know yet how the step ends that runs.
  await find.open();
  await find.field.fill("agent");
  await find.option(/ended later/).waitFor();
  assert.ok((await find.option(/(?<!ended )later/).count()) > 0);
  await reel.page.keyboard.press("Escape");
  await find.dialog.waitFor({ state: "detached" });

  await find.open();
  await checkPage(reel.page, "nothing typed");
  await find.field.fill("review");
  await find.status.getByText("The whole run was searched").waitFor();
  await checkPage(reel.page, "found");
});

pageTest("the words that were found are opened, marked and in view", async (scene) => {
  const { reel, run } = await setStage(scene);
  const { page } = reel;
  const find = new FindPage(reel);
  const made = await run("run-a").begin();
  const update = (fields: Record<string, unknown>) => ({
    jsonrpc: "2.0",
    method: "session/update",
    params: { sessionId: "s", update: fields },
  });
  const call = { sessionUpdate: "tool_call", toolCallId: "c1", title: "Look around", kind: "read" };
  const lines = Array.from({ length: 20 }, (_, line) => `row ${line}${line === 3 ? " hidden treasure" : ""}`);
  const text = { type: "text", text: lines.join("\n") };
  const done = { ...call, sessionUpdate: "tool_call_update", status: "completed" };
  const thought = {
    sessionUpdate: "agent_thought_chunk",
    content: { type: "text", text: "a **deep** thought" },
  };
  const messages = [thought, call, { ...done, content: [{ type: "content", content: text }] }];
  const at = Date.now() + 1000;
  await made.append(
    made.eventsFile,
    messages
      .map((fields, seq) => ({
        seq: 100 + seq,
        at: new Date(at + seq * 100).toISOString(),
        direction: "inbound",
        message: update(fields),
      }))
      .map((line) => `${JSON.stringify(line)}\n`)
      .join(""),
  );
  await reel.open("/runs/run-a?tab=events");
  await page.getByText("Look around").first().waitFor();
  const marked = () =>
    page.evaluate(() => {
      const [range] = CSS.highlights.get("sought") ?? [];
      if (!(range instanceof Range)) return null;
      const box = range.getBoundingClientRect();
      const frame = document.querySelector(".conversation")?.getBoundingClientRect();
      const isSeen =
        frame !== undefined && box.height > 0 && box.top >= frame.top && box.bottom <= frame.bottom;
      return isSeen ? range.toString() : null;
    });
  for (const [typed, words] of [
    ["hidden  TREASURE", "hidden treasure"],
    ["deep** thought", "deep thought"],
  ] as const) {
    await find.open();
    await find.field.fill(typed);
    await find.choose(words.slice(0, 4));
    await until(`"${words}" to be marked`, async () => (await marked()) === words);
  }
  await reel.jump.click();
  await until("no mark", () => page.evaluate(() => CSS.highlights.get("sought") === undefined));
});

pageTest("who went somewhere has the keys of the player, and the way back", async (scene) => {
  const { play, reel } = await setStage(scene);
  const { page } = reel;
  const find = new FindPage(reel);
  await play({ speed: 50 }).ended;
  await reel.open();
  await reel.page.getByText("At the end").waitFor();
  await reel.tab("Files").click();
  const place = page.url();

  await reel.button("Find runs, steps, text").click();
  await find.field.fill("git worktree");
  await find.choose("git worktree add");
  await reel.pinned();
  const found = await reel.position();
  await page.waitForURL(/t=/);
  await reel.button("Find runs, steps, text").click();
  await find.field.fill("draft failed");
  await find.choose("Draft the review");
  await until("another moment", async () => (await reel.position()) !== found);
  await page.keyboard.press("Space");
  await reel.button("Pause").waitFor();
  await page.keyboard.press("Space");
  assert.equal(await find.dialog.count(), 0, "Space plays, and opens nothing");

  await page.goBack();
  await until("the moment before", async () => (await reel.position()) === found);
  await page.goBack();
  await page.getByText("At the end").waitFor();
  assert.equal(page.url(), place);
  await page.getByRole("tab", { name: "Files", selected: true }).waitFor();
});

pageTest("a press beside Find closes it, but not one that begins in it", async (scene) => {
  const { reel, run } = await setStage(scene);
  await run("run-a").begin();
  await reel.open("/runs/run-a");
  await reel.followsLive();
  const find = new FindPage(reel);
  await find.open();
  await find.field.fill("some words");
  const field = await find.field.boundingBox();
  assert.ok(field !== null);
  const { mouse } = reel.page;
  await mouse.move(field.x + 80, field.y + field.height / 2);
  await mouse.down();
  await mouse.move(4, 4, { steps: 3 });
  await mouse.up();
  await reel.drawn();
  assert.equal(await find.dialog.count(), 1, "who marks what they typed may end beside it");
  await mouse.click(4, 4);
  await find.dialog.waitFor({ state: "detached" });
});

pageTest("Find goes to a run, by its title, its status and its kind", async (scene) => {
  const { reel } = await setStage(scene, {
    before: async (runsDir) => {
      for (let number = 0; number < 230; number += 1) {
        const startedAt = new Date(Date.UTC(2026, 0, 1) + number * 60_000).toISOString();
        const run = new AcpxRun(runsDir, `run-${number}`, startedAt);
        await run.writeManifest({
          status: number === 3 ? "timed_out" : "completed",
          runTitle: `Job ${number}.`,
        });
      }
    },
  });
  const find = new FindPage(reel);
  await reel.open();
  await reel.page.getByRole("heading", { name: "Job 229." }).waitFor();
  await reel.button("Find runs, steps, text").click();
  await find.option("Job 228.").waitFor();
  await find.field.fill("timed out acpx");
  await find.choose("Job 3.");
  await reel.page.getByRole("heading", { name: "Job 3." }).waitFor();
  assert.equal(new URL(reel.page.url()).pathname, "/runs/run-3");

  await find.open();
  await find.field.fill("job completed");
  await find.group(/^Runs, 229/).waitFor();
  assert.equal(await find.group(/^Runs/).getByRole("option").count(), 6, "five, and a way to more");
  await find.option("More runs…").click();
  await until("more of them", async () => (await find.group(/^Runs/).getByRole("option").count()) === 26);
  await find.field.fill("no such thing");
  await find.status.getByText("Nothing was found").or(find.status.getByText("not in its text")).waitFor();
});

pageTest("Find opens and closes from anywhere, and gives the focus back", async (scene) => {
  const { play, reel } = await setStage(scene);
  const { keyboard } = reel.page;
  const find = new FindPage(reel);
  play({ story: steadyStory });
  await reel.openLive(3);
  const filter = reel.page.getByRole("searchbox", { name: "Filter runs" });
  await filter.focus();
  await find.open();
  assert.ok(await find.field.evaluate((field) => field === document.activeElement), "one can type at once");
  await keyboard.type("steady work o ");
  await keyboard.press("Home");
  assert.equal(await find.active.count(), 1);
  await keyboard.press("End");
  await reel.drawn();
  assert.equal(await reel.jump.count(), 0, "no key plays the run");
  await keyboard.press("Escape");
  await find.dialog.waitFor({ state: "detached" });
  assert.ok(await filter.evaluate((field) => field === document.activeElement), "the focus is back");

  await keyboard.press("Meta+k");
  await find.dialog.waitFor();
  await keyboard.press("Meta+k");
  await find.dialog.waitFor({ state: "detached" });
  await keyboard.press("Control+Shift+K");
  await reel.drawn();
  assert.equal(await find.dialog.count(), 0);
});

const PHONE = { viewport: { width: 390, height: 844 } };

pageTest(
  "On a phone, too: what agents wrote stays text, and a search that fails can be tried again",
  async (scene) => {
    const { reel, run } = await setStage(scene);
    const find = new FindPage(reel);
    const made = await run("run-a").begin();
    await made.appendChunk("see <img src=x onerror=alert(1)> and ");
    await made.appendChunk("**needle** there");
    await reel.open();
    await reel.says("needle");
    let isBroken = true;
    scene.expected.push(/Failed to load resource/);
    await reel.page.route(/\/find\?/, (route) => (isBroken ? route.abort() : route.fallback()));
    await reel.button("Find runs, steps, text").click();
    await find.field.fill("onerror=alert(1)> and **needle");
    await find.status.getByText("could not be searched").waitFor();
    await checkPage(reel.page, "Find");
    isBroken = false;
    await find.dialog.getByRole("button", { name: "Retry" }).click();
    await find.option("<img src=x onerror=alert(1)>").waitFor();
    assert.equal(
      await find.option("").locator("mark").first().textContent(),
      "onerror=alert(1)> and **needle",
    );
    assert.equal(await reel.page.locator("img").count(), 0);
    const box = await find.dialog.boundingBox();
    assert.ok(box !== null && box.x >= 0 && box.x + box.width <= PHONE.viewport.width);
    await checkPage(reel.page, "Find");
  },
  PHONE,
);

pageTest("A long run is searched to its start, and typing stays swift", async (scene) => {
  const { reel } = await setStage(scene, {
    before: async (runsDir) => {
      const long = await writeLongRun({ runsDir, events: 20_000, steps: 1_000 });
      long.appendEvent("the only nee");
      long.appendEvent("dle in it");
    },
  });
  const find = new FindPage(reel);
  await reel.open();
  await reel.page.getByRole("slider").waitFor();
  await find.open();
  await find.field.pressSequentially("needle in");
  await find.option("the only needle in it").waitFor();
  await find.status.getByText("The whole run was searched: 1 place").waitFor();
  await find.field.fill("cache");
  await find.option("Search further back…").waitFor();
  await find.option("Search further back…").click();
  await until("more places", async () => (await find.group(/^Text/).getByRole("option").count()) > 90);
});

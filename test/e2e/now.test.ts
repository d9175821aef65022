import assert from "node:assert/strict";
import { join } from "node:path";
import type { Locator, Page } from "playwright-core";
import { ClaudeSession } from "../../scripts/demo/claude-run.ts";
import { pageTest } from "../helpers/browser.ts";
import { checkPage } from "./check-page.ts";
import { type Stage, setStage } from "./stage.ts";
import { until } from "./until.ts";

/** A session that somebody works with: its first call has been made, and answered. */
async function aSession(runsDir: string, title = "Fix the upload"): Promise<ClaudeSession> {
  const session = new ClaudeSession(join(runsDir, "projects"), { cwd: "/srv/uploader" });
  await session.prompt(title);
  await session.title(title);
  await session.say("First words.");
  await callAndEnd(session, "pnpm first");
  return session;
}

async function callAndEnd(session: ClaudeSession, command: string): Promise<void> {
  await session.result(await session.call("Bash", { command }), "fine");
}

/** The page over a folder in which a session goes on. */
async function nowOf(scene: Parameters<typeof setStage>[0], args: readonly string[] = []) {
  const sessions: ClaudeSession[] = [];
  const stage = await setStage(scene, {
    args,
    before: async (runsDir) => void sessions.push(await aSession(runsDir)),
  });
  const [session] = sessions;
  assert.ok(session !== undefined);
  return { ...stage, session, now: new NowPage(stage) };
}

class NowPage {
  readonly page: Page;
  readonly events: Locator;
  readonly lines: Locator;
  readonly paused: Locator;
  readonly link: Locator;

  constructor({ reel }: Pick<Stage, "reel">) {
    this.page = reel.page;
    this.events = this.page.getByRole("region", { name: "Events" });
    this.lines = this.events.getByRole("listitem");
    this.paused = this.events.getByRole("button", { name: /^Paused/ });
    this.link = this.page.getByRole("navigation", { name: "Pages" }).getByRole("link", { name: /^Now/ });
  }

  line(words: string): Locator {
    return this.lines.filter({ hasText: words });
  }

  figure(words: RegExp): Locator {
    const spent = this.page.getByRole("region", { name: "What is being spent" });
    return spent.locator("div").filter({ hasText: words }).locator(".ticker-figure");
  }
}

pageTest("a session grows: its call shows within a second, ends in place, and costs", async (scene) => {
  const { now, reel, session } = await nowOf(scene);
  await reel.open("/");
  await now.link.click();
  assert.match(now.page.url(), /\/now$/);
  assert.equal(await now.link.getAttribute("aria-current"), "page");
  assert.match(await now.page.title(), /^Now/);
  await now.line("pnpm first").waitFor();
  const spentBefore = await until("what was spent today", async () => {
    const text = await now.figure(/today/).textContent();
    return /^\$\d/.test(text ?? "") && text;
  });

  const took: number[] = [];
  for (const command of ["pnpm one", "pnpm two", "pnpm three"]) {
    const call = await session.call("Bash", { command });
    const began = performance.now();
    await now.line(command).waitFor();
    took.push(performance.now() - began);
    assert.match((await now.line(command).textContent()) ?? "", /running/);
    await session.result(call, "fine");
    await now
      .line(command)
      .filter({ hasText: / s$| ms$/ })
      .filter({ hasNotText: "running" })
      .waitFor();
    assert.equal(await now.line(command).count(), 1);
  }
  scene.t.diagnostic(`a call shows after ${took.map((ms) => Math.round(ms)).join(", ")} ms`);
  assert.ok(Math.min(...took) < 1_000, `${took.join(", ")} ms`);

  session.answer({ output: 50_000 });
  await session.say("A long answer.");
  await now.line("50,000 out").waitFor();
  await until("the ticker to move", async () => (await now.figure(/today/).textContent()) !== spentBefore);
  await now.page.getByRole("row", { name: /^Bash/ }).waitFor();
});

pageTest("a line opens its run at its moment, and back leads to now", async (scene) => {
  const { now, reel, session } = await nowOf(scene);
  await reel.open("/now");
  await callAndEnd(session, "pnpm then");
  await now.line("pnpm then").waitFor();
  await session.say("Words of later.");
  await until("the answer to be told", async () => (await now.line("answer").count()) >= 2);

  await now.line("pnpm then").getByRole("link").click();
  await reel.title.filter({ hasText: "Fix the upload" }).waitFor();
  await reel.log.getByText("pnpm then").first().waitFor();
  await until("the address to say the moment", async () => /[?&]t=\d+/.test(now.page.url()));
  assert.equal(await reel.log.getByText("Words of later.").count(), 0, "it was not yet said");
  await reel.pinned();
  await now.page.goBack();
  await now.line("pnpm then").waitFor();
});

pageTest("it stands still while somebody looks, and goes on when they are done", async (scene) => {
  const { now, reel, session } = await nowOf(scene);
  for (let call = 0; call < 30; call += 1) await callAndEnd(session, `pnpm before-${call}`);
  await reel.open("/now");
  const first = now.lines.first();
  await now.line("before-29").waitFor();

  // A pointer rests on a line.
  await now.line("before-28").hover();
  await now.paused.waitFor();
  await callAndEnd(session, "pnpm hovered");
  await now.events.getByRole("button", { name: /Paused · \d+ new/ }).waitFor();
  assert.equal(await now.line("pnpm hovered").count(), 0);
  await now.link.hover();
  await now.line("pnpm hovered").waitFor();
  assert.equal(await now.paused.count(), 0);

  // Scrolled away from the top.
  const box = now.events.locator(".now-lines");
  await box.evaluate((lines) => lines.scrollTo({ top: 300 }));
  await now.paused.waitFor();
  await callAndEnd(session, "pnpm scrolled");
  await now.events.getByRole("button", { name: /Paused · \d+ new/ }).click();
  await now.line("pnpm scrolled").waitFor();
  assert.equal(await box.evaluate(({ scrollTop }) => scrollTop), 0);
  await now.link.hover();

  // By keyboard: the arrows walk, Enter opens.
  await first.getByRole("link").focus();
  await now.paused.waitFor();
  await now.page.keyboard.press("ArrowDown");
  const second = await now.lines.nth(1).getByRole("link").getAttribute("href");
  assert.equal(await now.page.evaluate(() => document.activeElement?.getAttribute("href")), second);
  await now.page.keyboard.press("Enter");
  await reel.title.filter({ hasText: "Fix the upload" }).waitFor();
});

pageTest("without watching a banner says so", async (scene) => {
  const { now, reel } = await nowOf(scene, ["--no-watch"]);
  await reel.open("/now");
  await now.page
    .getByRole("status", { name: "What is not seen" })
    .getByText(/Watching is off/)
    .waitFor();
});

pageTest(
  "on a narrow page it is said once that nothing is watched",
  async (scene) => {
    const { now, reel } = await nowOf(scene, ["--no-watch"]);
    await reel.open("/now");
    await now.page.getByText(/^Watching is off: nothing that happens/).waitFor();
    const status = now.page.getByRole("status", { name: "Watched folders" });
    await until("one sentence", async () => (await status.textContent()) === "");
    await now.page.goto(new URL("/", now.page.url()).href);
    await status.getByText(/^Watching is off/).waitFor();
  },
  { viewport: { width: 390, height: 844 } },
);

pageTest("where streams do not come through it is asked for", async (scene) => {
  scene.expected.push(/ERR_FAILED/);
  const { now, reel, session } = await nowOf(scene);
  await now.page.route("**/api/live/stream*", (route) => route.abort());
  await reel.open("/now");
  await now.page.getByText("by polling", { exact: true }).waitFor();
  await callAndEnd(session, "pnpm polled");
  await now.line("pnpm polled").waitFor();
});

for (const [width, options] of [
  ["wide", {}] as const,
  ["390 px", { viewport: { width: 390, height: 844 } }] as const,
]) {
  pageTest(
    `now hinders nobody (${width})`,
    async (scene) => {
      const { now, reel } = await nowOf(scene);
      await reel.open("/now");
      await now.line("pnpm first").waitFor();
      for (const tab of ["By project", "By model", "History"]) {
        await reel.tab(tab).click();
        await checkPage(now.page, tab);
      }
      await now.page.getByRole("region", { name: "The same as a table" }).waitFor();
      await checkPage(now.page, "history");
    },
    options,
  );
}

pageTest("with nothing to show it says what is looked at", async (scene) => {
  const stage = await setStage(scene);
  const { reel, runsDir } = stage;
  const now = new NowPage(stage);
  await reel.open("/now");
  await reel.page.getByText("No sessions and no runs yet.").waitFor();
  const folder = now.events.getByText(runsDir);
  await folder.waitFor();
  const { height = 0, width = 0 } = (await folder.boundingBox()) ?? {};
  assert.ok(width > 2 * height, `a folder is read along, not down: it is ${width} by ${height} px`);

  // Nobody looks at a line where there is none: what comes first shows under the pointer, too.
  await now.events.getByText(runsDir).hover();
  await aSession(runsDir);
  await now.line("pnpm first").waitFor();
  await now.paused.waitFor();
});

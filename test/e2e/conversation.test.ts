import assert from "node:assert/strict";
import type { Locator } from "playwright-core";
import type { AcpxRun } from "../helpers/acpx-run.ts";
import { pageTest } from "../helpers/browser.ts";
import { checkPage } from "./check-page.ts";
import { appendTurns, at, jsonl } from "./long-turns.ts";
import type { ReelPage } from "./reel-page.ts";
import { setStage } from "./stage.ts";
import { until } from "./until.ts";

/** What agents say and do, as it is read. */

const ESC = "\u001b";

/** Writes a session's messages, a tenth of a second apart. */
class Session {
  readonly #run: AcpxRun;
  #count = 0;

  constructor(run: AcpxRun) {
    this.#run = run;
  }

  async write(...messages: readonly object[]): Promise<void> {
    const lines = messages.map((message) => {
      this.#count += 1;
      const time = at(this.#count * 100);
      return { seq: this.#count, at: time, direction: "inbound", message: { jsonrpc: "2.0", ...message } };
    });
    await this.#run.append(this.#run.eventsFile, jsonl(lines));
  }

  update(...updates: readonly object[]): Promise<void> {
    return this.write(
      ...updates.map((update) => ({ method: "session/update", params: { sessionId: "s", update } })),
    );
  }

  say(text: string): Promise<void> {
    return this.update({ sessionUpdate: "agent_message_chunk", content: { type: "text", text } });
  }

  ask(id: number, text: string): Promise<void> {
    return this.write({ id, method: "session/prompt", params: { prompt: [{ type: "text", text }] } });
  }

  answer(id: number): Promise<void> {
    return this.write({ id, result: { stopReason: "end_turn" } });
  }

  /** A call that is over. */
  tool(toolCallId: string, call: object): Promise<void> {
    return this.update(
      { sessionUpdate: "tool_call", toolCallId, status: "pending", ...call },
      { sessionUpdate: "tool_call_update", toolCallId, status: "completed", ...call },
    );
  }
}

const text = (value: string) => ({ type: "content", content: { type: "text", text: value } });
const tool = (reel: ReelPage, title: string) => reel.log.locator(".tool-call").filter({ hasText: title });
const below = (box: Locator) =>
  box.evaluate((element) => Math.round(element.scrollHeight - element.scrollTop - element.clientHeight));

const MESSAGE =
  "## What it does\n\nIt caps the *delay* in `retry()` at **30 s**, see [the docs](https://example.com/docs).\n\n" +
  "1. first\n   - inner\n2. second\n\n- [x] read\n\n| file | lines |\n|:-|-:|\n| retry.ts | 38 |\n\n" +
  "> quoted\n\n```ts\nconst delay = 30_000; // ms\n```\n\nAnd so ";

pageTest("a message is read as its markdown means it, also while it is written", async (scene) => {
  const { reel, run } = await setStage(scene);
  await scene.page.context().grantPermissions(["clipboard-read", "clipboard-write"]);
  const session = new Session(await run("run-talk").begin());
  await session.ask(1, "Read **it**.\nAll of it.");
  await reel.open("/runs/run-talk");
  for (let place = 0; place < MESSAGE.length; place += 60)
    await session.say(MESSAGE.slice(place, place + 60));
  await reel.says("And so");
  const message = reel.log.locator(".agent-message");

  await message.getByRole("heading", { name: "What it does" }).waitFor();
  assert.equal(await message.locator("ol > li").count(), 2);
  assert.equal(await message.locator("ol ul li").textContent(), "inner");
  assert.equal(await message.locator("p code").textContent(), "retry()");
  assert.equal(await message.locator("blockquote").textContent(), "quoted");
  await message.getByRole("cell", { name: "38" }).waitFor();
  assert.equal(await message.getByRole("link").getAttribute("href"), "https://example.com/docs");
  // What was asked is, too; its lines end where they were ended.
  assert.equal(await reel.log.locator(".user-message .markdown").innerText(), "Read it.\nAll of it.");
  assert.equal(await reel.log.locator(".user-message strong").textContent(), "it");

  // Who speaks is told to who cannot see it, too.
  assert.match(await reel.log.ariaSnapshot(), /blockquote:\s+- text: "?Prompt:[^]*Agent:/);

  const code = message.getByLabel("ts code", { exact: true });
  assert.equal(await code.textContent(), "const delay = 30_000; // ms");
  await code.locator(".code-keyword", { hasText: "const" }).waitFor();
  await message.getByRole("button", { name: "Copy ts code" }).click();
  await message.getByRole("status").filter({ hasText: "Copied" }).waitFor();
  assert.equal(
    await scene.page.evaluate(() => navigator.clipboard.readText()),
    "const delay = 30_000; // ms",
  );

  // The caret stands within the last paragraph, where the text ends.
  const caret = message.locator("> .markdown > p:last-child > .caret:last-child");
  await caret.waitFor();
  await session.say("on.\n\n- and\n- on");
  await message.locator("ul:last-child > li:last-child > p > .caret").waitFor();
  await session.say("\n\n```js\nlet half");
  await message.getByLabel("js code", { exact: true }).locator(".caret").waitFor();
  await session.answer(1);
  await message.locator(".caret").waitFor({ state: "detached" });
  await checkPage(scene.page, "a message");
});

const OLD = Array.from({ length: 60 }, (_, line) => `line ${line + 1}`);
const NEW = OLD.with(29, "another line 30").toSpliced(31, 0, "one more");

pageTest("a tool call is one line that opens to what it was given and what came of it", async (scene) => {
  const { reel, run } = await setStage(scene);
  const session = new Session(await run("run-tools").begin());
  await session.ask(1, "Do it.");
  await session.tool("c1", {
    title: "Edit a.ts",
    kind: "edit",
    content: [{ type: "diff", path: "src/a.ts", oldText: OLD.join("\n"), newText: NEW.join("\n") }],
  });
  await session.tool("c2", {
    title: "Run the tests",
    kind: "execute",
    rawInput: { command: ["npm", "test"], cwd: "/repo" },
    content: [text(`10%\r100%\n${ESC}[32m✓ works${ESC}[0m and ${ESC}[38;5;208morange${ESC}[m`)],
  });
  await session.update({
    sessionUpdate: "tool_call",
    toolCallId: "c3",
    title: "Fetch",
    kind: "fetch",
    status: "failed",
    content: [text(`\n${ESC}[31mNo such host.${ESC}[0m\nTry again.`)],
  });
  await session.tool("c4", {
    title: "Read b.py",
    kind: "read",
    locations: [{ path: "b.py", line: 4 }],
    content: [text("def run(): return 1")],
  });
  await session.update({ sessionUpdate: "tool_call", toolCallId: "c5", title: "Waits", kind: "other" });
  await reel.open("/runs/run-tools");

  const edit = tool(reel, "Edit a.ts");
  await edit.locator("summary").filter({ hasText: "+2" }).filter({ hasText: "−1" }).waitFor();
  await edit.locator("summary").click();
  const diff = edit.getByRole("group", { name: "Changes of src/a.ts" });
  // What compares the two is loaded when a change is looked at.
  await diff.locator(".removed").waitFor();
  assert.deepEqual(
    await diff.locator(".added, .removed").evaluateAll((rows) => rows.map((row) => row.textContent)),
    ["30-line 30", "30+another line 30", "32+one more"],
  );
  assert.ok(!(await diff.textContent())?.includes("line 20"));
  await diff.locator(".removed").scrollIntoViewIfNeeded();
  await checkPage(scene.page, "a diff");
  await diff.getByRole("button", { name: "… 26 unchanged lines" }).first().click();
  await diff.getByText("line 20", { exact: true }).waitFor();

  const tests = tool(reel, "Run the tests");
  await tests.locator("summary").click();
  assert.equal(await tests.getByLabel("Command", { exact: true }).textContent(), "npm test");
  await tests.getByText("Command in /repo").waitFor();
  const output = tests.getByLabel("Output", { exact: true });
  await output.locator(".fore-green", { hasText: "✓ works" }).waitFor();
  assert.equal(await output.textContent(), "100%\n✓ works and orange");
  const colours = await output
    .locator("span")
    .evaluateAll((spans) => spans.map((span) => getComputedStyle(span).color));
  assert.equal(new Set(colours).size, 2, "a named colour and a mixed one");

  // What went wrong can be read without opening it.
  await tool(reel, "Fetch").locator("summary").getByText("No such host.", { exact: true }).waitFor();
  const read = tool(reel, "Read b.py");
  await read.locator("summary").click();
  await read.getByText("b.py:4").waitFor();
  await read.locator(".code-keyword", { hasText: "def" }).waitFor();
  const waits = tool(reel, "Waits");
  await waits.locator("summary").click();
  await waits.getByText("Nothing recorded yet.").waitFor();
  await tool(reel, "Fetch").locator("summary").click();
  await checkPage(scene.page, "tools");
});

pageTest("what runs has gone on until the moment that is looked at", async (scene) => {
  const { reel, run } = await setStage(scene);
  const session = new Session(await run("run-waits").begin());
  await session.ask(1, "Wait.");
  await session.update({ sessionUpdate: "tool_call", toolCallId: "c1", title: "Waits", kind: "other" });
  for (let count = 0; count < 40; count += 1) await session.say("Still there. ");
  await reel.open("/runs/run-waits?t=2500&tab=conversation");
  const summary = tool(reel, "Waits").locator("summary");
  await summary.getByText("2.3 s", { exact: true }).waitFor();
  await summary.click();
  await reel.log.getByText("Running for 2.3 s", { exact: true }).waitFor();
  // At the edge it counts on: one that hangs is seen to.
  await reel.jump.click();
  const told = () => summary.locator(".tool-time").textContent();
  await until("it has gone on for longer", async () => (await told()) !== "2.3 s");
  const first = await told();
  await until("it counts", async () => (await told()) !== first);
});

pageTest("a turn's heading goes to the moment that it says", async (scene) => {
  const { reel, run } = await setStage(scene);
  const long = await run("run-turns").begin();
  await appendTurns(long, 0, 6);
  await long.finish();
  await reel.open("/runs/run-turns");
  await reel.log.getByRole("button", { name: "Work 1 · attempt 1 · 0:02" }).click();
  await reel.pinned();
  assert.equal(Math.floor((await reel.position()) / 1000), 2);
  // It had only just been asked.
  const turns = reel.log.locator(".turn");
  assert.equal(await turns.last().locator(".user-message").count(), 1);
  assert.equal(await turns.last().locator(".agent-message").count(), 0);
});

pageTest("who follows has the newest text in view, and who reads elsewhere is left there", async (scene) => {
  const { reel, run } = await setStage(scene);
  const session = new Session(await run("run-flow").begin());
  await session.ask(1, "Talk.");
  await session.tool("c1", {
    title: "Write a.ts",
    kind: "edit",
    content: [{ type: "diff", path: "a.ts", oldText: null, newText: OLD.join("\n") }],
  });
  // The parts that draw text come late: by then it has been drawn without them.
  let release = () => {};
  const held = new Promise<void>((resolve) => (release = resolve));
  await reel.page.route("**/part-*", async (route) => {
    await held;
    await route.continue();
  });
  const part = (number: number) =>
    `### Part ${number}\n\nWords of part ${number} that are **many**.\n\n- one\n- two\n\n` +
    `\`\`\`ts\nconst part = ${number};\n\`\`\`\n\n| a | b |\n|-|-|\n| ${number} | x |\n\n`;
  for (let number = 0; number < 12; number += 1) await session.say(part(number));
  await reel.open("/runs/run-flow");
  await reel.says("### Part 11");
  assert.ok((await below(reel.log)) < 2);
  release();
  await reel.log.getByRole("heading", { name: "Part 11" }).waitFor();
  await reel.log.locator(".code-keyword").last().waitFor();
  await until("the end to be in view", async () => (await below(reel.log)) < 2);

  for (let number = 12; number < 20; number += 1) {
    const whole = part(number);
    await session.say(whole.slice(0, 40));
    await session.say(whole.slice(40));
    await reel.log.getByRole("heading", { name: `Part ${number}`, exact: true }).waitFor();
    await until("the end to be in view", async () => (await below(reel.log)) < 2);
  }

  await reel.log.evaluate((log) => (log.scrollTop = log.scrollHeight / 2));
  await reel.drawn();
  await reel.drawn();
  const top = (heading: Locator) => heading.evaluate((element) => element.getBoundingClientRect().top);
  const seen = reel.log.getByRole("heading", { name: "Part 10", exact: true });
  const before = await top(seen);
  for (let number = 20; number < 26; number += 1) await session.say(part(number));
  await reel.log.getByRole("heading", { name: "Part 25", exact: true }).waitFor();
  await reel.drawn();
  assert.ok(Math.abs((await top(seen)) - before) <= 1);
  await reel.button("New messages ↓").click();
  await until("the end to be in view", async () => (await below(reel.log)) < 2);

  // What is opened at the end is read from its beginning.
  await session.tool("c2", {
    title: "Write b.ts",
    kind: "edit",
    content: [{ type: "diff", path: "b.ts", oldText: null, newText: OLD.join("\n") }],
  });
  const last = tool(reel, "Write b.ts");
  await last.waitFor();
  await until("the end to be in view", async () => (await below(reel.log)) < 2);
  const line = await top(last);
  await last.locator("summary").click();
  await last.getByText("line 1", { exact: true }).waitFor();
  await until(
    "it to stay",
    async () => Math.abs((await top(last)) - line) <= 1 && (await below(reel.log)) > 50,
  );
  await session.say("More comes in below.");
  await reel.button("New messages ↓").waitFor();
  assert.ok(Math.abs((await top(last)) - line) <= 1);
  await last.locator("summary").click();
  await reel.says("More comes in below.");
});

pageTest("a turn tells its step and leads there; what it left undone is not said to go on", async (scene) => {
  const { reel, run } = await setStage(scene);
  const talk = await run("run-plan").begin();
  const session = new Session(talk);
  const node = { nodeId: "reply", attemptId: "reply#1" };
  await talk.appendTrace("acp_prompt_prepared", { ...node, sessionId: talk.sessionId });
  await session.ask(1, "Plan it.");
  await session.update({
    sessionUpdate: "plan",
    entries: [
      { content: "Look", status: "completed" },
      { content: "Write", status: "in_progress" },
    ],
  });
  await reel.open("/runs/run-plan");
  const item = reel.log.locator(".plan li").filter({ hasText: "Write" });
  await item.filter({ hasText: "running" }).waitFor();
  await session.answer(1);
  await item.filter({ hasText: "not finished" }).waitFor();

  await talk.appendTrace("node_outcome", node, { outcome: "ok" });
  await talk.appendTrace("node_started", { nodeId: "next", attemptId: "next#1" });
  await reel.stepsShown(2);
  const label = reel.log.getByRole("button", { name: /^Reply · attempt 1 · / });
  await label.focus();
  await reel.page.keyboard.press("Enter");
  await reel.pinned();
  assert.equal(await reel.steps.locator("[aria-current]").count(), 1);
});

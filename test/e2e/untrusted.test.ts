import assert from "node:assert/strict";
import type { Page } from "playwright-core";
import type { AcpxRun } from "../helpers/acpx-run.ts";
import { pageTest } from "../helpers/browser.ts";
import { setStage } from "./stage.ts";

/** Text that does something wherever it is taken for more than text. */
const bait = (place: string) =>
  `${place}<img src="x" onerror="window.__hit=1"><script>window.__hit=2</script>` +
  `<a href="javascript:window.__hit=3">go</a> [go](javascript:window.__hit=4)`;

/** Every text of a run that its producer, or its producer's agent, chooses. */
async function writeBait(run: AcpxRun): Promise<void> {
  await run.begin();
  const node = { nodeId: bait("node"), attemptId: `${bait("node")}#1` };
  const names = { flowName: bait("flow"), runTitle: bait("title") };
  const live = { ...names, status: "running", currentNode: bait("node"), statusDetail: bait("detail") };
  await run.writeRun(live);
  await run.writeLive(live);
  await run.writeManifest(names);
  await run.appendTrace("node_started", node, { nodeType: bait("type"), statusDetail: bait("detail") });
  await run.append("artifacts/bait.txt", bait("artifact"));
  await run.append("artifacts/bait.html", bait("page"));
  const text = { path: "artifacts/bait.txt", mediaType: "text/html" };
  await run.appendTrace(
    "acp_prompt_prepared",
    { ...node, sessionId: run.sessionId },
    { promptArtifact: text },
  );
  const action = {
    actionType: bait("action"),
    command: bait("command"),
    args: [bait("arg")],
    cwd: bait("cwd"),
  };
  const out = { path: "artifacts/bait.html", mediaType: bait("media") };
  const away = { path: "../../../../elsewhere", mediaType: "image/png" };
  await run.appendTrace("action_completed", node, { action, stdoutArtifact: out, stderrArtifact: away });
  const messages: object[] = [
    { id: 1, method: "session/prompt", params: { prompt: [{ type: "text", text: bait("prompt") }] } },
    update({ sessionUpdate: "agent_thought_chunk", content: { type: "text", text: bait("thought") } }),
    update({
      sessionUpdate: "plan",
      entries: [{ content: bait("plan"), status: "in_progress", priority: "high" }],
    }),
    update({
      sessionUpdate: "tool_call",
      toolCallId: "call-1",
      title: bait("tool"),
      kind: bait("kind"),
      status: "completed",
      rawInput: { command: bait("input"), cwd: bait("folder") },
      locations: [{ path: bait("place") }],
      content: [
        { type: "content", content: { type: "text", text: bait("output") } },
        { type: "diff", path: bait("file"), oldText: bait("old"), newText: bait("new") },
      ],
    }),
    { id: 2, method: "session/request_permission", params: { toolCall: { title: bait("permission") } } },
    update({ sessionUpdate: "agent_message_chunk", content: { type: "text", text: bait("message") } }),
    { id: 1, error: { code: 1, message: bait("error") } },
  ];
  for (const [index, message] of messages.entries()) {
    const at = new Date(Date.parse("2026-01-02T03:04:06.000Z") + index).toISOString();
    const line = { seq: index + 1, at, direction: "inbound", message: { jsonrpc: "2.0", ...message } };
    await run.append(run.eventsFile, `${JSON.stringify(line)}\n`);
  }
  await run.append("trace.ndjson", `${bait("malformed")}\n`);
  await run.appendTrace("node_outcome", node, {
    outcome: "failed",
    error: bait("outcome"),
    outputInline: { [bait("key")]: bait("value") },
  });
}

function update(update: object): object {
  return { method: "session/update", params: { sessionId: "s", update } };
}

pageTest("whatever a run says is shown as text, and none of it runs", async (scene) => {
  const { reel, run } = await setStage(scene);
  const { page } = reel;
  await writeBait(run("run-bait"));
  await reel.open();

  await reel.says(bait("message"));
  for (const place of ["prompt", "thought", "plan", "tool", "kind", "permission", "error"]) {
    await reel.says(bait(place));
  }
  const header = page.locator("header");
  for (const place of ["title", "flow"]) {
    await header.getByText(bait(place)).first().waitFor({ state: "attached" });
  }
  // An id is shown as words: with a capital, and without its underscores.
  await reel.steps.getByText(/^Node<img src="x" onerror=/).waitFor();
  await reel.link(bait("title")).waitFor();
  await reel.steps.filter({ hasText: bait("outcome") }).waitFor();
  assert.ok((await page.title()).includes(bait("title")));

  // Everything that can be opened, opened.
  for (const part of await reel.log.locator("summary").all()) await part.click();
  for (const place of ["output", "place", "file", "old", "new", "input", "folder"])
    await reel.says(bait(place));
  await page.getByText("could not be read").click();
  await reel.tab("Events").click();
  const events = page.getByRole("tabpanel", { name: "Events" });
  // Of a list that goes on only what is in view is drawn: it is walked to its beginning, row by row.
  await events.getByRole("region", { name: "Events" }).focus();
  await page.keyboard.press("ArrowUp");
  for (let row = 0; row < 40; row += 1) {
    await page.keyboard.press("Enter");
    await page.keyboard.press("ArrowUp");
  }
  await events.getByRole("group", { name: "the whole event" }).first().waitFor();
  await checkNothingRan(page);

  await reel.steps.getByRole("button").last().click();
  await reel.tab("Details").click();
  const details = page.getByRole("tabpanel", { name: "Details" });
  for (const place of ["outcome", "artifact", "page", "cwd"])
    await details.getByText(bait(place)).first().waitFor();
  await details.getByText("value<img").first().waitFor();
  await details.getByText("Run", { exact: true }).click();
  await checkNothingRan(page);

  await reel.tab("Files").click();
  const files = page.getByRole("tabpanel", { name: "Files" });
  await files.getByText("bait.html").waitFor();
  assert.equal(await files.getByText("elsewhere").count(), 0);
  await files.getByText("bait.html").click();
  await files.getByText(bait("page")).waitFor();
  await checkNothingRan(page);
});

async function checkNothingRan(page: Page): Promise<void> {
  const found = await page.evaluate(() => ({
    hit: "__hit" in window,
    images: document.images.length,
    scripts: document.querySelectorAll("body script").length,
    links: [...document.querySelectorAll("a")].filter((link) => link.protocol !== "http:").length,
    handlers: document.querySelectorAll("[onerror], [onclick], [onload]").length,
  }));
  assert.deepEqual(found, { hit: false, images: 0, scripts: 0, links: 0, handlers: 0 });
}

/** Markdown that leads somewhere, fetches something or takes long, wherever it is believed. */
const HOSTILE = [
  "[a](javascript:window.__hit=1) [b](JaVaScRiPt:window.__hit=2) [c](data:text/html,x) [d](file:///etc/passwd)",
  "[e](/api/runs) [f](//evil.example/x) [g](vbscript:x) [h](&#106;avascript:window.__hit=3) <javascript:alert(1)>",
  "![pixel](http://evil.example/pixel.png) ![x](data:image/png;base64,AAAA) [ref] ![r][ref]",
  "[ref]: javascript:window.__hit=4",
  "[good](https://good.example/page) <https://auto.example> me@mail.example",
  "<img src=x onerror=window.__hit=5>\n<iframe src=http://evil.example></iframe>\n<style>*{display:none}</style>",
  "```js\n</code><script>window.__hit=6</script>\n```",
  "| <b onclick=window.__hit=7>x</b> |\n|-|\n| [i](javascript:window.__hit=8) |",
  "# <svg onload=window.__hit=9>",
].join("\n\n");

pageTest(
  "markdown that is meant to do something is words and safe links, and is drawn in time",
  async (scene) => {
    const { reel, run } = await setStage(scene);
    const { page } = reel;
    const asked: string[] = [];
    page.on("request", (request) => asked.push(request.url()));
    const hostile = await run("run-hostile").begin();
    await hostile.appendChunk(`${HOSTILE}\n\nAfter all that.`);
    await reel.open("/runs/run-hostile");
    await reel.log.getByRole("heading", { name: "<svg onload=window.__hit=9>" }).waitFor();
    await reel.says("<iframe src=http://evil.example></iframe>");

    const links = reel.log.locator("a");
    assert.deepEqual(
      await links.evaluateAll((all) => all.map((link) => link.getAttribute("href") ?? "").toSorted()),
      [
        "http://evil.example/pixel.png",
        "https://auto.example/",
        "https://good.example/page",
        "mailto:me@mail.example",
      ],
    );
    for (const link of await links.all()) {
      assert.equal(await link.getAttribute("rel"), "noreferrer noopener");
      assert.equal(await link.getAttribute("target"), "_blank");
      assert.equal(await link.getAttribute("title"), await link.getAttribute("href"));
    }
    await reel.log.getByRole("link", { name: "image: pixel" }).waitFor();
    assert.equal(await reel.log.locator("img, script, style, iframe, svg:not(.glyph)").count(), 0);
    assert.equal(await page.evaluate(() => "__hit" in window), false);
    assert.deepEqual(
      asked.filter((url) => !url.startsWith(new URL(page.url()).origin)),
      [],
      "nothing was fetched from elsewhere",
    );

    for (const text of ["> ".repeat(20_000), "*a ".repeat(20_000), "[".repeat(60_000), "a.".repeat(30_000)])
      await hostile.appendChunk(`\n\n${text}\n\n`);
    await hostile.appendChunk("The end of it.");
    await reel.says("The end of it.");
  },
);

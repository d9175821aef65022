import assert from "node:assert/strict";
import { after, test, type TestContext } from "node:test";
import { type Browser, type BrowserContextOptions, chromium, type Page } from "playwright-core";
import { findBrowser } from "../../scripts/find-browser.ts";

/** One test's page, in a browser profile of its own. */
export interface Scene {
  readonly t: TestContext;
  readonly page: Page;
  /** Errors that the page may report without failing the test, such as a server that is away. */
  readonly expected: RegExp[];
}

interface Options extends Pick<BrowserContextOptions, "viewport" | "colorScheme"> {
  readonly timeout?: number;
}

const ARGS = [
  "--no-sandbox",
  "--disable-gpu",
  "--disable-quic",
  "--no-first-run",
  "--disable-background-networking",
  "--disable-component-update",
  "--disable-sync",
];
const PATIENCE_MS = 10_000;

const executablePath = await findBrowser();
const missing = "no Chrome, Chromium or Edge was found; set RUNREEL_BROWSER to the path of one";
/** Where tests must not pass by being left out, a missing browser fails them. */
const skip = executablePath === undefined && process.env["CI"] !== "true" ? missing : false;

let launched: Promise<Browser> | undefined;
after(async () => {
  await (await launched)?.close();
});

/** A test with a page. Any error on the page's console, a refused source included, fails it. */
export function pageTest(name: string, body: (scene: Scene) => Promise<void>, options: Options = {}): void {
  const { timeout = 60_000, ...contextOptions } = options;
  test(name, { skip, timeout }, async (t) => {
    assert.ok(executablePath !== undefined, missing);
    launched ??= chromium.launch({ executablePath, args: ARGS });
    const browser = await launched;
    const context = await browser.newContext({
      viewport: { width: 1280, height: 720 },
      locale: "en-GB",
      reducedMotion: "reduce",
      ...contextOptions,
    });
    t.after(() => context.close());
    context.setDefaultTimeout(PATIENCE_MS);
    const errors: string[] = [];
    context.on("console", (message) => {
      if (message.type() === "error") errors.push(message.text());
    });
    context.on("weberror", (error) => errors.push(String(error.error())));
    const scene: Scene = { t, page: await context.newPage(), expected: [] };
    await body(scene);
    const unexpected = errors.filter((error) => !scene.expected.some((pattern) => pattern.test(error)));
    assert.deepEqual(unexpected, [], "the page reported errors");
  });
}

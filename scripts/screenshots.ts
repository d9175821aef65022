import { mkdir, mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { parseArgs } from "node:util";
import { chromium } from "playwright-core";
import { build } from "vite";
import { PACKAGE_DIR } from "../src/package-dir.ts";
import { startServer } from "../src/server.ts";
import { findBrowser } from "./find-browser.ts";
import { writeScenes } from "./screenshots/scenes.ts";
import { photograph, SHOTS } from "./screenshots/shots.ts";

const USAGE = `Usage: pnpm screenshots [options]

Plays the demo's runs and takes the pictures of the documentation, in about half a minute.

  --out DIR   where the pictures go (default docs/screenshots)
  --only TEXT only the pictures that have this in their name
  --help      this text
`;

async function main(): Promise<void> {
  const { values } = parseArgs({
    options: {
      out: { type: "string", default: join(PACKAGE_DIR, "docs", "screenshots") },
      only: { type: "string", default: "" },
      help: { type: "boolean", default: false },
    },
  });
  if (values.help) {
    process.stdout.write(USAGE);
    return;
  }
  const executablePath = await findBrowser();
  if (executablePath === undefined)
    throw new Error("No browser was found; set RUNREEL_BROWSER to the path of one.");
  const out = resolve(values.out);
  await mkdir(out, { recursive: true });
  await build({ configFile: join(PACKAGE_DIR, "vite.config.ts"), logLevel: "warn" });

  const work = await mkdtemp(join(tmpdir(), "runreel-pictures-"));
  const stop = new AbortController();
  const server = await startServer({
    roots: [{ dir: join(work, "runs"), isQuiet: true }],
    host: "127.0.0.1",
    port: 0,
    token: "",
    pageDir: join(PACKAGE_DIR, "dist", "viewer"),
    onShutdown: () => undefined,
    onError: (error) => process.stderr.write(`${String(error)}\n`),
  });
  const browser = await chromium.launch({ executablePath, args: ["--no-sandbox", "--disable-gpu"] });
  try {
    const shots = SHOTS.filter(({ name }) => name.includes(values.only));
    // The first picture is of a folder without runs.
    for (const shot of shots.filter(({ scene }) => scene === "empty")) {
      await photograph(browser, server.url, null, shot, out);
    }
    const scenes = await writeScenes(join(work, "runs"), stop.signal);
    for (const shot of shots.filter(({ scene }) => scene !== "empty")) {
      await photograph(browser, server.url, scenes, shot, out);
      process.stdout.write(`${join(out, shot.name)}.png\n`);
    }
  } finally {
    stop.abort();
    await browser.close();
    await server.close();
    await rm(work, { recursive: true, force: true, maxRetries: 5 });
  }
}

try {
  await main();
} catch (error) {
  process.stderr.write(`screenshots: ${error instanceof Error ? error.message : String(error)}\n`);
  process.exitCode = 1;
}

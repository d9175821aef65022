import { spawn } from "node:child_process";
import { readdir } from "node:fs/promises";
import { join } from "node:path";
import { ensurePage } from "../src/commands/page-build.ts";
import { PACKAGE_DIR } from "../src/package-dir.ts";
import { findBrowser, installBrowser } from "./find-browser.ts";

// pnpm test [FILTER]... [OPTION]...
// Words choose the test files whose path contains one of them; options, with their
// value after "=", go to node's test runner.

async function main(args: readonly string[]): Promise<number> {
  const given = args.filter((arg) => arg !== "--");
  const options = given.filter((arg) => arg.startsWith("-"));
  const filters = given.filter((arg) => !arg.startsWith("-"));
  const files = await testFiles(filters);
  // Without a file the runner would look for some itself, or do nothing and call it a success.
  if (files.length === 0)
    return fail(`There is no test file${filters.map((word) => ` "${word}"`).join(",")}.`);

  const browser = await browserFor(files);
  if (browser === "none" && process.env["CI"] === "true") {
    return fail(
      "There is no browser and none could be installed; set RUNREEL_BROWSER to the path of a Chrome.",
    );
  }
  if (browser === "none") {
    say(
      "The browser tests will be skipped: no Chrome, Chromium or Edge was found and none could be installed. " +
        "Set RUNREEL_BROWSER to the path of one to run them.",
    );
  }
  // Once, here: test files that run side by side would each build it.
  await ensurePage(say);
  return run(
    files,
    options,
    browser === "none" || browser === "unneeded" ? {} : { RUNREEL_BROWSER: browser },
  );
}

async function testFiles(filters: readonly string[]): Promise<string[]> {
  const names = await readdir(join(PACKAGE_DIR, "test"), { recursive: true });
  return names
    .map((name) => `test/${name.replaceAll("\\", "/")}`)
    .filter((name) => /^test\/[^/]+\/[^/]+\.test\.ts$/.test(name))
    .filter((name) => filters.length === 0 || filters.some((word) => name.includes(word)))
    .sort();
}

async function browserFor(files: readonly string[]): Promise<string> {
  if (!files.some((name) => name.startsWith("test/e2e/"))) return "unneeded";
  return (await findBrowser()) ?? (await installBrowser(say)) ?? "none";
}

function run(
  files: readonly string[],
  options: readonly string[],
  env: Readonly<Record<string, string>>,
): Promise<number> {
  const limits = ["--test-concurrency=2", "--test-timeout=120000", "--test-reporter=spec"];
  const child = spawn(process.execPath, ["--import", "tsx", "--test", ...limits, ...options, ...files], {
    cwd: PACKAGE_DIR,
    env: { ...process.env, ...env },
    stdio: "inherit",
  });
  // Ctrl+C reaches the runner by itself; whoever ends only this process means the runner too.
  process.on("SIGINT", () => undefined);
  process.on("SIGTERM", () => child.kill("SIGTERM"));
  return new Promise((resolve, reject) => {
    child.on("error", reject);
    child.on("close", (code) => resolve(code ?? 1));
  });
}

function say(sentence: string): void {
  process.stderr.write(`${sentence}\n`);
}

function fail(sentence: string): number {
  say(sentence);
  return 1;
}

process.exitCode = await main(process.argv.slice(2));

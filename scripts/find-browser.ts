import { constants } from "node:fs";
import { access, stat } from "node:fs/promises";
import { chromium } from "playwright-core";
import { waysToInstall } from "./browser/install.ts";
import { browserPlaces } from "./browser/places.ts";

/**
 * The browser for the tests: the one that was named ($RUNREEL_BROWSER, $CHROME_PATH),
 * else one that is installed, else one that Playwright has downloaded.
 */
export async function findBrowser(env: NodeJS.ProcessEnv = process.env): Promise<string | undefined> {
  const named = [env["RUNREEL_BROWSER"], env["CHROME_PATH"]];
  for (const path of [...named, ...browserPlaces(process.platform, env), downloaded()]) {
    if (path !== undefined && path !== "" && (await isProgram(path))) return path;
  }
  return undefined;
}

const INSTALL_WITHIN_MS = 5 * 60_000;

/** Installs a browser where that can be done, in bounded time. Undefined if there still is none. */
export async function installBrowser(say: (sentence: string) => void = tell): Promise<string | undefined> {
  const deadline = AbortSignal.timeout(INSTALL_WITHIN_MS);
  for (const way of waysToInstall()) {
    if (deadline.aborted) return undefined;
    say(way.sentence);
    await way.attempt(deadline);
    const browser = await findBrowser();
    if (browser !== undefined) return browser;
  }
  return undefined;
}

/** Playwright knows no such place on a platform it does not support. */
function downloaded(): string | undefined {
  try {
    return chromium.executablePath();
  } catch {
    return undefined;
  }
}

async function isProgram(path: string): Promise<boolean> {
  try {
    await access(path, constants.X_OK);
    return (await stat(path)).isFile();
  } catch {
    return false;
  }
}

function tell(sentence: string): void {
  process.stderr.write(`${sentence}\n`);
}

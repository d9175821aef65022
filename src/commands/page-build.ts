import { spawn } from "node:child_process";
import { existsSync } from "node:fs";
import { readdir, stat } from "node:fs/promises";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { PACKAGE_DIR } from "../package-dir.ts";
import { isMissing } from "../sources/file-errors.ts";

export const PAGE_DIR: string = join(PACKAGE_DIR, "dist", "viewer");

/** What the page is made of. */
const INPUTS = ["viewer", "src/protocol", "vite.config.ts", "package.json", "pnpm-lock.yaml"];

/** The page could not be built; the message says what to do. */
export class PageBuildError extends Error {
  override readonly name = "PageBuildError";
}

/**
 * Sees to it that there is a page to serve: builds it when it is missing or older
 * than what it is made of. An installed package brings its page and has no source.
 */
export async function ensurePage(say: (text: string) => void): Promise<void> {
  const built = await newest(join(PAGE_DIR, "index.html"));
  if (!existsSync(join(PACKAGE_DIR, "viewer"))) {
    if (built === 0) throw new PageBuildError("The page is missing from the package; install runreel again.");
    return;
  }
  const inputs = await Promise.all(INPUTS.map((name) => newest(join(PACKAGE_DIR, name))));
  if (built >= Math.max(...inputs)) return;
  say(built === 0 ? "Building the page, once …" : "Building the page anew, its source has changed …");
  await build();
}

/** The newest time stamp at or below a path; 0 when there is nothing. */
async function newest(path: string): Promise<number> {
  try {
    const stats = await stat(path);
    if (!stats.isDirectory()) return stats.mtimeMs;
    const below = await Promise.all((await readdir(path)).map((name) => newest(join(path, name))));
    return Math.max(0, ...below);
  } catch (error) {
    if (isMissing(error)) return 0;
    throw error;
  }
}

/** In a process of its own: what the build needs in memory is gone when the viewer runs. */
async function build(): Promise<void> {
  const vite = join(dirname(createRequire(import.meta.url).resolve("vite/package.json")), "bin", "vite.js");
  const output: Buffer[] = [];
  const child = spawn(process.execPath, [vite, "build", "--logLevel", "warn"], {
    cwd: PACKAGE_DIR,
    stdio: ["ignore", "pipe", "pipe"],
  });
  child.stdout.on("data", (bytes: Buffer) => output.push(bytes));
  child.stderr.on("data", (bytes: Buffer) => output.push(bytes));
  const code = await new Promise<number | null>((resolve, reject) => {
    child.on("error", reject);
    child.on("close", resolve);
  });
  if (code === 0) return;
  throw new PageBuildError(`The page could not be built:\n${Buffer.concat(output).toString().trim()}`);
}

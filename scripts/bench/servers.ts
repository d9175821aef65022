import { execFile } from "node:child_process";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import type { LongRun } from "../demo/long-run.ts";
import { type ChildServer, startServer, typescript } from "./children.ts";
import { makeFolder } from "./temporary.ts";

const ROOT = fileURLToPath(new URL("../..", import.meta.url));
const BUILD_WITHIN_MS = 60_000;

/** Runreel by the protocol that is spoken with it, a reader without ideas, and the least that can be done. */
export const TARGETS = ["runreel.live.v1", "acpx.replay.v1", "naive", "floor"] as const;
export type TargetName = (typeof TARGETS)[number];

/** Builds the command and its page: what is measured is what a user runs. */
export async function buildRunreel(): Promise<void> {
  const vite = join(dirname(createRequire(import.meta.url).resolve("vite/package.json")), "bin", "vite.js");
  for (const config of [[], ["--config", "vite.cli.config.ts"]]) {
    const args = [vite, "build", "--logLevel", "warn", ...config];
    await promisify(execFile)(process.execPath, args, { cwd: ROOT, timeout: BUILD_WITHIN_MS });
  }
}

/** The built command. Its record is kept apart, so that it never meets the viewer of whoever measures. */
export async function startRunreel(runsDir: string, options: readonly string[] = []): Promise<ChildServer> {
  const home = await makeFolder();
  const args = [join("dist", "cli.js"), "start", "--runs-dir", runsDir, "--port", "0", "--json", ...options];
  try {
    const server = await startServer(args, { RUNREEL_HOME: home.folder });
    const stop = async () => {
      await server.stop();
      await home.remove();
    };
    return { ...server, stop };
  } catch (error) {
    await home.remove();
    throw error;
  }
}

export function startTarget(name: TargetName, runsDir: string, run: LongRun): Promise<ChildServer> {
  switch (name) {
    case "runreel.live.v1":
    case "acpx.replay.v1":
      return startRunreel(runsDir);
    case "naive":
      return startServer(typescript("scripts/bench/naive-server.ts", "--runs-dir", runsDir));
    case "floor":
      return startServer(typescript("scripts/bench/floor-server.ts", "--file", run.eventsFile));
  }
}

export function liveUrl(server: ChildServer): string {
  return `${server.url.replace(/^http/, "ws")}/api/live`;
}

export function naiveListServer(runsDir: string): Promise<ChildServer> {
  return startServer(typescript("scripts/bench/naive-list-server.ts", "--runs-dir", runsDir));
}

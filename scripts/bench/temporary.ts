import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type LongRun, type LongRunOptions, writeLongRun } from "../demo/long-run.ts";

/** A folder for as long as the task takes. */
export async function inFolder<Result>(task: (folder: string) => Promise<Result>): Promise<Result> {
  const folder = await mkdtemp(join(tmpdir(), "runreel-bench-"));
  try {
    return await task(folder);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

/** A long run in a folder of its own; a hundred events a step. */
export function withRun<Result>(
  options: Omit<LongRunOptions, "runsDir" | "steps">,
  task: (runsDir: string, run: LongRun) => Promise<Result>,
): Promise<Result> {
  return inFolder(async (runsDir) => {
    const steps = Math.ceil(options.events / 100);
    return task(runsDir, await writeLongRun({ ...options, runsDir, steps }));
  });
}

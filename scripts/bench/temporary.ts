import { rmSync } from "node:fs";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type LongRun, type LongRunOptions, writeLongRun } from "../demo/long-run.ts";

const folders = new Set<string>();
// However the bench ends, nothing that it wrote stays behind.
process.once("exit", () => {
  for (const folder of folders) rmSync(folder, { recursive: true, force: true });
});

/** A folder for as long as the task takes. */
export async function inFolder<Result>(task: (folder: string) => Promise<Result>): Promise<Result> {
  const { folder, remove } = await makeFolder();
  try {
    return await task(folder);
  } finally {
    await remove();
  }
}

export async function makeFolder(): Promise<{ folder: string; remove: () => Promise<void> }> {
  const folder = await mkdtemp(join(tmpdir(), "runreel-bench-"));
  folders.add(folder);
  const remove = async () => {
    await rm(folder, { recursive: true, force: true });
    folders.delete(folder);
  };
  return { folder, remove };
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

import { mkdirSync, renameSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { PATHS, RunRecord } from "../demo/run-record.ts";
import { runIdOf } from "../demo/ids.ts";

const MINUTE_MS = 60_000;
const WORDS = ["parcel", "cache", "login", "search", "export", "billing", "mail", "index"] as const;

/** A folder of runs that have ended, a minute after one another, the newest now. */
export function writeFinishedRuns(runsDir: string, count: number): void {
  for (let index = 0; index < count; index += 1) {
    writeFinishedRun(runsDir, index, new Date(Date.now() - (count - index) * MINUTE_MS));
  }
}

/**
 * One of them, as far as a list looks at it. Its manifest comes last and whole,
 * as acpx writes it; from then on it is a run.
 */
export function writeFinishedRun(runsDir: string, index: number, startedAt: Date): string {
  const word = WORDS[index % WORDS.length] ?? WORDS[0];
  const flowName = `review-${word}`;
  const runId = runIdOf(startedAt, flowName, index.toString(16).padStart(8, "0"));
  const record = new RunRecord({
    runId,
    flowName,
    runTitle: `Review of the ${word} change, number ${index}`,
    flowPath: `/workspace/parcel-sync/flows/${flowName}.flow.ts`,
    startedAt: startedAt.toISOString(),
    input: { change: index },
  });
  record.end("completed", new Date(startedAt.getTime() + MINUTE_MS).toISOString());
  const dir = join(runsDir, runId);
  mkdirSync(join(dir, "projections"), { recursive: true });
  writeFileSync(join(dir, PATHS.liveProjection), JSON.stringify(record.live()));
  writeFileSync(join(dir, "manifest.tmp"), JSON.stringify(record.manifest()));
  renameSync(join(dir, "manifest.tmp"), join(dir, "manifest.json"));
  return runId;
}

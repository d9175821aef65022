import type { Manifest, RunFile } from "../../protocol/bundle.ts";
import { isTerminal, readStatus, type RunStatus } from "../../protocol/status.ts";

/**
 * live.json over run.json: live is rewritten more often, and knows the step in
 * flight; what it lacks (input, outputs, results, steps) stays run's.
 *
 * Both are rewritten one after the other, so a reader can hold a new one and an
 * old one. Whatever was once terminal stays so: neither a live.json left behind
 * by an ended run nor an older file read late brings it back to running.
 */
export function mergeRun(run: RunFile | null, live: RunFile | null, previous: RunFile): RunFile {
  const merged = mergeFiles(run, live);
  return ended(previous) && !ended(merged) ? previous : merged;
}

function mergeFiles(run: RunFile | null, live: RunFile | null): RunFile {
  if (run === null) return live ?? {};
  if (live === null || (ended(run) && !ended(live))) return run;
  return { ...run, ...live };
}

function ended(file: RunFile): boolean {
  return isTerminal(file.status ?? "");
}

/** The status of all a run's files together; the manifest is written last and can lag, never lead. */
export function statusOf(manifest: Manifest, merged: RunFile): RunStatus {
  const manifestStatus = manifest.status ?? "";
  const word = isTerminal(manifestStatus) ? manifestStatus : (merged.status ?? manifestStatus);
  return readStatus(word);
}

/** acpx beats every 5 s while a run is in flight; a writer silent for three beats has probably died. */
export function allowedSilence(status: RunStatus): number | null {
  return isTerminal(status) || status === "waiting" ? null : 3 * 5_000;
}

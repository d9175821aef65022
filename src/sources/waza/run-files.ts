import { join } from "node:path";
import type { RunFiles } from "../source.ts";
import { resultFolders, transcriptFolders } from "./folders.ts";
import { isOf, ResultsFiles } from "./joined-results.ts";
import type { LogFiles } from "./log-files.ts";
import { isJsonName, type SessionPlace, type WazaPlace } from "./place.ts";
import { fileNameOf, isOfStart, readFileName } from "./transcript.ts";
import { TranscriptHeads } from "./transcript-files.ts";

/** Files above the log's folder are read but not shown. */
const NO_SHELVES: ReadonlySet<string> = new Set();

/**
 * What else lies in the folder is of other runs, or none of anybody's business. Whether a file is the
 * run's is told by itself and the log, whatever else there is.
 */
export function filesOf(place: WazaPlace, logs: LogFiles): RunFiles {
  return {
    dir: place.dir,
    async allows(name) {
      if (name === place.file) return true;
      if (place.kind === "results" || !isJsonName(name)) return false;
      return (await isResultsOf(place, name, logs)) || (await isTranscriptOf(place, name, logs));
    },
  };
}

async function isResultsOf({ dir, file, number }: SessionPlace, path: string, logs: LogFiles) {
  const name = nameIn(resultFolders(dir, NO_SHELVES), dir, path);
  if (name === null) return false;
  const { sessions } = await logs.at(dir, file).read();
  const session = sessions[number - 1];
  if (session === undefined || session.sums === null) return false;
  const head = await new ResultsFiles().head(name.dir, name.base);
  return head.kind === "known" && isOf(head.value, session);
}

async function isTranscriptOf({ dir, file, number }: SessionPlace, path: string, logs: LogFiles) {
  const name = nameIn(transcriptFolders(dir, NO_SHELVES), dir, path);
  const written = name === null ? null : readFileName(name.base);
  if (name === null || written === null) return false;
  const head = await new TranscriptHeads().read(name.dir, name.base);
  if (head.kind !== "known" || fileNameOf(head.value.task_name) !== written.task) return false;
  const { started_at, task_name } = head.value;
  const session = (await logs.sessionsOf(dir, file))[number - 1];
  return (
    session?.tests.some(
      (test) => test.name === task_name && test.startedAt !== null && isOfStart(started_at, test.startedAt),
    ) === true
  );
}

/** Null for a path that leads to none of the folders. */
function nameIn(folders: readonly string[], dir: string, path: string) {
  const at = path.lastIndexOf("/");
  const [below, base] = [path.slice(0, Math.max(0, at)), path.slice(at + 1)];
  const folder = folders.find((each) => each === join(dir, below));
  return folder === undefined || base === "" ? null : { dir: folder, base };
}

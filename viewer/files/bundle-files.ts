import type { RunState } from "../../src/protocol/bundle.ts";
import { isFileName } from "../live/file-address.ts";
import { humanise } from "../../src/protocol/humanise.ts";
import { fieldsOf, listOf, textOf } from "../playback/unknown.ts";

/** A file that its producer goes on writing. What it was at an earlier moment nobody knows. */
export interface BundleFile {
  readonly path: string;
  readonly what: string;
}

const OWN: readonly (readonly [field: string, what: string])[] = [
  ["flow", "The flow"],
  ["trace", "The trace"],
  ["runProjection", "Where the run stands"],
  ["liveProjection", "What it is at"],
  ["stepsProjection", "Its steps"],
];
const OF_A_SESSION: readonly (readonly [field: string, what: string])[] = [
  ["bindingPath", "binding"],
  ["recordPath", "record"],
  ["eventsPath", "events"],
];
const MOST_SESSIONS = 100;

/** The run's own files, as its manifest names them, and how many sessions' files are left out. */
export function bundleFiles(run: RunState): { readonly files: readonly BundleFile[]; readonly left: number } {
  const paths = fieldsOf(run.manifest.paths);
  const sessions = listOf(run.manifest.sessions);
  // An evaluation's folder is its producer's own: what lies there is what the source says.
  if (run.tally !== undefined) {
    const files: BundleFile[] = [];
    for (const [field, path] of Object.entries(paths)) add(files, path, humanise(field));
    return { files, left: 0 };
  }
  const files: BundleFile[] = [{ path: "manifest.json", what: "The manifest" }];
  for (const [field, what] of OWN) add(files, paths[field], what);
  for (const session of sessions.slice(0, MOST_SESSIONS)) {
    const fields = fieldsOf(session);
    const name = textOf(fields["id"]) ?? textOf(fields["handle"]) ?? "session";
    for (const [field, what] of OF_A_SESSION) add(files, fields[field], `Session ${name}: ${what}`);
  }
  return { files, left: Math.max(0, sessions.length - MOST_SESSIONS) };
}

function add(files: BundleFile[], path: unknown, what: string): void {
  const name = textOf(path);
  if (name !== null && isFileName(name)) files.push({ path: name, what });
}

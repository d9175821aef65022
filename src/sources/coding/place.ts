import { basename, dirname, join } from "node:path";
import { isSafeId } from "../../protocol/bundle.ts";
import type { Place } from "../source.ts";
import type { Digest } from "./digests.ts";
import type { CodingFormat, SessionFile } from "./format.ts";

/** Null for a place that no session's file could be. */
export function sessionAt(place: Place, format: CodingFormat): SessionFile | null {
  const name = basename(place);
  return format.isSessionName(name) ? { dir: dirname(place), name } : null;
}

/** What belongs to a session without being its file lies in here, if anywhere. */
export function folderOf({ dir, name }: SessionFile): string {
  return join(dir, baseOf(name));
}

/** What the run is called: as the session calls itself, or else as its file is. */
export function runIdOf({ sessionId }: Digest, { name }: SessionFile): string {
  return sessionId !== null && isSafeId(sessionId) ? sessionId : baseOf(name);
}

function baseOf(name: string): string {
  return name.replace(/(?<=.)\.[^.]*$/, "");
}

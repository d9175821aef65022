import type { Entry } from "./entry.ts";
import type { ShownTurn } from "./turns.ts";

/** Of two pictures of a conversation, was more said in the later one? What stands above it does not count. */
export function isMoreSaid(before: readonly ShownTurn[], after: readonly ShownTurn[]): boolean {
  if (before === after) return false;
  const known = lastEntries(before);
  const last = after.at(-1)?.sessionId;
  for (const [sessionId, entry] of lastEntries(after)) {
    const old = known.get(sessionId);
    // A session that was not there before may be an older one that was asked for.
    if (old === undefined ? sessionId === last : old !== entry) return true;
  }
  return false;
}

function lastEntries(turns: readonly ShownTurn[]): Map<string, Entry | undefined> {
  return new Map(turns.map(({ entries, sessionId }) => [sessionId, entries.at(-1)]));
}

import { computed, signal } from "@preact/signals";
import { jumps } from "../playback/playback.ts";
import type { Entry } from "./entry.ts";

/** What somebody went to the conversation for: words that were complete at a line of a session. */
export interface Sought {
  readonly sessionId: string;
  readonly line: number;
  readonly words: string;
}

const current = signal<(Sought & { readonly jumps: number }) | null>(null);

/** Until somebody goes elsewhere. */
export const sought = computed((): Sought | null =>
  current.value !== null && current.value.jumps === jumps.value ? current.value : null,
);

/** To be called at the moment at which it is to be seen. */
export function seek(what: Sought): void {
  current.value = { ...what, jumps: jumps.peek() };
}

interface Told {
  readonly sessionId: string;
  readonly entries: readonly Entry[];
}

/** The line that the entry begins with in which the sought words stand; null where it is not shown. */
export function entryOf(turns: readonly Told[], { line, sessionId }: Sought): number | null {
  let found: Entry | null = null;
  for (const turn of turns) {
    if (turn.sessionId !== sessionId) continue;
    for (const entry of turn.entries) {
      if (changedAt(entry) === line) return entry.line;
      if (entry.line <= line && (found === null || entry.line > found.line)) found = entry;
    }
  }
  return found?.line ?? null;
}

/** Of what is replaced as a whole, where it was last; what only grows holds all lines up to the next entry. */
function changedAt(entry: Entry): number {
  return entry.kind === "tool" || entry.kind === "plan" ? entry.changed : entry.line;
}

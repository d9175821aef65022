import { computed, signal } from "@preact/signals";
import { MAIN_SESSION } from "../../src/protocol/turn-lines.ts";
import { isCoding } from "./coding.ts";
import { indexed, life, moment } from "./playback.ts";

/**
 * Whose conversation is shown. A coding session's own is that with the person; a subagent's is shown once
 * somebody asks for it, and no longer than it is known at the moment that is looked at.
 */
const asked = signal<{ readonly of: typeof life.value; readonly session: string } | null>(null);

/** Null: those of all sessions together, as of any other run. */
export const shownSession = computed((): string | null => {
  if (!isCoding.value) return null;
  const wanted = asked.value;
  const agents = indexed.value?.index.trace.table.agents;
  if (wanted === null || wanted.of !== life.value || agents === undefined) return MAIN_SESSION;
  return agents.ofSession(wanted.session, moment.value) === null ? MAIN_SESSION : wanted.session;
});

export function showSession(session: string): void {
  asked.value = { of: life.peek(), session };
}

/** The session of the subagent that a tool call started, as far as that is known at the moment. */
export function agentOfCall(call: string): string | null {
  if (!isCoding.value) return null;
  const table = indexed.value?.index.trace.table;
  return table?.agents.ofCall(call, moment.value)?.session ?? null;
}

import { readRecord } from "./records.ts";

/** Kinds of records that stand in a conversation, and those beside it that name their session too. */
const SAID = new Set(["user", "assistant", "system", "attachment", "progress"]);
const BESIDE = new Set([
  "queue-operation",
  "pr-link",
  "ai-title",
  "custom-title",
  "agent-name",
  "last-prompt",
  "mode",
  "permission-mode",
]);

/**
 * Is this a record of Claude Code? A summary or a snapshot of files alone is not enough: there are
 * files of nothing else, in which nobody ever said anything.
 */
export function isRecord(value: unknown): boolean {
  const record = readRecord(value);
  if (record === null || !record.sessionId || !record.type) return false;
  return BESIDE.has(record.type) || (SAID.has(record.type) && Boolean(record.uuid));
}

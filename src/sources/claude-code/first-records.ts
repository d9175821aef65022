import { type ClaudeRecord, readRecord } from "./records.ts";

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

/** So many records of nothing said are the beginning of something: a file may have a summary for each that it goes on from. */
const LONG_HEAD = 10;

/**
 * Are these the first records of a session? A summary or a snapshot of files alone is not enough: there are
 * files of nothing else, in which nobody ever said anything.
 */
export function isSession(records: readonly unknown[]): boolean {
  const read = records.flatMap((each) => readRecord(each) ?? []);
  return read.some(isOfSession) || (read.length >= LONG_HEAD && read.every(isBefore));
}

function isOfSession({ sessionId, type, uuid }: ClaudeRecord): boolean {
  if (!sessionId || !type) return false;
  return BESIDE.has(type) || (SAID.has(type) && Boolean(uuid));
}

function isBefore({ leafUuid, messageId, type }: ClaudeRecord): boolean {
  return (
    (type === "summary" && Boolean(leafUuid)) || (type === "file-history-snapshot" && Boolean(messageId))
  );
}

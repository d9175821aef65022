import type { CodingFormat } from "../coding/format.ts";
import { agentsOf } from "./agent-files.ts";
import { eventOf } from "./events.ts";
import { ClaudeFacts } from "./facts.ts";
import { isRecord } from "./sign.ts";

/** Sessions of Claude Code: a file each, a record a line. */
export const claudeCodeFormat: CodingFormat = {
  type: "claude-code",
  label: "Claude Code",
  provider: "anthropic",
  below: ["projects/*"],
  isSessionName: (name) => name.endsWith(".jsonl") && name.length > ".jsonl".length,
  isSession: (records) => records.some(isRecord),
  facts: (file) => new ClaudeFacts(file),
  eventOf,
  agentsOf,
};

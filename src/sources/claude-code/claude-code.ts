import type { CodingFormat } from "../coding/format.ts";
import { agentsOf, isAgent } from "./agent-files.ts";
import { eventOf } from "./events.ts";
import { ClaudeFacts } from "./facts.ts";
import { isFlatName, spawnerOf } from "./flat-agents.ts";
import { isSession } from "./first-records.ts";

/** Sessions of Claude Code: a file each, a record a line. */
export const claudeCodeFormat: CodingFormat = {
  type: "claude-code",
  label: "Claude Code",
  provider: "anthropic",
  below: ["projects/*"],
  isSessionName: (name) => name.endsWith(".jsonl") && name.length > ".jsonl".length,
  isSession,
  isAgent,
  saysAgent: (records, file) => spawnerOf(records, file) !== null,
  isAgentName: isFlatName,
  facts: (file) => new ClaudeFacts(file),
  eventOf,
  agentsOf,
};

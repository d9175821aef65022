import type { CodingFormat } from "../coding/format.ts";
import { agentsOf, isAgent } from "./agents.ts";
import { eventOf } from "./event.ts";
import { CodexFacts } from "./facts.ts";
import { codexRecord } from "./record.ts";
import { threadIn } from "./threads.ts";

/** Rollout files of Codex: a record in a line, `{timestamp, type, payload}`, the first of them of the thread. */
export const codexFormat: CodingFormat = {
  type: "codex",
  label: "Codex",
  provider: "openai",
  below: ["sessions/*/*/*", "archived_sessions"],
  isSessionName: (name) => name.endsWith(".jsonl"),
  isSession: (records) => records.slice(0, 1).some((record) => codexRecord(record)?.kind === "session_meta"),
  isAgent,
  saysAgent: (records, file) => (threadIn(file.name, records[0])?.spawner ?? null) !== null,
  isAgentName: (name) => name.endsWith(".jsonl"),
  facts: () => new CodexFacts(),
  eventOf,
  agentsOf,
};

import type { RunIndex } from "../playback/run-index.ts";
import type { StepTable } from "../playback/step-table.ts";
import { NOWHERE } from "../playback/columns.ts";

/** Their order among the types on offer: first what the trace tells, then what was said. */
const ORDER: readonly string[] = [
  "test_started",
  "grader_result",
  "test_result",
  "test_files",
  "tests_counted",
  "turn_started",
  "turn_ended",
  "usage_recorded",
  "session_mark",
  "agent_started",
  "agent_ended",
  "node_started",
  "node_outcome",
  "node_heartbeat",
  "acp_prompt_prepared",
  "acp_response_parsed",
  "action_prepared",
  "action_completed",
  "artifact_written",
  "session_bound",
  "session/prompt",
  "agent_message_chunk",
  "agent_thought_chunk",
  "tool_call",
  "tool_call_update",
  "plan",
  "session/request_permission",
  "notice",
  "result",
  "error",
];

/** Types of which there were events at `at`, however far back they lie: what the outlines tell of it. */
export function typesBy(index: RunIndex, at: number): ReadonlySet<string> {
  const types = new Set<string>();
  const { table } = index.trace;
  const [started, ended] = namesIn(table);
  if (table.begunBy(at) > 0) types.add(started);
  if (table.begunBy(at) > 0 && table.endLineBy(0, at) !== NOWHERE) types.add(ended);
  if (table.usage.knownBy(at) > 0) types.add("usage_recorded");
  if (table.marks.by(at).length > 0) types.add("session_mark");
  if (table.agents.by(at).length > 0) types.add("agent_started");
  for (const session of index.sessionTables) {
    if (session.turnsBy(at) > 0) types.add("session/prompt");
    if (session.toolsBy(at) > 0) types.add("tool_call");
  }
  return types;
}

/** What begins and ends an attempt in this run. */
function namesIn(table: StepTable): readonly [started: string, ended: string] {
  if (table.hasTurns) return ["turn_started", "turn_ended"];
  return table.tests.isEmpty ? ["node_started", "node_outcome"] : ["test_started", "test_result"];
}

/** All of them, each where it always stands. */
export function offeredTypes(...sources: readonly Iterable<string>[]): string[] {
  const place = (type: string) => (ORDER.includes(type) ? ORDER.indexOf(type) : ORDER.length);
  const all = new Set(sources.flatMap((source) => [...source]));
  return [...all].sort((left, right) => place(left) - place(right) || (left < right ? -1 : 1));
}

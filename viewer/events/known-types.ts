/**
 * The types that are always offered: an event of a rare one may lie far from what
 * is shown, and who looks for it has to be able to say so.
 */
const KNOWN = [
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
  "result",
  "error",
] as const;

/** Those that were seen, the most frequent first; then the others. */
export function offeredTypes(seen: ReadonlyMap<string, number>, chosen: ReadonlySet<string>): string[] {
  const byCount = [...seen].sort(([left, more], [right, less]) => less - more || (left < right ? -1 : 1));
  return [...new Set([...byCount.map(([type]) => type), ...chosen, ...KNOWN])];
}

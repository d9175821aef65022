import { sep } from "node:path";

/** Where a session's subagents lie: `<session-id>/subagents/agent-<id>.jsonl`, with a `.meta.json` beside. */
export const AGENTS = "subagents";

/** Names a subagent's session in the run. */
export function agentKey(agentId: string): string {
  return `agent-${agentId}`;
}

export function isAmongAgents(dir: string): boolean {
  return dir.split(sep).includes(AGENTS);
}

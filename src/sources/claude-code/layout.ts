/** Where a session's subagents lie: `<session-id>/subagents/agent-<id>.jsonl`, with a `.meta.json` beside. */
export const AGENTS = "subagents";

/** Names a subagent's session in the run. */
export function agentKey(agentId: string): string {
  return `agent-${agentId}`;
}

const UUID = /^[\da-f]{8}(?:-[\da-f]{4}){3}-[\da-f]{12}$/i;

/** A session's file has its id for a name; null: it is called otherwise. */
export function sessionNamedBy(name: string): string | null {
  const stem = name.replace(/\.jsonl$/, "");
  return UUID.test(stem) ? stem : null;
}

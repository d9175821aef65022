import type { AgentFile, SessionFile } from "../coding/format.ts";

export async function agentsOf(_file: SessionFile): Promise<readonly AgentFile[]> {
  return [];
}

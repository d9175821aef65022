import { sha256 } from "./ids.ts";
import type { SessionBinding } from "./run-record.ts";
import type { Story } from "./story-shape.ts";

/**
 * The names of a session. The main session is keyed by the agent, the folder and
 * the handle; an isolated one belongs to the attempt that opened it.
 */
export function bindingFor(story: Story, id: string, isolatedFor?: string): SessionBinding {
  const { agentName, agentCommand, cwd, flowName } = story;
  const agent = { agentName, agentCommand, cwd, acpxRecordId: id, acpSessionId: id };
  const short = (text: string) => sha256(text).slice(0, 8);
  if (isolatedFor !== undefined) {
    const key = `isolated::${isolatedFor}`;
    const bundleId = `isolated-${isolatedFor.replace("#", "-")}-${short(key)}`;
    return { key, handle: "isolated", bundleId, name: `${flowName}-${isolatedFor}-${short(id)}`, ...agent };
  }
  const key = JSON.stringify([agentCommand, null, cwd, "main"]);
  const name = `${flowName}-main-${short(cwd)}-${short(id)}`;
  return { key, handle: "main", bundleId: `main-${short(key)}`, name, ...agent };
}

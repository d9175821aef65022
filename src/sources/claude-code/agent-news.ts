import { isSafeId } from "../../protocol/bundle.ts";
import type { Fact } from "../coding/fact.ts";
import type { Result } from "./calls.ts";
import { agentKey } from "./layout.ts";
import { type ClaudeRecord, fieldsOf, stringOf } from "./records.ts";

/** When subagents begin and have answered, as the session that started them tells. Each once. */
export class AgentNews {
  /** Calls that start one, and when they did. */
  readonly #calls = new Map<string, number>();
  /** The call of each agent that has begun. */
  readonly #begun = new Map<string, string>();
  readonly #over = new Set<string>();

  called(tool: string, call: string, at: number): void {
    if (tool === "Task" || tool === "Agent") this.#calls.set(call, at);
  }

  /** While it works some versions tell what it does. */
  progress({ data, parentToolUseID }: ClaudeRecord, at: number): Fact[] {
    const isAgents = data?.type === "agent_progress" && data.agentId && parentToolUseID;
    return isAgents ? this.#begin(data.agentId ?? "", parentToolUseID ?? "", at) : [];
  }

  /** A result names the agent, which has answered or works on in the background. */
  result({ details, id }: Result, at: number): Fact[] {
    const { agentId, isAsync, status, task } = fieldsOf(details);
    const agent = stringOf(agentId);
    if (agent !== null && this.#calls.has(id)) {
      const begun = this.#begin(agent, id, this.#calls.get(id) ?? at);
      const goesOn = isAsync === true || status === "async_launched";
      return goesOn ? begun : [...begun, ...this.over(agent, at)];
    }
    const asked = fieldsOf(task);
    const isOver = /^(?:completed|failed|killed|stopped)$/.test(stringOf(asked["status"]) ?? "");
    return isOver ? this.over(stringOf(asked["task_id"]) ?? "", at) : [];
  }

  /** Of a task that is no agent's nothing is told. */
  over(agent: string, at: number): Fact[] {
    const call = this.#begun.get(agent);
    if (call === undefined || this.#over.has(agent)) return [];
    this.#over.add(agent);
    return [{ is: "agent", at, agent: agentKey(agent), call, isOver: true }];
  }

  #begin(agent: string, call: string, at: number): Fact[] {
    if (this.#begun.has(agent) || !isSafeId(agentKey(agent))) return [];
    this.#begun.set(agent, call);
    return [{ is: "agent", at, agent: agentKey(agent), call, isOver: false }];
  }
}

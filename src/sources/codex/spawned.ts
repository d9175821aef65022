import { type CodexRecord, fieldsOf, textOf } from "./record.ts";

/** Subagents, as the file that started them tells of them. */
interface SpawnedAgent {
  readonly thread: string;
  readonly call: string;
  readonly isOver: boolean;
}

export function agentId(thread: string): string {
  return `agent-${thread}`;
}

export function agentsIn(record: CodexRecord): SpawnedAgent[] {
  switch (record.kind) {
    case "event_msg/collab_agent_spawn_end": {
      const { call_id: call, new_thread_id: thread } = record.payload;
      return thread === null || thread === "" ? [] : [{ thread, call, isOver: false }];
    }
    case "event_msg/collab_close_end": {
      const { call_id: call, receiver_thread_id: thread } = record.payload;
      return thread === null ? [] : [{ thread, call, isOver: true }];
    }
    case "event_msg/collab_waiting_end":
      return overIn(record.payload.statuses, record.payload.call_id);
    case "response_item/function_call_output": {
      const { call_id: call, output } = record.payload;
      const told = toldIn(output);
      const thread = textOf(told["agent_id"]);
      if (thread !== null) return [{ thread, call, isOver: false }];
      return overIn(fieldsOf(told["status"]), call);
    }
    default:
      return [];
  }
}

/** By thread: "running", or what it came to. */
function overIn(statuses: Readonly<Record<string, unknown>> | null, call: string): SpawnedAgent[] {
  return Object.entries(statuses ?? {}).flatMap(([thread, status]) =>
    isEnd(status) ? [{ thread, call, isOver: true }] : [],
  );
}

function isEnd(status: unknown): boolean {
  const words = typeof status === "string" ? [status] : Object.keys(fieldsOf(status));
  return words.some((word) => ["completed", "errored", "failed", "shutdown"].includes(word));
}

function toldIn(output: unknown): Readonly<Record<string, unknown>> {
  if (typeof output !== "string" || !/^\{\s*"(?:agent_id|status)"/.test(output)) return {};
  try {
    return fieldsOf(JSON.parse(output));
  } catch {
    return {};
  }
}

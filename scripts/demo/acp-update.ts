/** The `session/update` kinds of the Agent Client Protocol that the demo's agent sends. */

interface TextBlock {
  readonly type: "text";
  readonly text: string;
}

export interface PlanEntry {
  readonly content: string;
  readonly priority: "high" | "medium" | "low";
  readonly status: "pending" | "in_progress" | "completed";
}

export type ToolContent =
  | { readonly type: "content"; readonly content: TextBlock }
  | { readonly type: "diff"; readonly path: string; readonly oldText: string; readonly newText: string };

export interface ToolCallStart {
  readonly sessionUpdate: "tool_call";
  readonly toolCallId: string;
  readonly title: string;
  readonly kind: string;
  readonly status: "pending";
  readonly rawInput: Readonly<Record<string, unknown>>;
  readonly locations: readonly { readonly path: string; readonly line?: number }[];
}

export interface ToolCallChange {
  readonly sessionUpdate: "tool_call_update";
  readonly toolCallId: string;
  readonly status: "in_progress" | "completed" | "failed";
  readonly content?: readonly ToolContent[];
  readonly rawOutput?: Readonly<Record<string, unknown>>;
}

export type AcpUpdate =
  | { readonly sessionUpdate: "agent_message_chunk" | "agent_thought_chunk"; readonly content: TextBlock }
  | { readonly sessionUpdate: "plan"; readonly entries: readonly PlanEntry[] }
  | {
      readonly sessionUpdate: "available_commands_update";
      readonly availableCommands: readonly { readonly name: string; readonly description: string }[];
    }
  | {
      readonly sessionUpdate: "usage_update";
      /** Tokens of the context, and how many there is room for. */
      readonly used: number;
      readonly size: number;
      /** Of the session until now. */
      readonly cost: { readonly amount: number; readonly currency: string };
    }
  | ToolCallStart
  | ToolCallChange;

import type { AcpUpdate, ToolCallChange, ToolCallStart } from "./acp-update.ts";

interface AgentMessage {
  content: Record<string, Record<string, unknown> | string>[];
  tool_results: Record<string, unknown>;
}

/** The `messages` of a session's record.json: its events, folded into one entry a turn and a side. */
export class ConversationRecord {
  readonly #messages: object[] = [];
  readonly #tools = new Map<string, ToolCallStart>();
  #agent: AgentMessage | undefined;
  #open: { kind: "Text" | "Thinking"; text: string } | undefined;

  get length(): number {
    return this.#messages.length;
  }

  addPrompt(id: string, text: string): void {
    this.#closeText();
    this.#agent = undefined;
    this.#messages.push({ User: { id, content: [{ Text: text }] } });
  }

  fold(update: AcpUpdate): void {
    switch (update.sessionUpdate) {
      case "agent_message_chunk":
        return this.#addText("Text", update.content.text);
      case "agent_thought_chunk":
        return this.#addText("Thinking", update.content.text);
      case "tool_call":
        return this.#addTool(update);
      case "tool_call_update":
        return this.#addToolResult(update);
      case "plan":
      case "usage_update":
      case "available_commands_update":
        return undefined;
    }
  }

  toJSON(): object[] {
    this.#closeText();
    return this.#messages;
  }

  #turn(): AgentMessage {
    if (this.#agent === undefined) {
      this.#agent = { content: [], tool_results: {} };
      this.#messages.push({ Agent: this.#agent });
    }
    return this.#agent;
  }

  #addText(kind: "Text" | "Thinking", text: string): void {
    this.#turn();
    if (this.#open?.kind !== kind) this.#closeText();
    this.#open = { kind, text: (this.#open?.text ?? "") + text };
  }

  #closeText(): void {
    const open = this.#open;
    if (open === undefined) return;
    this.#open = undefined;
    const entry = open.kind === "Text" ? open.text : { text: open.text, signature: null };
    this.#turn().content.push({ [open.kind]: entry });
  }

  #addTool(call: ToolCallStart): void {
    this.#closeText();
    this.#tools.set(call.toolCallId, call);
    this.#turn().content.push({
      ToolUse: {
        id: call.toolCallId,
        name: call.title,
        raw_input: JSON.stringify(call.rawInput),
        input: call.rawInput,
        is_input_complete: true,
        thought_signature: null,
      },
    });
  }

  #addToolResult(change: ToolCallChange): void {
    if (change.status === "in_progress") return;
    this.#turn().tool_results[change.toolCallId] = {
      tool_use_id: change.toolCallId,
      tool_name: this.#tools.get(change.toolCallId)?.title ?? change.toolCallId,
      is_error: change.status === "failed",
      content: { Text: JSON.stringify(change.rawOutput ?? {}) },
      output: change.rawOutput ?? {},
    };
  }
}

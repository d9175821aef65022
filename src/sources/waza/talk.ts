import type { Talk } from "../evaluation/evaluation-draft.ts";
import type { ToolEvent, TranscriptEvent } from "./results.ts";
import { toolKind } from "../tool-kind.ts";

/** What a trial said, as the files have it. */
export interface Said {
  readonly transcript: readonly TranscriptEvent[];
  /** The same calls once more in newer files; used where the transcript has none. */
  readonly tools: readonly ToolEvent[];
  readonly prompt: string | null;
  readonly finalOutput: string | null;
  readonly tokens: number | null;
}

/** Names of events, in their newer and their older form. */
const USER = new Set(["user.message", "UserMessage"]);
const AGENT = new Set(["assistant.message", "Turn", "AssistantMessage"]);
const DELTA = new Set(["assistant.message_delta", "assistant.streaming_delta"]);
const THOUGHT = new Set(["assistant.reasoning", "Reasoning"]);
const CALL = new Set(["tool.execution_start", "ToolExecutionStart"]);
const CALLED = new Set(["tool.execution_complete", "ToolExecutionComplete"]);
const ERROR = new Set(["session.error", "Error"]);

/**
 * A trial's transcript as ACP. `id` names the trial: no two of a run have the same,
 * so its calls and prompts are told from all others. Every line repeats it, so it is short.
 */
export function talkOf(id: string, said: Said): Talk[] {
  return new Translation(id, said).talk;
}

class Translation {
  readonly talk: Talk[] = [];
  readonly #id: string;
  readonly #tokens: number | null;
  #turns = 0;
  #isAnswered = true;
  /** Said in pieces, while the whole of it has not come. */
  #pieces = "";
  #hasSpoken = false;
  /** The last that was said: two messages in a row are two paragraphs. */
  #last: "text" | "thought" | "other" = "other";
  readonly #calls = new Map<string, string>();
  #called = 0;

  constructor(id: string, { finalOutput, prompt, tokens, tools, transcript }: Said) {
    this.#id = id;
    this.#tokens = tokens;
    const [first] = transcript;
    const asksItself = first !== undefined && transcript.some(({ type }) => USER.has(type));
    if (!asksItself && prompt !== null && prompt !== "") this.#ask(prompt);
    for (const event of transcript) this.#take(event);
    if (!transcript.some(({ type }) => CALL.has(type) || CALLED.has(type)))
      for (const tool of tools) this.#tool(tool);
    this.#flush();
    if (!this.#hasSpoken && finalOutput !== null && finalOutput !== "") this.#speak(finalOutput);
    this.#answer();
  }

  #take(event: TranscriptEvent): void {
    const { type } = event;
    const text = textOf(event.content) ?? "";
    if (DELTA.has(type)) this.#pieces += text;
    else if (AGENT.has(type)) {
      // It repeats what came in pieces.
      if (text !== "") this.#pieces = "";
      this.#flush();
      this.#speak(text);
    } else if (USER.has(type)) {
      this.#flush();
      this.#ask(text);
    } else if (THOUGHT.has(type)) {
      this.#flush();
      this.#chunk("agent_thought_chunk", "thought", text);
    } else if (CALL.has(type)) {
      this.#flush();
      this.#begin(event);
    } else if (CALLED.has(type)) {
      this.#flush();
      this.#end(event);
    } else if (ERROR.has(type)) {
      this.#flush();
      this.#fail(textOf(event.message) ?? text);
    }
  }

  #flush(): void {
    const pieces = this.#pieces;
    this.#pieces = "";
    this.#speak(pieces);
  }

  #ask(text: string): void {
    this.#answer();
    this.#turns += 1;
    this.#isAnswered = false;
    this.#last = "other";
    this.talk.push({
      direction: "outbound",
      message: {
        jsonrpc: "2.0",
        id: this.#turnId,
        method: "session/prompt",
        params: { sessionId: this.#id, prompt: [{ type: "text", text }] },
      },
    });
  }

  #speak(text: string): void {
    if (text === "") return;
    this.#hasSpoken = true;
    this.#chunk("agent_message_chunk", "text", text);
  }

  #chunk(sessionUpdate: string, kind: "text" | "thought", text: string): void {
    if (text === "") return;
    const apart = this.#last === kind ? "\n\n" : "";
    this.#last = kind;
    this.#update({ sessionUpdate, content: { type: "text", text: apart + text } });
  }

  #begin({ arguments: input, tool_call_id, tool_name }: TranscriptEvent): void {
    const name = tool_name ?? "";
    const call = this.#newCall(tool_call_id ?? "");
    this.#last = "other";
    this.#update({
      sessionUpdate: "tool_call",
      toolCallId: call,
      title: name,
      kind: toolKind(name),
      status: "in_progress",
      ...(input === undefined || input === null ? {} : { rawInput: input }),
    });
  }

  #end({ success, tool_call_id, tool_name, tool_result }: TranscriptEvent): void {
    const known = this.#calls.get(tool_call_id ?? "");
    this.#calls.delete(tool_call_id ?? "");
    const name = tool_name ?? "";
    this.#last = "other";
    this.#update({
      ...(known === undefined
        ? { sessionUpdate: "tool_call", toolCallId: this.#newCall(""), title: name, kind: toolKind(name) }
        : { sessionUpdate: "tool_call_update", toolCallId: known }),
      status: success === false ? "failed" : "completed",
      ...outputOf(tool_result),
    });
  }

  #tool({ args, error, result, success, tool_name }: ToolEvent): void {
    const name = tool_name ?? "";
    this.#last = "other";
    this.#update({
      sessionUpdate: "tool_call",
      toolCallId: this.#newCall(""),
      title: name,
      kind: toolKind(name),
      status: success === false ? "failed" : "completed",
      ...(args === undefined || args === null ? {} : { rawInput: args }),
      ...outputOf(result ?? error),
    });
  }

  /** By a running number: every line of a call repeats its id, and the producer's may be of any length. */
  #newCall(id: string): string {
    this.#called += 1;
    const call = `${this.#id}/c${this.#called}`;
    if (id !== "") this.#calls.set(id, call);
    return call;
  }

  #fail(message: string): void {
    this.#last = "other";
    this.#isAnswered = true;
    const text = message === "" ? "The session failed." : message;
    this.talk.push({
      direction: "inbound",
      message: { jsonrpc: "2.0", id: this.#turnId, error: { code: -32_000, message: text } },
    });
  }

  #answer(): void {
    if (this.#isAnswered) return;
    this.#isAnswered = true;
    // What a trial took is known of the whole of it alone.
    const usage = this.#turns === 1 && this.#tokens !== null ? { usage: { totalTokens: this.#tokens } } : {};
    this.talk.push({
      direction: "inbound",
      message: { jsonrpc: "2.0", id: this.#turnId, result: { stopReason: "end_turn", ...usage } },
    });
  }

  get #turnId(): string {
    return `${this.#id}/${this.#turns}`;
  }

  #update(update: Record<string, unknown>): void {
    this.talk.push({
      direction: "inbound",
      message: { jsonrpc: "2.0", method: "session/update", params: { sessionId: this.#id, update } },
    });
  }
}

function outputOf(result: unknown): Record<string, unknown> {
  if (result === undefined || result === null) return {};
  const text = textOf(result) ?? contentOf(result);
  const content = text === null ? {} : { content: [{ type: "content", content: { type: "text", text } }] };
  return { ...content, rawOutput: result };
}

function contentOf(result: unknown): string | null {
  return typeof result === "object" && result !== null && "content" in result ? textOf(result.content) : null;
}

function textOf(value: unknown): string | null {
  return typeof value === "string" ? value : null;
}

import type { Talk } from "../evaluation/evaluation-draft.ts";
import type { Message, Row, ToolCall } from "./row.ts";
import { cutText, cutValue } from "./text.ts";
import { toolKind } from "../tool-kind.ts";

/** So much of a tool's argument is part of its title. */
const TITLE_CHARS = 80;
/** So many lines are told of one test: nobody reads on, and a row of a few megabytes may make half a million. */
const MOST_LINES = 20_000;
/** Of one prompt. */
const MOST_PARTS = 1_000;
const GOES_ON = "… (It goes on: this test said too much to be shown.)";
/** The argument that tells most of a call, by the names that tools give it. */
const TELLING = ["file_path", "path", "command", "cmd", "pattern", "query", "url", "file", "filename"];

type Fields = Readonly<Record<string, unknown>>;

/**
 * What was said in a test, as ACP has it. `session` tells the attempt from all others of the
 * run: the ids of requests and calls are made with it, for agents count their calls anew in
 * each test, and all tests share a log. It stands in every line, so it is short.
 */
export function talkOf(messages: readonly Message[], session: string, row: Row): Talk[] {
  const translation = new Translation(session, statuses(row));
  for (const message of messages) {
    if (translation.isLong) break;
    translation.add(message);
  }
  return translation.end();
}

/** How calls went, where a row says so apart from them. */
function statuses({ trace }: Row): ReadonlyMap<string, string> {
  return new Map((trace?.events ?? []).map(({ tool }) => [tool.call_id, tool.status]));
}

class Translation {
  readonly #session: string;
  readonly #statuses: ReadonlyMap<string, string>;
  readonly #talk: Talk[] = [];
  /** What a prompt that is still being gathered says. */
  #asked: string[] = [];
  #prompts = 0;
  #isAnswered = true;
  #calls = 0;

  constructor(session: string, callStatuses: ReadonlyMap<string, string>) {
    this.#session = session;
    this.#statuses = callStatuses;
  }

  add(message: Message): void {
    const { content, reasoning, role, thinking, tool_calls } = message;
    switch (role) {
      case "user":
      case "system":
      case "developer":
        this.#asked.push(...partsOf(content).map(({ text }) => text));
        return;
      case "tool":
      case "function":
        this.#prompt();
        return this.#call({ tool: "result", output: content });
      default:
        this.#prompt();
        for (const thought of [thinking, reasoning]) if (thought) this.#say("agent_thought_chunk", thought);
        for (const { kind, text } of partsOf(content)) this.#say(kind, text);
        for (const call of tool_calls) this.#call(call);
    }
  }

  /** Nothing more is taken in. */
  get isLong(): boolean {
    return this.#talk.length >= MOST_LINES;
  }

  end(): Talk[] {
    this.#prompt();
    if (this.isLong)
      this.#tell({ sessionUpdate: "agent_message_chunk", content: { type: "text", text: GOES_ON } });
    this.#answer();
    return this.#talk;
  }

  /** Messages of the user and of the system that follow one another are one prompt, which begins a turn. */
  #prompt(): void {
    if (this.#asked.length === 0) return;
    this.#answer();
    this.#prompts += 1;
    const prompt = this.#asked.slice(0, MOST_PARTS).map((text) => ({ type: "text", text: cutText(text) }));
    const params = { sessionId: this.#session, prompt };
    this.#push("outbound", { id: this.#request(), method: "session/prompt", params });
    this.#asked = [];
    this.#isAnswered = false;
  }

  #answer(): void {
    if (this.#isAnswered) return;
    this.#push("inbound", { id: this.#request(), result: { stopReason: "end_turn" } });
    this.#isAnswered = true;
  }

  #request(): string {
    return `${this.#session}/${this.#prompts}`;
  }

  #say(kind: "agent_message_chunk" | "agent_thought_chunk", text: string): void {
    if (text !== "") this.#update({ sessionUpdate: kind, content: { type: "text", text: cutText(text) } });
  }

  #call(call: Pick<ToolCall, "tool"> & Partial<ToolCall>): void {
    this.#calls += 1;
    const { duration_ms, end_time, id, input, output, start_time, tool } = call;
    const given = fieldsOf(input);
    const status = call.status ?? (id == null ? undefined : this.#statuses.get(id)) ?? "ok";
    const path = textOf(given, ["file_path", "path", "file", "filename"]);
    const diff = diffOf(given, path);
    const took = {
      ...(start_time == null ? {} : { startedAt: start_time }),
      ...(end_time == null ? {} : { finishedAt: end_time }),
      ...(duration_ms == null ? {} : { durationMs: duration_ms }),
    };
    this.#update({
      sessionUpdate: "tool_call",
      // The count keeps two calls of one id apart, too.
      toolCallId: `${this.#session}/${this.#calls}/${id ?? ""}`,
      title: titleOf(tool, given),
      kind: toolKind(tool),
      status: /^(?:error|failed|failure)$/i.test(status) ? "failed" : "completed",
      ...(input == null ? {} : { rawInput: cutValue(input) }),
      ...(output == null ? {} : { rawOutput: cutValue(output) }),
      ...(path === null ? {} : { locations: [{ path }] }),
      ...(diff === null ? {} : { content: [diff] }),
      ...(Object.keys(took).length === 0 ? {} : { _meta: { runreel: took } }),
    });
  }

  #update(update: Fields): void {
    if (!this.isLong) this.#tell(update);
  }

  #tell(update: Fields): void {
    this.#push("inbound", { method: "session/update", params: { sessionId: this.#session, update } });
  }

  #push(direction: Talk["direction"], message: Fields): void {
    this.#talk.push({ direction, message: { jsonrpc: "2.0", ...message } });
  }
}

interface Part {
  readonly kind: "agent_message_chunk" | "agent_thought_chunk";
  readonly text: string;
}

/** A message's content is a text, or blocks, of which some say what was thought. */
function partsOf(content: unknown): readonly Part[] {
  if (content === undefined || content === null) return [];
  if (typeof content === "string") return [{ kind: "agent_message_chunk", text: content }];
  if (!Array.isArray(content)) return [{ kind: "agent_message_chunk", text: JSON.stringify(content) }];
  return content.map((block: unknown): Part => {
    const fields = fieldsOf(block);
    const isThought = fields["type"] === "thinking" || fields["type"] === "reasoning";
    const text = textOf(fields, ["text", "thinking", "reasoning", "value"]);
    return {
      kind: isThought ? "agent_thought_chunk" : "agent_message_chunk",
      text: text ?? (typeof block === "string" ? block : JSON.stringify(block)),
    };
  });
}

function titleOf(tool: string, input: Fields): string {
  const argument = (textOf(input, TELLING) ?? "").replaceAll(/\s+/g, " ").trim();
  const shown = argument.length > TITLE_CHARS ? `${argument.slice(0, TITLE_CHARS)}…` : argument;
  return shown === "" ? tool : `${tool} ${shown}`;
}

/** What an edit did, where its input has both texts. */
function diffOf(input: Fields, path: string | null): Fields | null {
  const oldText = textOf(input, ["old_string", "old_str", "oldText"]);
  const newText = textOf(input, ["new_string", "new_str", "newText"]);
  if (path === null || oldText === null || newText === null) return null;
  return { type: "diff", path, oldText: cutText(oldText), newText: cutText(newText) };
}

function fieldsOf(value: unknown): Fields {
  return typeof value === "object" && value !== null && !Array.isArray(value)
    ? Object.fromEntries(Object.entries(value))
    : {};
}

function textOf(fields: Fields, keys: readonly string[]): string | null {
  for (const key of keys) {
    const value = fields[key];
    if (typeof value === "string") return value;
  }
  return null;
}

import { claudeCodeFormat } from "../../src/sources/claude-code/claude-code.ts";
import type { Fact } from "../../src/sources/coding/fact.ts";
import type { SessionFile } from "../../src/sources/coding/format.ts";

const SESSION = "5b0c1c1e-6a57-4a4b-9a53-0d8f6f0c7a11";
export const CLAUDE_FILE: SessionFile = { dir: "/projects/-home-kim-shop", name: `${SESSION}.jsonl` };

/** Records of a session by hand: each a second after the one before. */
export class ClaudeRecords {
  #number = 0;

  record(type: string, fields: object = {}): Record<string, unknown> {
    this.#number += 1;
    const timestamp = timeOf(this.#number);
    const envelope = { uuid: `u${this.#number}`, parentUuid: null, sessionId: SESSION, isSidechain: false };
    return {
      ...envelope,
      cwd: "/home/kim/shop",
      version: "2.1.150",
      gitBranch: "main",
      type,
      timestamp,
      ...fields,
    };
  }

  user(content: unknown, fields: object = {}): Record<string, unknown> {
    return this.record("user", { message: { role: "user", content }, ...fields });
  }

  /** `output` tokens; the other counts are of one answer always. */
  answer(
    id: string,
    block: object,
    { output = 10, ...fields }: { output?: number; [key: string]: unknown } = {},
  ) {
    const usage = {
      input_tokens: 3,
      cache_read_input_tokens: 100,
      cache_creation_input_tokens: 20,
      output_tokens: output,
    };
    const { model = "claude-opus-4-8", stop_reason = null, ...rest } = fields;
    const message = { id, model, role: "assistant", content: [block], stop_reason, usage };
    return this.record("assistant", { message, ...rest });
  }

  result(call: string, content: unknown, fields: object = {}): Record<string, unknown> {
    const { is_error, ...rest }: { is_error?: boolean } = { ...fields };
    return this.user([{ type: "tool_result", tool_use_id: call, content, is_error }], rest);
  }
}

/** The time of the so manyth record. */
export function timeOf(number: number): string {
  return new Date(Date.UTC(2026, 4, 1, 10, 0, number)).toISOString();
}

export const said = (text: string) => ({ type: "text", text });
export const call = (id: string, name = "Bash", input: object = { command: "npm test" }) => ({
  type: "tool_use",
  id,
  name,
  input,
});

export function factsOf(records: readonly unknown[], file: SessionFile = CLAUDE_FILE): Fact[] {
  const reader = claudeCodeFormat.facts(file);
  return records.flatMap((record, line) => reader.take(record, line));
}

/** The facts in few words, without those that tell of the session as a whole. */
export function inShort(facts: readonly Fact[]): string[] {
  return facts.flatMap((fact) => {
    switch (fact.is) {
      case "prompt":
      case "answer":
        return [`${fact.is} ${fact.text}`];
      case "turn-over":
        return [["over", fact.outcome, fact.error].filter(Boolean).join(" ")];
      case "usage":
        return [`usage ${fact.key} ${fact.tokens.outputTokens}${fact.isCopied ? " copied" : ""}`];
      case "call":
        return [`call ${fact.id} ${fact.tool}: ${fact.title}`];
      case "result":
        return [`result ${fact.id} ${fact.isError ? "failed" : "done"} ${fact.bytes}`];
      case "mark":
        return [`${fact.mark}: ${fact.text}`];
      case "agent":
        return [`${fact.agent} of ${fact.call} ${fact.isOver ? "over" : "begins"}`];
      default:
        return [];
    }
  });
}

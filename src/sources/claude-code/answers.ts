import type { UsageFact } from "../coding/fact.ts";
import { type ClaudeRecord, isSynthetic } from "./records.ts";
import { tokensOf } from "./tokens.ts";

const UUID = /^[\da-f]{8}(?:-[\da-f]{4}){3}-[\da-f]{12}$/i;

/**
 * What the answers of a file took. An answer is a record a part, each with the usage so far: told again
 * only where it has grown.
 */
export class AnswerCounter {
  readonly #outputs = new Map<string, number>();
  /** The session that the file is named for; null where its name is no session's. */
  readonly #own: string | null;

  constructor(name: string) {
    const stem = name.replace(/\.jsonl$/, "");
    this.#own = UUID.test(stem) ? stem : null;
  }

  take(record: ClaudeRecord, at: number): UsageFact | null {
    const { message, requestId, uuid } = record;
    if (record.type !== "assistant" || !message?.usage || isSynthetic(record)) return null;
    const id = message.id ?? requestId ?? uuid;
    if (!id) return null;
    const key = `claude:${id}`;
    const tokens = tokensOf(message.usage);
    const before = this.#outputs.get(key);
    if (before !== undefined && tokens.outputTokens <= before) return null;
    this.#outputs.set(key, tokens.outputTokens);
    return { is: "usage", at, key, model: message.model ?? null, tokens, isCopied: this.#isCopied(record) };
  }

  /** A fork says where its records are from. A session that goes on in a new file has those of the old one first. */
  #isCopied({ forkedFrom, sessionId }: ClaudeRecord): boolean {
    if (forkedFrom !== undefined && forkedFrom !== null) return true;
    return this.#own !== null && typeof sessionId === "string" && sessionId !== this.#own;
  }
}

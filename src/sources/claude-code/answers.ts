import type { UsageFact } from "../coding/fact.ts";
import { type ClaudeRecord, isSynthetic } from "./records.ts";
import { tokensOf } from "./tokens.ts";

/** The parts of an answer stand near one another: this many answers are remembered. */
const MOST_REMEMBERED = 256;

/**
 * What the answers of a file took. An answer is a record a part, each with the usage so far: told again
 * only where it has grown.
 */
export class AnswerCounter {
  readonly #outputs = new Map<string, number>();
  readonly #own: string | null;

  /** `own`: the session that the file is named for. */
  constructor(own: string | null) {
    this.#own = own;
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
    this.#remember(key, tokens.outputTokens);
    return { is: "usage", at, key, model: message.model ?? null, tokens, isCopied: this.#isCopied(record) };
  }

  #remember(key: string, output: number): void {
    this.#outputs.delete(key);
    this.#outputs.set(key, output);
    for (const oldest of this.#outputs.keys()) {
      if (this.#outputs.size <= MOST_REMEMBERED) return;
      this.#outputs.delete(oldest);
    }
  }

  /** A fork says where its records are from. A session that goes on in a new file has those of the old one first. */
  #isCopied({ forkedFrom, sessionId }: ClaudeRecord): boolean {
    if (forkedFrom !== undefined && forkedFrom !== null) return true;
    return this.#own !== null && typeof sessionId === "string" && sessionId !== this.#own;
  }
}

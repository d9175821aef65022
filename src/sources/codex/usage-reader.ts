import type { UsageFact } from "../coding/fact.ts";
import type { Lineage } from "./lineage.ts";
import type { CodexRecord, TokenUsage } from "./record.ts";
import { numbersOf, tokensIn } from "./tokens.ts";

type Info = Extract<CodexRecord, { kind: "event_msg/token_count" }>["payload"]["info"];

/** What each answer took, by what the file says it took in all until then. */
export class UsageReader {
  readonly #lineage: Lineage;
  /** The total told last. */
  #total = "";
  /** Has the model said anything? */
  #hasAnswered = false;
  /** Was any answer told, its own or its parent's? */
  #isBegun = false;

  constructor(lineage: Lineage) {
    this.#lineage = lineage;
  }

  answers(): void {
    this.#hasAnswered = true;
  }

  take(info: Info, at: number, model: string | null): UsageFact[] {
    if (info === null) return [];
    const { last_token_usage: last, total_token_usage: total } = info;
    if (last === null) return this.#old(info, at, model);
    const numbers = total === null ? `${at}:${numbersOf(last)}` : numbersOf(total);
    if (total !== null && numbers === this.#total) return [];
    this.#total = numbers;
    const owner = this.#lineage.ownerAt(at);
    if (owner !== null) {
      this.#isBegun = true;
      return [fact(at, `codex:${owner.id}:${numbers}`, model, last, true)];
    }
    const own = this.#isTold(last, total) ? this.#lineage.oldest : null;
    this.#isBegun = true;
    return [fact(at, `codex:${own?.id ?? this.#lineage.ownId ?? ""}:${numbers}`, model, last, false)];
  }

  /** The parent's last total, told once more before the model has said anything. */
  #isTold(last: TokenUsage, total: TokenUsage | null): boolean {
    if (this.#isBegun || this.#hasAnswered || total === null) return false;
    return numbersOf(last) !== numbersOf(total);
  }

  /** Versions up to 0.50 told an answer's tokens alone. */
  #old(info: NonNullable<Info>, at: number, model: string | null): UsageFact[] {
    const { completion, prompt } = info;
    if (prompt === null || completion === null) return [];
    const usage: TokenUsage = {
      input_tokens: prompt,
      cached_input_tokens: 0,
      cache_write_input_tokens: 0,
      output_tokens: completion,
      reasoning_output_tokens: 0,
      total_tokens: prompt + completion,
    };
    return [fact(at, `codex:${this.#lineage.ownId ?? ""}:${at}:${numbersOf(usage)}`, model, usage, false)];
  }
}

function fact(
  at: number,
  key: string,
  model: string | null,
  usage: TokenUsage,
  isCopied: boolean,
): UsageFact {
  return { is: "usage", at, key, model, tokens: tokensIn(usage), isCopied };
}

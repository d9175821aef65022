import type { Tokens } from "../../protocol/usage.ts";
import type { TokenUsage } from "./record.ts";

/** What was read from a cache and what was written to one are inside the producer's input; thinking is inside its output. */
export function tokensIn(usage: TokenUsage): Tokens {
  const input = amount(usage.input_tokens);
  const cached = Math.min(input, amount(usage.cached_input_tokens));
  const written = Math.min(input - cached, amount(usage.cache_write_input_tokens));
  return {
    inputTokens: input - cached - written,
    cacheReadTokens: cached,
    cacheWriteTokens: written,
    cacheWrite1hTokens: 0,
    outputTokens: amount(usage.output_tokens),
  };
}

function amount(value: number | null): number {
  return value === null || value < 0 ? 0 : value;
}

/** The same numbers, the same text. */
export function numbersOf(usage: TokenUsage): string {
  const numbers = [
    usage.input_tokens,
    usage.cached_input_tokens,
    usage.output_tokens,
    usage.reasoning_output_tokens,
    usage.total_tokens,
  ];
  return numbers.map((each) => each ?? 0).join("-");
}

import type { Tokens } from "../../protocol/usage.ts";
import type { ModelUsage } from "./records.ts";

/** The producer's counts are ours but for their names: its input is fresh input alone. */
export function tokensOf(usage: ModelUsage): Tokens {
  const hour = usage.cache_creation?.ephemeral_1h_input_tokens ?? 0;
  // Old records have the sum alone, some have the parts alone.
  const parts = hour + (usage.cache_creation?.ephemeral_5m_input_tokens ?? 0);
  return {
    inputTokens: usage.input_tokens ?? 0,
    cacheReadTokens: usage.cache_read_input_tokens ?? 0,
    cacheWriteTokens: Math.max(parts, usage.cache_creation_input_tokens ?? 0),
    cacheWrite1hTokens: hour,
    outputTokens: usage.output_tokens ?? 0,
  };
}

import { calcPrice } from "@pydantic/genai-prices";
import type { Tokens } from "../../../protocol/usage.ts";

/** US dollars by the price list that lies beside the server, as it was at that time; null where it has no price. */
export function priceOf(provider: string, model: string | null, tokens: Tokens, at: number): number | null {
  if (model === null) return null;
  const { cacheReadTokens, cacheWrite1hTokens, cacheWriteTokens, inputTokens, outputTokens } = tokens;
  const usage = {
    // All of it: the list takes what was cached off again.
    input_tokens: inputTokens + cacheWriteTokens + cacheReadTokens,
    cache_read_tokens: cacheReadTokens,
    cache_write_tokens: cacheWriteTokens,
    cache_write_1h_tokens: cacheWrite1hTokens,
    output_tokens: outputTokens,
  };
  try {
    const timestamp = Number.isFinite(at) && at > 0 ? new Date(at) : new Date();
    const price = calcPrice(usage, model, { providerId: provider, timestamp })?.total_price;
    return price !== undefined && Number.isFinite(price) ? price : null;
  } catch {
    // Tokens that cannot be (more of a kind than there are of all): no price is known of them.
    return null;
  }
}

import * as v from "valibot";

/**
 * What models were given and gave back, and what that costs. The same for every source: a producer that
 * counts otherwise (cached tokens inside its input) is translated where it is read.
 */
export const Usage = v.object({
  /** Fresh input alone: neither read from a cache nor written to one. */
  inputTokens: v.number(),
  cacheReadTokens: v.number(),
  /** All of them. */
  cacheWriteTokens: v.number(),
  /** Those of them that are kept for an hour. */
  cacheWrite1hTokens: v.number(),
  /** With what was thought. */
  outputTokens: v.number(),
  /** US dollars by the price list; null where no price is known of any of it. Never a guess. */
  costUsd: v.nullable(v.number()),
  /** Of all tokens, those of models without a known price: `costUsd` does not hold them. */
  unpricedTokens: v.number(),
});
export type Usage = v.InferOutput<typeof Usage>;

export type Tokens = Omit<Usage, "costUsd" | "unpricedTokens">;

export const NO_USAGE: Usage = {
  inputTokens: 0,
  cacheReadTokens: 0,
  cacheWriteTokens: 0,
  cacheWrite1hTokens: 0,
  outputTokens: 0,
  costUsd: null,
  unpricedTokens: 0,
};

export function totalTokens(tokens: Tokens): number {
  return tokens.inputTokens + tokens.cacheReadTokens + tokens.cacheWriteTokens + tokens.outputTokens;
}

export function addUsage(left: Usage, right: Usage): Usage {
  return combine(left, right, 1);
}

/** What `left` has beyond `right`, which is a part of it. */
export function usageBeyond(left: Usage, right: Usage): Usage {
  return combine(left, right, -1);
}

function combine(left: Usage, right: Usage, sign: 1 | -1): Usage {
  const isPriced = left.costUsd !== null || right.costUsd !== null;
  // Written out: years of usage are added up by this.
  return {
    inputTokens: left.inputTokens + sign * right.inputTokens,
    cacheReadTokens: left.cacheReadTokens + sign * right.cacheReadTokens,
    cacheWriteTokens: left.cacheWriteTokens + sign * right.cacheWriteTokens,
    cacheWrite1hTokens: left.cacheWrite1hTokens + sign * right.cacheWrite1hTokens,
    outputTokens: left.outputTokens + sign * right.outputTokens,
    costUsd: isPriced ? (left.costUsd ?? 0) + sign * (right.costUsd ?? 0) : null,
    unpricedTokens: left.unpricedTokens + sign * right.unpricedTokens,
  };
}

import { type Tokens, totalTokens } from "../../protocol/usage.ts";

/** Tokens of one answer past this are taken for so many. */
const MOST_TOKENS = 2 ** 32 - 1;

/** What a file says that an answer took, as numbers of tokens that there can be. */
export function heldTokens(tokens: Tokens): Tokens {
  return {
    inputTokens: bounded(tokens.inputTokens),
    cacheReadTokens: bounded(tokens.cacheReadTokens),
    cacheWriteTokens: bounded(tokens.cacheWriteTokens),
    cacheWrite1hTokens: bounded(tokens.cacheWrite1hTokens),
    outputTokens: bounded(tokens.outputTokens),
  };
}

/** The one with more output; of equal ones the one with more of all. So it does not matter which came first. */
export function isMore(left: Tokens, right: Tokens): boolean {
  if (left.outputTokens !== right.outputTokens) return left.outputTokens > right.outputTokens;
  return totalTokens(left) > totalTokens(right);
}

function bounded(tokens: number): number {
  return Number.isFinite(tokens) ? Math.min(MOST_TOKENS, Math.max(0, Math.round(tokens))) : 0;
}

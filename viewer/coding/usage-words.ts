import { totalTokens, type Usage } from "../../src/protocol/usage.ts";
import { money, roughNumber } from "../ui/format.ts";

/** What was used, in words. A price that nobody knows is called so: it is never nothing. */

/** Null where nothing was used. */
export function costWords(usage: Usage): string | null {
  if (usage.costUsd !== null)
    return `${money(usage.costUsd, "USD")}${usage.unpricedTokens > 0 ? " + unpriced" : ""}`;
  return totalTokens(usage) > 0 ? "unpriced" : null;
}

/** Null where nothing was used. */
export function tokenWords(usage: Usage): string | null {
  const tokens = totalTokens(usage);
  return tokens > 0 ? roughNumber(tokens) : null;
}

/** Of a cost that does not hold everything: what is missing in it. */
export function missingWords({ costUsd, unpricedTokens }: Usage): string | null {
  if (costUsd === null || unpricedTokens === 0) return null;
  return `without ${roughNumber(unpricedTokens)} unpriced tokens`;
}

/** All of it in one line, for who wants to know what a sum is made of. */
export function usageSentence(usage: Usage): string {
  const { cacheReadTokens, cacheWrite1hTokens, cacheWriteTokens, inputTokens, outputTokens } = usage;
  const kept = cacheWrite1hTokens > 0 ? ` (${roughNumber(cacheWrite1hTokens)} of them for 1 h)` : "";
  return [
    `${roughNumber(inputTokens)} fresh input`,
    `${roughNumber(cacheReadTokens)} read from the cache`,
    `${roughNumber(cacheWriteTokens)} written to it${kept}`,
    `${roughNumber(outputTokens)} output`,
    ...(usage.unpricedTokens > 0 ? [`${roughNumber(usage.unpricedTokens)} unpriced`] : []),
  ].join(", ");
}

import { duration, money, roughNumber, wholeNumber } from "../ui/format.ts";

/** Figures as this page says them: short, and so that two of them can be compared at a glance. */

/** "$0.031", "$1.86", "$214", "$1,204"; null is a price that nobody knows, which is not nothing. */
export function usd(amount: number | null): string {
  if (amount === null) return "unpriced";
  const size = Math.abs(amount);
  if (size === 0) return "$0.00";
  if (size < 0.0005) return "<$0.001";
  if (size < 0.9995) return `$${amount.toFixed(3)}`;
  return size < 99.995 ? money(amount, "USD") : `$${wholeNumber(Math.round(amount))}`;
}

/** Nothing that could be priced is nothing only where there was nothing else. */
export function usdOf(cost: number, unpricedTokens: number): string {
  return usd(cost === 0 && unpricedTokens > 0 ? null : cost);
}

/** What no sum holds: "1.2M tokens unpriced"; empty where there are none. */
export function unpricedText(tokens: number): string {
  if (tokens <= 0) return "";
  return tokens === 1 ? "1 token unpriced" : `${roughNumber(tokens)} tokens unpriced`;
}

/** "0.2 s", "24 s", "5:40". */
export function seconds(value: number): string {
  return duration(value * 1000);
}

import { Floats, Words } from "./columns.ts";

/** What was spent: tokens, and money by its currency. Null and empty where nobody told. */
export interface Spent {
  readonly tokens: number | null;
  readonly costs: readonly { readonly amount: number; readonly currency: string }[];
}

const NOTHING_SPENT: Spent = { tokens: null, costs: [] };

/**
 * What a session's turns took, and what was known of it at any moment. Tokens
 * are told turn by turn and added up here; a cost is told as the sum so far, so
 * the newest one counts.
 */
export class SpentTable {
  readonly #tokenTimes = new Floats();
  readonly #tokenSums = new Floats();
  readonly #costTimes = new Floats();
  readonly #costs = new Floats();
  readonly #currencies = new Floats();
  readonly #words = new Words();

  addTokens(at: number, tokens: number): void {
    const before = this.#tokenSums.length === 0 ? 0 : this.#tokenSums.at(this.#tokenSums.length - 1);
    this.#tokenTimes.push(at);
    this.#tokenSums.push(before + tokens);
  }

  addCost(at: number, amount: number, currency: string): void {
    this.#costTimes.push(at);
    this.#costs.push(amount);
    this.#currencies.push(this.#words.code(currency));
  }

  by(at: number): Spent {
    const tokens = this.#tokenTimes.upTo(at);
    const cost = this.#costTimes.upTo(at);
    if (tokens === 0 && cost === 0) return NOTHING_SPENT;
    return {
      tokens: tokens === 0 ? null : this.#tokenSums.at(tokens - 1),
      costs: cost === 0 ? [] : [this.#costAt(cost - 1)],
    };
  }

  #costAt(index: number) {
    return { amount: this.#costs.at(index), currency: this.#words.word(this.#currencies.at(index)) };
  }
}

export function addedUp(parts: Iterable<Spent>): Spent {
  let tokens: number | null = null;
  const costs = new Map<string, number>();
  for (const part of parts) {
    if (part.tokens !== null) tokens = (tokens ?? 0) + part.tokens;
    for (const { amount, currency } of part.costs) costs.set(currency, (costs.get(currency) ?? 0) + amount);
  }
  if (tokens === null && costs.size === 0) return NOTHING_SPENT;
  return { tokens, costs: Array.from(costs, ([currency, amount]) => ({ amount, currency })) };
}

import type { LiveStats } from "../../src/protocol/now.ts";
import { projectNames } from "../arrange/project-names.ts";
import { roughNumber } from "../ui/format.ts";
import { usdOf } from "./figures.ts";

export interface ShareRow {
  readonly key: string;
  readonly name: string;
  readonly hint: string;
  readonly cost: string;
  readonly tokens: string;
  /** Empty where all of them are priced. */
  readonly unpriced: string;
  /** 0 to 1: how much of the whole it is. */
  readonly part: number;
}

/** Who spent what today. Where nothing has a price the tokens are what is compared. */
export function shareRows(shares: LiveStats["by_project"], of: "project" | "model"): readonly ShareRow[] {
  const costs = shares.reduce((sum, { cost }) => sum + cost, 0);
  const tokensOfAll = shares.reduce((sum, { tokens }) => sum + tokens, 0);
  const short = of === "project" ? projectNames(shares.map(({ name }) => name)) : null;
  return shares.map(({ cost, name, tokens, unpriced_tokens }) => {
    const part = costs > 0 ? cost / costs : tokens / Math.max(1, tokensOfAll);
    return {
      key: name,
      name: name === "" ? `No ${of} told` : (short?.get(name) ?? name),
      hint: name,
      cost: usdOf(cost, unpriced_tokens),
      tokens: roughNumber(tokens),
      unpriced: unpriced_tokens > 0 && cost > 0 ? `${roughNumber(unpriced_tokens)} unpriced` : "",
      part,
    };
  });
}

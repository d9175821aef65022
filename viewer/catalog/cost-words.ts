import type { Usage } from "../../src/protocol/usage.ts";
import { totalTokens } from "../../src/protocol/usage.ts";

/** What something costs, in few words: "$1.24", "unpriced"; null where there is nothing to be paid for. */
export function costWords(usage: Usage | undefined): string | null {
  if (usage === undefined || totalTokens(usage) === 0) return null;
  const { costUsd, unpricedTokens } = usage;
  if (costUsd === null) return "unpriced";
  return unpricedTokens > 0 ? `${dollars(costUsd)} + unpriced` : dollars(costUsd);
}

export function dollars(amount: number): string {
  if (amount > 0 && amount < 0.005) return "<$0.01";
  return `$${amount.toLocaleString("en", { minimumFractionDigits: 2, maximumFractionDigits: 2 })}`;
}

/** A project as a line has room for it: its last folder. */
export function lastFolder(project: string): string {
  return project.split(/[/\\]/).filter(Boolean).at(-1) ?? project;
}

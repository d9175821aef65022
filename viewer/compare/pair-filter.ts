import type { Pair } from "./comparison.ts";

/** Which tests of a comparison are to be seen. */
export interface PairFilter {
  readonly text: string;
  readonly changedOnly: boolean;
}

/** All words of the filter are in the test's names. */
export function filtered(pairs: readonly Pair[], { changedOnly, text }: PairFilter): readonly Pair[] {
  const words = text.toLowerCase().split(/\s+/).filter(Boolean);
  if (words.length === 0 && !changedOnly) return pairs;
  return pairs.filter((pair) => {
    if (changedOnly && pair.change === "same") return false;
    const names = [pair.name, pair.suite, pair.left?.target, pair.right?.target].join(" ").toLowerCase();
    return words.every((word) => names.includes(word));
  });
}

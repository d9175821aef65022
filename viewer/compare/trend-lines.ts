import type { TrendPoint } from "./trend-points.ts";

/** How the line of one model is drawn: no two of a trend look the same, with and without colour. */
export interface TrendLine {
  readonly variant: string | null;
  readonly token: (typeof TOKENS)[number];
  /** Lengths of stroke and gap; whole where there are none. */
  readonly dash: readonly number[];
}

const TOKENS = ["--accent", "--kind-action", "--kind-compute", "--kind-checkpoint", "--muted"] as const;
const DASHES = [[], [7, 4], [2, 3], [10, 3, 2, 3]] as const;

/** A line for each model, the first used first. Runs of which nobody says the model have one together. */
export function linesOf(points: readonly TrendPoint[]): TrendLine[] {
  const variants = [...new Set(points.map(({ variant }) => variant))];
  return variants.map((variant, index) => ({
    variant,
    token: TOKENS[index % TOKENS.length] ?? "--accent",
    dash: DASHES[index % DASHES.length] ?? [],
  }));
}

export function lineName({ variant }: Pick<TrendLine, "variant">): string {
  return variant ?? "not named";
}

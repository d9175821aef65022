/** So many targets are named. */
const MOST_NAMED = 2;

/**
 * What tells a run from others of the same evaluation: its experiment, where it was given one, and
 * with what it was run.
 */
export function labelOf(experiment: string | null, targets: readonly string[]): string | null {
  const own = experiment === null || experiment === "" || experiment === "default" ? [] : [experiment];
  const named = targets.length > MOST_NAMED ? [`${targets.length} targets`] : [targets.join(", ")];
  return [...own, ...named].filter(Boolean).join(" · ") || null;
}

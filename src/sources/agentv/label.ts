/** So many targets are named. */
const MOST_NAMED = 2;

/**
 * What tells a run from others of the same evaluation: its experiment, where it was given one, and
 * with what it was run. The end writes the rows in another order: so targets have one of their own.
 */
export function labelOf(experiment: string | null, targets: ReadonlySet<string>): string | null {
  const own = experiment === null || experiment === "" || experiment === "default" ? [] : [experiment];
  const named =
    targets.size > MOST_NAMED ? [`${targets.size} targets`] : [[...targets].toSorted().join(", ")];
  return [...own, ...named].filter(Boolean).join(" · ") || null;
}

import type { StepTable } from "../playback/step-table.ts";

/** How far back it is looked for: what made a run fail was among the last things it did. */
const MOST_LOOKED_AT = 5000;
const FAILED: ReadonlySet<string | null> = new Set(["failed", "timed_out", "interrupted"]);

/**
 * The attempt that made a run fail: the newest with the run's own error, or else
 * the newest that failed or was cut off. Null where none did.
 */
export function failedAttempt(table: StepTable, runError: string | null): number | null {
  let newest: number | null = null;
  const last = table.count - 1;
  for (let index = last; index >= Math.max(0, last - MOST_LOOKED_AT); index -= 1) {
    if (!table.isFailed(index)) continue;
    const { error, outcome } = table.attempt(index, Number.POSITIVE_INFINITY, null);
    if (!FAILED.has(outcome)) continue;
    if (error !== null && runError !== null && isSameError(error, runError)) return index;
    newest ??= index;
  }
  return newest;
}

/** An attempt's error is a label here: of a long one it is the beginning. */
function isSameError(label: string, error: string): boolean {
  return label === error || (label.endsWith("…") && error.startsWith(label.slice(0, -1)));
}

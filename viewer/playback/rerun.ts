import type { Tally } from "../../src/protocol/tally.ts";
import type { RunView } from "./as-of.ts";

/**
 * Of an evaluation all of whose tests have a result and that goes on all the same: how many of
 * them have been begun again. 0: it is no rerun.
 */
export function redoneIn({ status, steps }: RunView, tally: Tally | null): number {
  if (status !== "running" || tally === null || tally.total === 0 || tally.done < tally.total) return 0;
  return steps.table.tests.redoneBy(steps.at);
}

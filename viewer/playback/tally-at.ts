import type { RunState } from "../../src/protocol/bundle.ts";
import type { Tally } from "../../src/protocol/tally.ts";
import type { StepsView } from "./as-of.ts";

/**
 * How the tests of an evaluation had come out by a moment; null of any other run, and
 * while that is not known of the moment yet. While a test is run again its earlier result
 * counts, so that no count goes back.
 */
export function tallyAt(run: RunState, steps: StepsView): Tally | null {
  if (run.tally === undefined) return null;
  switch (steps.extent) {
    case "all":
      return steps.table.tests.scores.tallyBy(steps.at);
    // At the edge, while older tests are not told of yet: as the source counted them.
    case "newest":
      return run.tally;
    case "none":
      return null;
  }
}

/** How the tests of its baseline had come out; null where none had, and while that is not known. */
export function baselineAt(steps: StepsView): Tally | null {
  return steps.extent === "all" ? steps.table.tests.scores.baselineBy(steps.at) : null;
}

import type { RunState } from "../../src/protocol/bundle.ts";
import type { Tally } from "../../src/protocol/tally.ts";
import { asOf } from "../../viewer/playback/as-of.ts";
import { RunIndex } from "../../viewer/playback/run-index.ts";
import { tallyAt } from "../../viewer/playback/tally-at.ts";

/** What the page counts of a run as of a moment, by the lines of its trace alone. */
export function pageTally(run: RunState, at = Number.POSITIVE_INFINITY): Tally | null {
  const index = new RunIndex();
  return tallyAt(run, asOf(run, index, at, null).steps);
}

import { computed } from "@preact/signals";
import { indexed } from "./playback.ts";
import type { RunIndex } from "./run-index.ts";
import type { RunState } from "../../src/protocol/bundle.ts";

/** Is the open run a session that somebody worked in with an agent? Then its steps are turns. */
export const isCoding = computed(() => {
  const known = indexed.value;
  return known !== null && isCodingRun(known.run, known.index);
});

/** It says so from its first moment on, or its turns do. */
export function isCodingRun(run: RunState, index: RunIndex): boolean {
  return run.project !== undefined || index.trace.table.hasTurns;
}

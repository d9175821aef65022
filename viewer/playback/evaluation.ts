import { computed } from "@preact/signals";
import { indexed } from "./playback.ts";

/** Is the open run an evaluation? It stays one, whatever the moment. */
export const isEvaluation = computed(() => {
  const known = indexed.value;
  if (known === null) return false;
  return known.run.tally !== undefined || !known.index.trace.table.tests.isEmpty;
});

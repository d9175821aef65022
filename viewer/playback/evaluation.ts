import { computed } from "@preact/signals";
import { openRun } from "./playback.ts";

/** Is the open run an evaluation, a run of many test cases? It says so from its first moment on. */
export const isEvaluation = computed(() => openRun.value?.tally !== undefined);

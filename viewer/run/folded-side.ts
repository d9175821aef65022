import { computed } from "@preact/signals";
import { isEvaluation } from "../playback/evaluation.ts";
import { amend, route } from "../ui/route.ts";

/**
 * Nobody has chosen a test or a tab yet. On a phone the tests have the room until then,
 * and the side is its tabs alone: that is for the stylesheets to say.
 */
export const isSideFolded = computed(() => {
  const { tab, test = null } = route.value;
  return isEvaluation.value && tab === null && test === null;
});

export function foldSide(): void {
  amend({ tab: null, test: null });
}

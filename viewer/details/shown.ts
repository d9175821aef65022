import { computed, type ReadonlySignal } from "@preact/signals";
import type { Picture } from "../playback/picture.ts";
import { indexed, moment } from "../playback/playback.ts";
import { chosenStep } from "../steps/chosen.ts";
import { isSameData } from "../ui/same-data.ts";
import { type DetailsView, detailsAt } from "./details-at.ts";
import { type RunFacts, runFactsAt } from "./run-facts.ts";

/** What there is to say of the chosen attempt, and of the run, as of the playhead. */

const NOTHING = { value: null, isReady: false, parts: [] } as const;

const chosenIndex = computed(() => chosenStep.value?.index ?? null);

export const details = kept((): Picture<DetailsView> => {
  const known = indexed.value;
  const step = chosenIndex.value;
  if (known === null || step === null) return NOTHING;
  return detailsAt(known.run, known.index, step, moment.value);
});

export const runFacts = kept((): Picture<RunFacts> => {
  const known = indexed.value;
  return known === null ? NOTHING : runFactsAt(known.run, known.index, moment.value);
});

/** The same picture for as long as nothing in it changes, so that nothing is drawn again. */
function kept<Value>(draw: () => Picture<Value>): ReadonlySignal<Picture<Value>> {
  let last: Picture<Value> = NOTHING;
  return computed(() => {
    const next = draw();
    if (!isSameData(last, next)) last = next;
    return last;
  });
}

import { computed } from "@preact/signals";
import { keptPicture } from "../playback/kept-picture.ts";
import type { Picture } from "../playback/picture.ts";
import { indexed, moment } from "../playback/playback.ts";
import { chosenStep } from "../steps/chosen.ts";
import { type DetailsView, detailsAt } from "./details-at.ts";
import { type RunFacts, runFactsAt } from "./run-facts.ts";

/** What there is to say of the chosen attempt, and of the run, as of the playhead. */

const NOTHING = { value: null, isReady: false, parts: [] } as const;

const chosenIndex = computed(() => chosenStep.value?.index ?? null);

export const details = keptPicture((): Picture<DetailsView> => {
  const known = indexed.value;
  const step = chosenIndex.value;
  if (known === null || step === null) return NOTHING;
  return detailsAt(known.run, known.index, step, moment.value);
});

export const runFacts = keptPicture((): Picture<RunFacts> => {
  const known = indexed.value;
  return known === null ? NOTHING : runFactsAt(known.run, known.index, moment.value);
});

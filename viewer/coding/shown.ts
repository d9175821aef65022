import { computed, type ReadonlySignal } from "@preact/signals";
import { indexed, moment } from "../playback/playback.ts";
import { chosenStep } from "../steps/chosen.ts";
import { isSameData } from "../ui/same-data.ts";
import { sessionFacts, sessionFigures } from "./session-at.ts";
import { turnDetails } from "./turn-at.ts";

/** What there is to say of a coding session as of the playhead. */

/** The same object for as long as it says the same. */
export function kept<Value>(make: () => Value): ReadonlySignal<Value> {
  let last: { readonly value: Value } | null = null;
  return computed(() => {
    const value = make();
    if (last === null || !isSameData(last.value, value)) last = { value };
    return last.value;
  });
}

export const figures = kept(() => {
  const known = indexed.value;
  return known === null ? null : sessionFigures(known.index, moment.value);
});

export const facts = kept(() => {
  const known = indexed.value;
  return known === null ? null : sessionFacts(known.run, known.index, moment.value);
});

const chosenIndex = computed(() => chosenStep.value?.index ?? null);

export const chosenTurn = kept(() => {
  const known = indexed.value;
  const step = chosenIndex.value;
  if (known === null || step === null || known.index.trace.table.turnTitle(step) === null) return null;
  return turnDetails(known.index, step, moment.value);
});

import { computed, signal } from "@preact/signals";
import { startBeside, indexedBeside } from "../playback/beside.ts";
import { indexed } from "../playback/playback.ts";
import type { Picture } from "../playback/picture.ts";
import { compare, type Comparison } from "./comparison.ts";
import { startGoingToTests } from "./go-to-test.ts";
import { filtered, type PairFilter } from "./pair-filter.ts";
import { sideOf } from "./side.ts";

/**
 * The comparison that is shown: from the run beside to the open one, each as of
 * its newest moment, wherever the playhead is.
 */

const right = computed(() => {
  const known = indexed.value;
  return known === null ? null : sideOf(known.run, known.index);
});
const left = computed(() => {
  const known = indexedBeside.value;
  return known === null ? null : sideOf(known.run, known.index);
});

export const comparison = computed((): Picture<Comparison> => {
  if (left.value === null || right.value === null) return { value: null, isReady: false, parts: [] };
  // Without the older part of a run's outline, tests would seem to be in the other run alone.
  const isWhole =
    indexed.value?.index.trace.isWhole === true && indexedBeside.value?.index.trace.isWhole === true;
  return isWhole
    ? { value: compare(left.value, right.value), isReady: true, parts: [] }
    : { value: null, isReady: false, parts: [] };
});

const filterSignal = signal<PairFilter>({ text: "", changedOnly: false });
export const filter = computed(() => filterSignal.value);

export function setFilter(change: Partial<PairFilter>): void {
  filterSignal.value = { ...filterSignal.peek(), ...change };
}

export const shownPairs = computed(() => filtered(comparison.value.value?.pairs ?? [], filterSignal.value));

export function startCompare(): void {
  startBeside();
  startGoingToTests();
}

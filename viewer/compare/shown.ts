import { computed, type ReadonlySignal, signal } from "@preact/signals";
import type { RunState } from "../../src/protocol/bundle.ts";
import { startBeside, indexedBeside } from "../playback/beside.ts";
import { indexed } from "../playback/playback.ts";
import type { Picture } from "../playback/picture.ts";
import type { RunIndex } from "../playback/run-index.ts";
import { compare, type Comparison } from "./comparison.ts";
import { startGoingToTests } from "./go-to-test.ts";
import { filtered, type PairFilter } from "./pair-filter.ts";
import { type Side, sideOf } from "./side.ts";

/**
 * The comparison that is shown: from the run beside to the open one, each as of
 * its newest moment, wherever the playhead is.
 */

/** What a run came to, read anew only where its trace or its standing says more than before. */
function sideShown(source: ReadonlySignal<Known | null>): ReadonlySignal<Side | null> {
  let last: { readonly index: RunIndex; readonly known: string; readonly side: Side } | null = null;
  return computed(() => {
    const current = source.value;
    if (current === null) return null;
    const { index, run } = current;
    const known = `${index.trace.known} ${run.status} ${run.tally?.total} ${run.run.finishedAt}`;
    if (last?.index !== index || last.known !== known) last = { index, known, side: sideOf(run, index) };
    return last.side;
  });
}

interface Known {
  readonly run: RunState;
  readonly index: RunIndex;
}

const right = sideShown(indexed);
const left = sideShown(indexedBeside);

/** Without the older part of a run's outline, tests would seem to be in the other run alone. */
const isWhole = computed(
  () => indexed.value?.index.trace.isWhole === true && indexedBeside.value?.index.trace.isWhole === true,
);

const NOT_READY: Picture<Comparison> = { value: null, isReady: false, parts: [] };

export const comparison = computed((): Picture<Comparison> => {
  if (!isWhole.value || left.value === null || right.value === null) return NOT_READY;
  return { value: compare(left.value, right.value), isReady: true, parts: [] };
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

import { batch, computed, effect, signal } from "@preact/signals";
import { indexed, jumps, moment, openRunId, playhead } from "../playback/playback.ts";
import type { Picture } from "../playback/picture.ts";
import { AT_FIRST, type EventFilter } from "./filter.ts";
import { isSameRow } from "./event-row.ts";
import { type EventsView, newestRows } from "./rows.ts";

/** The events as of the playhead, which of them somebody wants to see, and how many. */

const PORTION = 200;
/** Lines that are looked at for a portion: where the filter leaves few, more have to be asked for. */
const DEPTH = 4096;
const portions = signal({ limit: PORTION, depth: DEPTH });
/** The first row, for as long as it is to stay that. */
const hold = signal<string | null>(null);
const chosenFilter = signal<EventFilter>(AT_FIRST);
const NOTHING: Picture<EventsView> = { value: null, isReady: false, parts: [] };

/** It stays while the playhead moves. */
export const filter = computed(() => chosenFilter.value);

let last: EventsView | null = null;
export const events = computed((): Picture<EventsView> => {
  const known = indexed.value;
  if (known === null) return NOTHING;
  // At a pinned moment nothing comes in, so nothing has to be held in its place.
  const first = playhead.value.kind === "paused" ? null : hold.value;
  const extent = { ...portions.value, first, filter: filter.value };
  const picture = newestRows(known.run, known.index, moment.value, extent);
  if (picture.value === null) return picture;
  last = sameAsBefore(last, picture.value);
  return { ...picture, value: last };
});

export function setFilter(next: EventFilter): void {
  batch(() => {
    chosenFilter.value = next;
    begin();
  });
}

export function showEarlier(): void {
  const { depth, limit } = portions.value;
  const shown = events.peek().value?.rows.length ?? 0;
  batch(() => {
    hold.value = null;
    portions.value = { limit: Math.max(limit, shown) + PORTION, depth: depth + DEPTH };
  });
}

/** Keeps the beginning of what is shown where it is, for as long as the reader is there. */
export function holdStill(first: string): void {
  hold.value = first;
}

export function letGo(): void {
  hold.value = null;
}

/** At another moment, or in another run, it begins with its newest part again. */
export function startEvents(): void {
  effect(() => {
    void jumps.value;
    begin();
  });
  effect(() => {
    void openRunId.value;
    setFilter(AT_FIRST);
  });
}

function begin(): void {
  batch(() => {
    portions.value = { limit: PORTION, depth: DEPTH };
    hold.value = null;
  });
}

/** The very rows of before where they say the same: only the others are drawn again. */
function sameAsBefore(before: EventsView | null, now: EventsView): EventsView {
  if (before === null || isSame(before, now)) return before ?? now;
  const known = new Map(before.rows.map((row) => [row.first.key, row]));
  const rows = now.rows.map((row) => {
    const same = known.get(row.first.key);
    return same !== undefined && isSameRow(same, row) ? same : row;
  });
  return { ...now, rows };
}

function isSame(left: EventsView, right: EventsView): boolean {
  return (
    left.hasEarlier === right.hasEarlier &&
    left.isFull === right.isFull &&
    left.backTo === right.backTo &&
    left.heartbeats === right.heartbeats &&
    left.rows.length === right.rows.length &&
    left.rows.every((row, index) => isSameRow(row, right.rows[index])) &&
    left.types.size === right.types.size &&
    [...left.types].every(([type, count]) => right.types.get(type) === count) &&
    left.otherTypes.size === right.otherTypes.size &&
    [...left.otherTypes].every((type) => right.otherTypes.has(type))
  );
}

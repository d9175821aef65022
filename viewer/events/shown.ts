import { computed, effect, signal } from "@preact/signals";
import { indexed, jumps, moment, openRunId, playhead } from "../playback/playback.ts";
import type { Picture } from "../playback/picture.ts";
import { type EventRow, type EventsView, newestRows } from "./rows.ts";

/** The events as of the playhead, and how many of them somebody wants to see. */

const PORTION = 200;
const limit = signal(PORTION);
/** The first row, for as long as it is to stay that. */
const hold = signal<string | null>(null);
const NOTHING: Picture<EventsView> = { value: null, isReady: false, parts: [] };

let last: EventsView | null = null;
export const events = computed((): Picture<EventsView> => {
  const known = indexed.value;
  if (known === null) return NOTHING;
  // At a pinned moment nothing comes in, so nothing has to be held in its place.
  const kept = playhead.value.kind === "paused" ? null : hold.value;
  const picture = newestRows(known.run, known.index, moment.value, limit.value, kept);
  if (picture.value === null) return picture;
  last = last !== null && isSame(last, picture.value) ? last : picture.value;
  return { ...picture, value: last };
});

export function showEarlier(): void {
  hold.value = null;
  limit.value = Math.max(limit.value, events.peek().value?.rows.length ?? 0) + PORTION;
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
    void openRunId.value;
    limit.value = PORTION;
    hold.value = null;
  });
}

function isSame(left: EventsView, right: EventsView): boolean {
  return (
    left.hasEarlier === right.hasEarlier &&
    left.rows.length === right.rows.length &&
    left.rows.every((row, index) => isSameRow(row, right.rows[index]))
  );
}

function isSameRow(left: EventRow, right: EventRow | undefined): boolean {
  return left.key === right?.key && left.event === right.event && left.at === right.at;
}

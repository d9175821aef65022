import { computed, signal } from "@preact/signals";
import { keptText } from "../ui/kept-choice.ts";
import { isCoding } from "../playback/coding.ts";
import { isNarrow } from "../ui/narrow.ts";
import { USUAL_ROOM } from "./lane-box.ts";

/** How high a person wants the lanes, in pixels; without a wish what is usual. */

export const LEAST_ROOM = 24;
export const MOST_ROOM = 264;
/** With less than this the timeline is folded: a sliver of lanes, and nothing below them. */
const FOLDED = 48;

/** A coding session has lanes for its subagents, too. */
const CODING_ROOM = 136;

const kept = keptText("runreel.timeline-height");
const chosen = signal(readKept());

function readKept(): number | null {
  const text = kept.read();
  const value = Number(text);
  return text !== null && value >= LEAST_ROOM && value <= MOST_ROOM ? value : null;
}

export const room = computed(
  () => chosen.value ?? (isCoding.value && !isNarrow.value ? CODING_ROOM : USUAL_ROOM),
);
export const isTimelineFolded = computed(() => room.value < FOLDED);

/** Null sets it back. */
export function setRoom(next: number | null): void {
  const value = next === null ? null : Math.round(Math.min(MOST_ROOM, Math.max(LEAST_ROOM, next)));
  // Halfway folded there is no use in it.
  chosen.value = value !== null && value < FOLDED ? LEAST_ROOM : value;
  kept.write(chosen.value === null ? null : String(chosen.value));
}

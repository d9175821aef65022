import { computed, signal } from "@preact/signals";
import { position, seekTo } from "../playback/playback.ts";

/**
 * Dragging the playhead. It is drawn under the pointer in every frame; the page,
 * which has much more to draw, goes there in every second one. So a drag is
 * smooth as long as each of the two fits into a frame, and where it ends the page
 * is, too.
 */

const dragged = signal<number | null>(null);
/** Where the playhead is drawn: under the pointer that drags it, or where it is. */
export const drawnPosition = computed(() => dragged.value ?? position.value);

/** The frame in which the page rests; 0 when it may go on. */
let rest = 0;
let due: number | null = null;

export function scrubTo(time: number): void {
  dragged.value = time;
  due = time;
  if (rest === 0) goOn();
}

export function endScrub(): void {
  cancelAnimationFrame(rest);
  rest = 0;
  if (due !== null) seekTo(due);
  due = null;
  dragged.value = null;
}

/** What was dragged is gone: whatever comes in its place is not moved. */
export function dropScrub(): void {
  due = null;
  endScrub();
}

function goOn(): void {
  rest = 0;
  if (due === null) return;
  const time = due;
  due = null;
  seekTo(time);
  rest = requestAnimationFrame(() => {
    rest = requestAnimationFrame(goOn);
  });
}

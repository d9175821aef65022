import { computed, signal } from "@preact/signals";
import { lanes, scale } from "./axis.ts";
import { laneBox } from "./lane-box.ts";
import { type Mark, markAt } from "./marks.ts";
import type { Label } from "./spans.ts";

/** What lies under the pointer. */
export interface Hovered {
  /** Pixels from the left end of what is seen. */
  readonly x: number;
  readonly time: number;
  readonly mark: Mark | null;
  readonly label: Label | null;
  /** How long the quiet spell is that is folded there; null where none is. */
  readonly quietMs: number | null;
}

/** A mark is met this near, too: some are two pixels wide. */
const NEAR_PX = 3;

const place = signal<{ readonly x: number; readonly y: number } | null>(null);

export function hoverAt(x: number, y: number): void {
  place.value = { x: Math.min(scale.peek().width, Math.max(0, x)), y };
}

export function hoverNowhere(): void {
  place.value = null;
}

export const hover = computed((): Hovered | null => {
  const at = place.value;
  if (at === null) return null;
  const seen = scale.value;
  const time = seen.timeAt(at.x);
  const row = laneBox(lanes.value.length).rowAt(at.y);
  const lane = row === null ? undefined : lanes.value[row];
  const mark = lane === undefined ? null : markAt(lane.marks, time, NEAR_PX * seen.perPixel);
  const label = mark === null || lane === undefined ? null : lane.labelOf(mark.index);
  const fold = seen.folds.find(([from, to]) => from < time && time < to);
  return { x: at.x, time, mark, label, quietMs: fold === undefined ? null : fold[1] - fold[0] };
});

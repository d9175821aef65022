import { computed, signal } from "@preact/signals";
import { position } from "../playback/playback.ts";
import { type Lane, lanes, scale } from "./axis.ts";
import { laneBox } from "./lane-box.ts";
import { type Mark, markAt } from "./marks.ts";
import { failuresAt } from "./pieces.ts";
import type { Label } from "./spans.ts";

/** What lies under the pointer, as the playhead knows it. */
export interface Hovered {
  /** Pixels from the left end of what is seen. */
  readonly x: number;
  readonly time: number;
  readonly told: Told | null;
  /** How long the quiet spell is that is folded there; null where none is. */
  readonly quietMs: number | null;
}

export interface Told {
  readonly mark: Mark;
  readonly label: Label;
  readonly failures: number;
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
  const told = lane === undefined ? null : toldOf(lane, time, NEAR_PX * seen.perPixel);
  const fold = seen.folds.find(([from, to]) => from < time && time < to);
  return { x: at.x, time, told, quietMs: fold === undefined ? null : fold[1] - fold[0] };
});

function toldOf(lane: Lane, time: number, room: number): Told | null {
  const mark = markAt(lane.marks, time, room);
  if (mark === null) return null;
  const at = position.value;
  return { mark, label: lane.labelOf(mark.index, at), failures: failuresAt(lane, mark, at) };
}

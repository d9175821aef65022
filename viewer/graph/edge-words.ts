import { wholeNumber } from "../ui/format.ts";
import { clipLabel, labelWidth } from "./label.ts";
import { type EdgePlace, LABEL_HEIGHT, type Point } from "./layout.ts";
import { longestMiddle } from "./route.ts";

/** Words beside an edge; from `at` they run to the right, to the left, or both ways. */
export interface EdgeWords {
  readonly at: Point;
  readonly anchor: "start" | "middle" | "end";
  readonly text: string;
}

const GAP = 2;

/** The cases that lead this way, near its source. A loop has its count behind them: it has no room of its own. */
export function labelOf(place: EdgePlace, label: string, count: number | null): EdgeWords | null {
  const words = clipLabel(label);
  const times = place.isLoop ? timesOf(count) : "";
  const text = [words, times].filter((word) => word !== "").join(" ");
  if (text === "") return null;
  const left = Math.min(...place.points.map(({ x }) => x));
  const at = place.label ?? { x: left - labelWidth(""), y: (place.points[0]?.y ?? 0) - LABEL_HEIGHT / 2 };
  const y = at.y + LABEL_HEIGHT - 4;
  // Left of its loop there is room to the left.
  if (place.isLoop && at.x < left) return { at: { x: left - 3 * GAP, y }, anchor: "end", text };
  return { at: { x: at.x + GAP, y }, anchor: "start", text };
}

/** How often a way back was taken, in the middle of its rail. */
export function countOf(place: EdgePlace, count: number | null): EdgeWords | null {
  const text = timesOf(count);
  const middle = place.isBack && !place.isLoop ? longestMiddle(place.points) : null;
  if (text === "" || middle === null) return null;
  return { at: { x: middle.x, y: middle.y + 4 }, anchor: "middle", text };
}

/** Once is no number: the way is drawn as walked. */
function timesOf(count: number | null): string {
  return count !== null && count > 1 ? `×${wholeNumber(count)}` : "";
}

import { firstWhere } from "../playback/columns.ts";
import type { PackedLane, Spans } from "./packing.ts";

/** What is drawn of a lane: one span, or several too thin to be told apart. */
export interface Mark {
  /** The span that gives the mark its name: the longest. */
  index: number;
  readonly start: number;
  end: number;
  count: number;
  /** How many of them failed. */
  failures: number;
  /** The span that gives the name goes on. */
  isOpen: boolean;
}

interface Seen {
  /** The moments at either end of what is seen. */
  readonly from: number;
  readonly to: number;
  readonly pixelOf: (time: number) => number;
  readonly xOf: (time: number) => number;
  /** What still goes on reaches to here. */
  readonly edge: number;
  /** The run is over, and with it whatever still went on. */
  readonly isOver: boolean;
}

/**
 * The marks of a lane that reach into what is seen. A span thinner than a pixel
 * joins the mark it starts in the same pixel with, so there are never more marks
 * than pixels, and nothing is made but these marks. What lies outside costs nothing.
 */
export function marksOf({ reach, spans }: PackedLane, of: Spans, seen: Seen): Mark[] {
  const { ends, isFailed, starts } = of;
  const { edge, from, isOver, pixelOf, to, xOf } = seen;
  const marks: Mark[] = [];
  const { length } = spans;
  const indexes = spans.items;
  const first = firstWhere(length, (place) => reach.at(place) >= from);
  let last: Mark | undefined;
  let lastPixel = 0;
  let isLastThin = false;
  for (let place = first; place < length; place += 1) {
    const index = indexes[place]!;
    const start = starts[index]!;
    if (start > to) break;
    const known = ends[index]!;
    const isNever = known === Number.POSITIVE_INFINITY;
    const isOpen = isNever && !isOver;
    const end = Math.max(start, isNever ? edge : known);
    const pixel = pixelOf(start);
    const isThin = xOf(end) - xOf(start) < 1;
    if (last === undefined || pixel !== lastPixel || !(isThin || isLastThin)) {
      last = { index, start, end, count: 1, failures: isFailed(index) ? 1 : 0, isOpen };
      lastPixel = pixel;
      isLastThin = isThin;
      marks.push(last);
      continue;
    }
    if (end - start > last.end - last.start) {
      last.index = index;
      last.isOpen = isOpen;
    }
    last.end = Math.max(last.end, end);
    last.count += 1;
    if (isFailed(index)) last.failures += 1;
    isLastThin = xOf(last.end) - xOf(last.start) < 1;
  }
  return marks;
}

/** The mark at a moment, or the nearest one that is no more than `room` away. Marks stand in the order of their start. */
export function markAt(marks: readonly Mark[], time: number, room: number): Mark | null {
  let nearest: Mark | null = null;
  let distance = room;
  // One that began long ago may reach further than all that follow it.
  for (
    let place = firstWhere(marks.length, (index) => marks[index]!.start > time + room) - 1;
    place >= 0;
    place -= 1
  ) {
    const mark = marks[place]!;
    const away = mark.start > time ? mark.start - time : Math.max(0, time - mark.end);
    if (away === 0) return mark;
    if (away <= distance) {
      nearest = mark;
      distance = away;
    }
  }
  return nearest;
}

import { firstWhere } from "../playback/columns.ts";
import type { PackedLane, Spans } from "./packing.ts";

/** What is drawn of a lane: one span, or several too thin to be told apart. */
export interface Mark {
  /** The span that gives the mark its name: the longest. */
  readonly index: number;
  /** The place in the lane of the first of its spans; the others follow it. */
  readonly place: number;
  readonly start: number;
  readonly end: number;
  /** When all of it was known, if that was later than its start. */
  readonly known: number;
  readonly count: number;
  /** How many of them failed, sooner or later. */
  readonly failures: number;
  /** The span that gives the name goes on. */
  readonly isOpen: boolean;
}

interface Seen {
  /** The moments at either end of what is seen. */
  readonly from: number;
  readonly to: number;
  readonly pixelOf: (time: number) => number;
  /** When a pixel begins. */
  readonly timeOfPixel: (pixel: number) => number;
  /** What still goes on reaches to here. */
  readonly edge: number;
  /** The run is over, and with it whatever still went on. */
  readonly isOver: boolean;
}

/**
 * The marks of a lane that reach into what is seen: one for all spans that start
 * in the same pixel. So there are never more marks than pixels, and nothing is
 * made but these. What lies outside costs nothing, and of the spans that share a
 * pixel only their lengths are looked at. What was known only later joins none that was
 * known in another pixel: what is drawn of a moment must not tell of it.
 */
export function marksOf({ failures, reach, spans }: PackedLane, of: Spans, seen: Seen): Mark[] {
  const { ends, knowns, starts } = of;
  const { edge, from, isOver, pixelOf, timeOfPixel, to } = seen;
  const knownOf = (index: number) => knowns?.[index] ?? Number.NEGATIVE_INFINITY;
  /** Those that were known in the pixel of this moment; where all are known as they start, all. */
  const partOf = (known: number) => {
    if (knowns === undefined) return () => true;
    const pixel = pixelOf(known);
    return (index: number) => pixelOf(knownOf(index)) === pixel;
  };
  const marks: Mark[] = [];
  const { length } = spans;
  const indexes = spans.items;
  let place = firstWhere(length, (each) => reach.at(each) >= from);
  while (place < length) {
    const first = place;
    const start = starts[indexes[first]!]!;
    if (start > to) break;
    const next = timeOfPixel(pixelOf(start) + 1);
    let longest = indexes[first]!;
    let most = Number.NEGATIVE_INFINITY;
    let end = start;
    let known = knownOf(longest);
    const isKnownWith = partOf(known);
    do {
      const index = indexes[place]!;
      const begins = starts[index]!;
      const close = ends[index]!;
      const ended = Math.max(begins, close === Number.POSITIVE_INFINITY ? edge : close);
      if (ended - begins > most) {
        most = ended - begins;
        longest = index;
      }
      if (ended > end) end = ended;
      known = Math.max(known, knownOf(index));
      place += 1;
    } while (place < length && starts[indexes[place]!]! < next && isKnownWith(indexes[place]!));
    marks.push({
      index: longest,
      place: first,
      start,
      end,
      known: Math.max(known, start),
      count: place - first,
      failures: failures.at(place) - failures.at(first),
      isOpen: !isOver && ends[longest] === Number.POSITIVE_INFINITY,
    });
  }
  return marks;
}

/**
 * Spans of time in the order of their start, as blocks of numbers that may be
 * longer than `count`. An end of Infinity is none.
 */
export interface Spans {
  readonly count: number;
  readonly starts: Float64Array;
  readonly ends: Float64Array;
  readonly isFailed: (index: number) => boolean;
}

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

interface Axis {
  readonly start: number;
  readonly msPerPixel: number;
  /** What still goes on reaches to here. */
  readonly edge: number;
  /** The run is over, and with it whatever still went on. */
  readonly isOver: boolean;
}

/**
 * Spreads spans over lanes so that none overlaps another in its lane; where
 * `most` lanes are not enough the last one takes the rest. A span thinner than a
 * pixel joins the mark it starts in the same pixel with, so a lane never has more
 * marks than pixels, and nothing is made but these marks.
 */
export function lanesOf(spans: Spans, most: number, { edge, isOver, msPerPixel, start }: Axis): Mark[][] {
  const lanes: Mark[][] = [];
  const laneEnds: number[] = [];
  const { count, ends, isFailed, starts } = spans;
  const pixel = (time: number) => Math.floor((time - start) / msPerPixel);
  for (let index = 0; index < count; index += 1) {
    const from = starts[index]!;
    let end = ends[index]!;
    const isOpen = end === Number.POSITIVE_INFINITY && !isOver;
    if (isOver && end === Number.POSITIVE_INFINITY) end = Math.max(edge, from);

    let row = 0;
    while (row < laneEnds.length && laneEnds[row]! > from) row += 1;
    if (row === laneEnds.length) row = Math.min(row, most - 1);
    const lane = (lanes[row] ??= []);
    laneEnds[row] = Math.max(laneEnds[row] ?? Number.NEGATIVE_INFINITY, end);

    const drawnEnd = Math.max(from, isOpen ? edge : end);
    const length = drawnEnd - from;
    const last = lane[lane.length - 1];
    const joins =
      last !== undefined &&
      (length < msPerPixel || last.end - last.start < msPerPixel) &&
      pixel(from) === pixel(last.start);
    if (!joins) {
      lane.push({ index, start: from, end: drawnEnd, count: 1, failures: isFailed(index) ? 1 : 0, isOpen });
      continue;
    }
    if (length > last.end - last.start) {
      last.index = index;
      last.isOpen = isOpen;
    }
    last.end = Math.max(last.end, drawnEnd);
    last.count += 1;
    if (isFailed(index)) last.failures += 1;
  }
  return lanes;
}

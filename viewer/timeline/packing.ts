import { Floats, Ints } from "../playback/columns.ts";

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

/** The spans of one lane, in the order of their start. */
export interface PackedLane {
  readonly spans: Ints;
  /** For each of them, up to when it and those before it reach. */
  readonly reach: Floats;
  /** How many of those before each of them failed, and at the end of all. */
  readonly failures: Ints;
}

/**
 * Spreads spans over lanes so that none overlaps another in its lane; where
 * `most` lanes are not enough the last one takes the rest. It is made of all
 * spans, so a span has the same lane however near one looks.
 */
export function pack({ count, ends, isFailed, starts }: Spans, most: number): PackedLane[] {
  const lanes: PackedLane[] = [];
  const busyUntil: number[] = [];
  for (let index = 0; index < count; index += 1) {
    const from = starts[index]!;
    let row = 0;
    while (row < busyUntil.length && busyUntil[row]! > from) row += 1;
    if (row === busyUntil.length) row = Math.min(row, most - 1);
    const until = Math.max(busyUntil[row] ?? from, ends[index]!, from);
    busyUntil[row] = until;
    const lane = (lanes[row] ??= newLane());
    lane.spans.push(index);
    lane.reach.push(until);
    lane.failures.push(lane.failures.at(lane.failures.length - 1) + (isFailed(index) ? 1 : 0));
  }
  return lanes;
}

function newLane(): PackedLane {
  const failures = new Ints();
  failures.push(0);
  return { spans: new Ints(), reach: new Floats(), failures };
}

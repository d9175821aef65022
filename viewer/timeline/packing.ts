import { Floats, Ints } from "../playback/columns.ts";

/**
 * Spans of time, as blocks of numbers that may be longer than `count`. An end of
 * Infinity is none.
 */
export interface Spans {
  readonly count: number;
  readonly starts: Float64Array;
  readonly ends: Float64Array;
  /** When each was known, which may be later than its start; without it they are known as they start. */
  readonly knowns?: Float64Array;
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
 * Spreads spans that stand in the order of their start over lanes, so that none
 * overlaps another in its lane; where `most` lanes are not enough the last one takes
 * the rest. It is made of all spans, so a span has the same lane however near one looks.
 */
export function pack(spans: Spans, most: number): PackedLane[] {
  return spread(spans, most, (busyUntil, from) => busyUntil.findIndex((until) => until <= from));
}

/**
 * The same of spans that stand in the order in which they were known, whenever they
 * started: each comes after all that its lane holds, in the lane that was left free last.
 * So no more lanes are taken than spans overlap, and what has a lane keeps it when more
 * becomes known.
 */
export function packAsKnown(spans: Spans, most: number): PackedLane[] {
  return spread(spans, most, (busyUntil, from) => {
    let best = -1;
    for (const [row, until] of busyUntil.entries())
      if (until <= from && (best === -1 || until > busyUntil[best]!)) best = row;
    return best;
  });
}

/** `choose` tells which of the lanes is free from then on, or -1. */
function spread(
  spans: Spans,
  most: number,
  choose: (busyUntil: readonly number[], from: number) => number,
): PackedLane[] {
  const rows: number[][] = [];
  const busyUntil: number[] = [];
  for (let index = 0; index < spans.count; index += 1) {
    const from = spans.starts[index]!;
    let row = choose(busyUntil, from);
    if (row === -1) row = Math.min(rows.length, most - 1);
    busyUntil[row] = Math.max(busyUntil[row] ?? from, spans.ends[index]!, from);
    (rows[row] ??= []).push(index);
  }
  return rows.map((row) => laneOf(spans, row));
}

function laneOf({ ends, isFailed, starts }: Spans, row: number[]): PackedLane {
  const lane = { spans: new Ints(), reach: new Floats(), failures: new Ints() };
  let reach = Number.NEGATIVE_INFINITY;
  let failures = 0;
  lane.failures.push(0);
  // Only the last lane, which takes what has no other, may not stand in this order yet.
  for (const index of row.sort((left, right) => starts[left]! - starts[right]!)) {
    reach = Math.max(reach, ends[index]!, starts[index]!);
    if (isFailed(index)) failures += 1;
    lane.spans.push(index);
    lane.reach.push(reach);
    lane.failures.push(failures);
  }
  return lane;
}

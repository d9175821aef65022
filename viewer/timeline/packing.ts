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
  /** Had it failed when it was known? Without it, nobody knew by then. */
  readonly isKnownFailed?: (index: number) => boolean;
  /** Is of it no more known than the moment of its end? */
  readonly isPoint?: (index: number) => boolean;
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
  const first = (busyUntil: readonly number[], from: number) => busyUntil.findIndex((until) => until <= from);
  return spread(spans, most, first, () => most - 1);
}

/**
 * The same of spans that stand in the order in which they were known, whenever they
 * started: each comes after all that its lane holds, in the lane that was left free last.
 * So no more lanes are taken than spans overlap, and what has a lane keeps it when more
 * becomes known. Where `most` are not enough all lanes share the rest, and what had failed
 * goes where it covers no other failure, as long as there is such a lane.
 */
export function packAsKnown(spans: Spans, most: number): PackedLane[] {
  const last = (busyUntil: readonly number[], from: number) => {
    let best = -1;
    for (const [row, until] of busyUntil.entries())
      if (until <= from && (best === -1 || until > busyUntil[best]!)) best = row;
    return best;
  };
  const failures = new KnownFailures(spans);
  return spread(spans, most, last, (lanes, index) => {
    const from = spans.starts[index]!;
    const known = spans.knowns?.[index] ?? from;
    const isFailed = spans.isKnownFailed?.(index) ?? false;
    const rankOf = ({ busyUntil, spans: held }: FillingLane, row: number) => [
      isFailed ? Math.max(failures.reach(row, held), from) : 0,
      // What still ran then has no end that could count.
      Math.min(busyUntil, known),
      held.length,
    ];
    let best = 0;
    let least = lanes.map(rankOf)[0] ?? [];
    for (const [row, lane] of lanes.entries()) {
      const rank = rankOf(lane, row);
      if (!isLess(rank, least)) continue;
      best = row;
      least = rank;
    }
    return best;
  });
}

function isLess(left: readonly number[], right: readonly number[]): boolean {
  const place = left.findIndex((value, at) => value !== right[at]);
  return place !== -1 && left[place]! < right[place]!;
}

/** How many spans there are at once, at most. */
export function mostAtOnce({ count, ends, starts }: Spans): number {
  const begins = starts.slice(0, count).sort();
  const closes = ends.slice(0, count).sort();
  let most = 0;
  let over = 0;
  for (let place = 0; place < count; place += 1) {
    while (over < place && closes[over]! <= begins[place]!) over += 1;
    most = Math.max(most, place + 1 - over);
  }
  return most;
}

interface FillingLane {
  readonly spans: number[];
  busyUntil: number;
}

/** Up to when what had failed as it was known reaches in each lane. Nobody asks while there are lanes enough. */
class KnownFailures {
  readonly #of: Spans;
  readonly #lanes: { seen: number; until: number }[] = [];

  constructor(of: Spans) {
    this.#of = of;
  }

  reach(row: number, spans: readonly number[]): number {
    const lane = (this.#lanes[row] ??= { seen: 0, until: Number.NEGATIVE_INFINITY });
    for (; lane.seen < spans.length; lane.seen += 1) {
      const index = spans[lane.seen]!;
      if (this.#of.isKnownFailed?.(index) === true)
        lane.until = Math.max(lane.until, this.#of.ends[index]!, this.#of.starts[index]!);
    }
    return lane.until;
  }
}

/** `choose` tells which of the lanes is free from then on, or -1; `share`, which of them takes what finds none free. */
function spread(
  spans: Spans,
  most: number,
  choose: (busyUntil: readonly number[], from: number) => number,
  share: (lanes: readonly FillingLane[], index: number) => number,
): PackedLane[] {
  const lanes: FillingLane[] = [];
  const busyUntil: number[] = [];
  for (let index = 0; index < spans.count; index += 1) {
    const from = spans.starts[index]!;
    const until = Math.max(spans.ends[index]!, from);
    let row = choose(busyUntil, from);
    if (row === -1) row = lanes.length < most ? lanes.length : share(lanes, index);
    const lane = (lanes[row] ??= { spans: [], busyUntil: from });
    lane.spans.push(index);
    busyUntil[row] = lane.busyUntil = Math.max(lane.busyUntil, until);
  }
  return lanes.map((lane) => laneOf(spans, lane.spans));
}

function laneOf({ ends, isFailed, starts }: Spans, row: number[]): PackedLane {
  const lane = { spans: new Ints(), reach: new Floats(), failures: new Ints() };
  let reach = Number.NEGATIVE_INFINITY;
  let failures = 0;
  lane.failures.push(0);
  // Only a lane that takes what has no other may not stand in this order yet.
  const isInOrder = row.every((index, place) => place === 0 || starts[row[place - 1]!]! <= starts[index]!);
  for (const index of isInOrder ? row : row.sort((left, right) => starts[left]! - starts[right]!)) {
    reach = Math.max(reach, ends[index]!, starts[index]!);
    if (isFailed(index)) failures += 1;
    lane.spans.push(index);
    lane.reach.push(reach);
    lane.failures.push(failures);
  }
  return lane;
}

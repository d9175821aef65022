import { firstWhere } from "../playback/columns.ts";
import type { Scale } from "./scale.ts";

/** A wedge of the strip of errors: one moment, or several that have no room side by side. */
export interface Wedge {
  /** The first of its moments. */
  readonly from: number;
  readonly x: number;
  readonly count: number;
  /** From more than 0 to 1, by how many there are: 1 where no other wedge in sight has more. */
  readonly strength: number;
}

/** The wedges in sight, each for a stretch of `room` pixels that is the same wherever one looks from. */
export function wedgesOf(errors: Float64Array, scale: Scale, room: number): Wedge[] {
  const { from, to } = scale;
  const found: { from: number; x: number; count: number }[] = [];
  let stretch = Number.NaN;
  let most = 0;
  const first = firstWhere(errors.length, (place) => errors[place]! >= from);
  for (let place = first; place < errors.length && errors[place]! <= to; place += 1) {
    const time = errors[place]!;
    const own = Math.floor(scale.pixelOf(time) / room);
    const last = found.at(-1);
    if (own === stretch && last !== undefined) last.count += 1;
    else found.push({ from: time, x: scale.xOf(time), count: 1 });
    stretch = own;
    most = Math.max(most, found.at(-1)?.count ?? 0);
  }
  return found.map((wedge) => ({ ...wedge, strength: Math.log1p(wedge.count) / Math.log1p(most) }));
}

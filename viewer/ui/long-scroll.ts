/**
 * Lists that are taller than any browser draws an element. Their rows stand in a
 * box of at most MOST_PX; where it is scrolled to tells where in the list a
 * reader is. In a list that fits, the two are the same.
 */

/** Firefox ends at some 17.9 million, Chrome at 33.5 million, and of those a page that is zoomed in has a part only. */
export const MOST_PX = 5_000_000;

export interface Heights {
  /** Of all rows together. */
  readonly rows: number;
  /** Of what is seen of them at a time. */
  readonly view: number;
}

/** How far the box is scrolled, and how far down the list that is. */
export interface Scrolled {
  readonly top: number;
  readonly offset: number;
}

/** How tall the rows' box is drawn. */
export function drawnHeight({ rows }: Heights): number {
  return Math.min(rows, MOST_PX);
}

/** The offset at which the last row ends where the view does. */
export function lastOffset({ rows, view }: Heights): number {
  return Math.max(0, rows - view);
}

/** Where the box has to be scrolled to for this offset. */
export function topOf(heights: Heights, offset: number): number {
  const last = lastOffset(heights);
  if (last === 0) return 0;
  return (clamp(offset, last) / last) * lastTop(heights);
}

/**
 * The offset after somebody scrolled the box to `top`. In a list that does not
 * fit, a short way is as long as it looks; only a long one is stretched. Both
 * ends are always the ends.
 */
export function offsetAfter(heights: Heights, before: Scrolled, top: number): number {
  const last = lastOffset(heights);
  const furthest = lastTop(heights);
  if (top <= 0) return 0;
  if (top >= furthest) return last;
  if (furthest === last) return top;
  const way = top - before.top;
  return Math.abs(way) <= heights.view ? clamp(before.offset + way, last) : (top / furthest) * last;
}

function lastTop(heights: Heights): number {
  return Math.max(0, drawnHeight(heights) - heights.view);
}

function clamp(offset: number, last: number): number {
  return Math.min(Math.max(0, offset), last);
}

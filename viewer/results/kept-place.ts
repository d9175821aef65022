/** A list of rows of one height, below something, in a box that is scrolled. */
export interface Scrolled {
  readonly top: number;
  readonly height: number;
  /** How far below the box's beginning the first row stands. */
  readonly rowsTop: number;
  /** What stays above the rows, however far they are scrolled. */
  readonly headHeight: number;
  readonly rowHeight: number;
}

/** The rows in view, from and up to; those only partly too. */
export function inView({ headHeight, height, rowHeight, rowsTop, top }: Scrolled, spare = 0) {
  const from = Math.floor((top + headHeight - rowsTop) / rowHeight) - spare;
  const to = Math.ceil((top + height - rowsTop) / rowHeight) + spare;
  return { from: Math.max(0, from), to: Math.max(0, to) };
}

/** Where the box is to be scrolled to, so that a row is in view and none of it under the head. */
export function topToSee(index: number, scrolled: Scrolled): number {
  const { headHeight, height, rowHeight, rowsTop, top } = scrolled;
  const start = rowsTop + index * rowHeight;
  return Math.max(0, Math.min(Math.max(top, start + rowHeight - height), start - headHeight));
}

/**
 * Where the box is to be scrolled to when other rows stand in it, so that a reader
 * goes on reading where they were. Who is at the beginning stays there: what comes in
 * above is what they want to see. Otherwise `wanted` stays where it is on the page, if
 * it is in view, or else the first row in view that did not change.
 */
export function keptTop<Row>(
  before: readonly Row[],
  now: readonly Row[],
  scrolled: Scrolled,
  wanted: Row | null,
): number {
  const { headHeight, rowHeight, rowsTop, top } = scrolled;
  if (top + headHeight <= rowsTop) return top;
  const { from, to } = inView(scrolled);
  const seen = before.slice(from, to);
  if (wanted !== null && seen.includes(wanted)) seen.unshift(wanted);
  for (const row of seen) {
    const index = now.indexOf(row);
    if (index !== -1) return Math.max(0, top + (index - before.indexOf(row)) * rowHeight);
  }
  return top;
}

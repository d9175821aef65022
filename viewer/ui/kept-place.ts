/** The lines that a reader has before them, and how far below the upper edge each of them stands. */
export type Place = readonly (readonly [line: Element, offset: number])[];

/** `lines` chooses what counts as one: what stays the same element when more is put above it. */
export function placeIn(box: Element, lines: string): Place {
  const { bottom, top } = box.getBoundingClientRect();
  const seen: [Element, number][] = [];
  for (const line of box.querySelectorAll(lines)) {
    const edges = line.getBoundingClientRect();
    if (edges.top >= bottom) break;
    if (edges.bottom > top) seen.push([line, edges.top - top]);
  }
  return seen;
}

/**
 * Puts the topmost line that is still there where it was. Browsers do so by
 * themselves, but some not at all, and none while it is scrolled to its very
 * beginning: where they did, nothing is left to do.
 */
export function returnTo(box: Element, place: Place): void {
  const left = place.find(([line]) => box.contains(line));
  if (left === undefined) return;
  const [line, offset] = left;
  box.scrollTop += line.getBoundingClientRect().top - box.getBoundingClientRect().top - offset;
}

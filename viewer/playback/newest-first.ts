/** A list of things in the order of their times. */
export interface Timed {
  readonly length: number;
  readonly timeAt: (index: number) => number;
}

/**
 * Walks several lists as one, from the newest thing to the oldest, at the cost
 * of what is taken. Of the same moment, the later list's comes first.
 */
export function* newestFirst(lists: readonly Timed[]): Generator<{ list: number; index: number }> {
  const left = lists.map((list) => list.length);
  for (;;) {
    let newest = -1;
    let time = Number.NEGATIVE_INFINITY;
    for (const [list, { timeAt }] of lists.entries()) {
      const count = left[list] ?? 0;
      if (count === 0) continue;
      const at = timeAt(count - 1);
      if (newest === -1 || at >= time) {
        newest = list;
        time = at;
      }
    }
    if (newest === -1) return;
    const index = (left[newest] ?? 0) - 1;
    left[newest] = index;
    yield { list: newest, index };
  }
}

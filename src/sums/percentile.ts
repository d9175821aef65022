/** The nearest rank: the ⌈p/100 · n⌉th smallest. `sorted` goes upwards and is not empty; `p` is above 0 and up to 100. */
export function percentile(sorted: ArrayLike<number>, p: number): number {
  const rank = Math.ceil((p * sorted.length) / 100);
  return sorted[Math.min(sorted.length, Math.max(1, rank)) - 1] ?? Number.NaN;
}

/** The value below which `share` of the values lie; undefined for none. */
export function percentile(values: readonly number[], share: number): number | undefined {
  const sorted = values.toSorted((left, right) => left - right);
  return sorted[Math.min(sorted.length - 1, Math.floor(share * sorted.length))];
}

export function median(values: readonly number[]): number | undefined {
  return percentile(values, 0.5);
}

/** How many times `right` goes into `left`. To nothing there is no ratio: a tick of a clock would decide it. */
export function ratio(left: number | undefined, right: number | undefined): number | undefined {
  return left === undefined || right === undefined || right === 0 ? undefined : left / right;
}

/** Lets the browser draw and answer before the work goes on. */
export function breathe(): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve));
}

const LONGEST_MS = 10_000;

/** Waits longer after each failure in a row. */
export function pauseAfter(failures: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, Math.min(LONGEST_MS, 500 * 2 ** failures)));
}

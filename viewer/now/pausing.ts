import type { Line } from "./lines.ts";

/** What makes the lines stand still: somebody looks at one of them. */
export type Reason = "scrolled" | "pointer" | "focus" | "selection";

export interface Shown {
  readonly lines: readonly Line[];
  /** So many have come since it was paused. */
  readonly fresh: number;
}

/** While it is paused no line comes and none goes. */
export function shownOf(lines: readonly Line[], held: readonly Line[] | null): Shown {
  if (held === null) return { lines, fresh: 0 };
  const newest = held.reduce((most, { nr }) => Math.max(most, nr), 0);
  return { lines: held, fresh: lines.filter(({ nr }) => nr > newest).length };
}

/** "Paused", "Paused · 12 new": all that are held may be new, and some before them. */
export function pausedText(fresh: number, most: number): string {
  return fresh === 0 ? "Paused" : `Paused · ${fresh}${fresh >= most ? "+" : ""} new`;
}

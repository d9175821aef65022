import type { Burn, LiveStats } from "../../src/protocol/now.ts";
import { wholeNumber } from "../ui/format.ts";
import { unpricedText, usd, usdOf } from "./figures.ts";

/** One figure of what is being spent. */
export interface Card {
  readonly name: "minute" | "hour" | "today" | "month";
  readonly value: string;
  readonly words: string;
  /** What there is to say beside it; may be empty. */
  readonly more: string;
}

/** Null until it is known: four cards that say so keep their places. */
export function cardsOf(burn: Burn | null): readonly Card[] {
  if (burn === null) return EMPTY;
  const {
    month_unpriced_tokens: ofMonth,
    unpriced_tokens: unpriced,
    window_unpriced_tokens: ofWindow,
  } = burn;
  return [
    {
      name: "minute",
      value: usdOf(burn.per_minute, ofWindow),
      words: `per minute, last ${wholeNumber(burn.window_minutes)} min`,
      more: ofWindow > 0 ? unpricedText(ofWindow) : `${usd(burn.window_cost)} in all`,
    },
    { name: "hour", value: usdOf(burn.per_hour, ofWindow), words: "per hour at this rate", more: "" },
    {
      name: "today",
      value: usdOf(burn.today_cost, unpriced),
      words: "today",
      more: unpricedText(unpriced),
    },
    {
      name: "month",
      value: usdOf(burn.projected_month_end, ofMonth),
      words: "projected month-end",
      more: `${usdOf(burn.month_to_date, ofMonth)} so far`,
    },
  ];
}

const EMPTY: readonly Card[] = [
  { name: "minute", value: "…", words: "per minute, last 5 min", more: "" },
  { name: "hour", value: "…", words: "per hour at this rate", more: "" },
  { name: "today", value: "…", words: "today", more: "" },
  { name: "month", value: "…", words: "projected month-end", more: "" },
];

/** The sparkline in words. */
export function seriesText(series: readonly number[]): string {
  const most = Math.max(0, ...series);
  if (most === 0) return "No cost is known of the last hour";
  const newest = series.at(-1) ?? 0;
  return `Cost of each minute of the last hour: at most ${usd(most)}, ${usd(newest)} in the newest`;
}

/** What is said while sums are too small; null when they are whole. */
export interface Reading {
  readonly text: string;
  readonly done: number;
  readonly of: number;
}

export function readingOf(reading: LiveStats["reading"]): Reading | null {
  if (reading === null || reading.of <= 0) return null;
  const { done, of } = reading;
  return {
    text: `Reading older sessions: ${wholeNumber(done)} of ${wholeNumber(of)}; sums are still too small`,
    done,
    of,
  };
}

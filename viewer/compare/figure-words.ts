import { percent } from "../ui/percent.ts";
import { duration, money, roughNumber, wholeNumber } from "../ui/format.ts";
import type { Figure } from "./comparison.ts";

/** Figures and what they changed by, as people read them. */

export interface ChangeWords {
  /** With its sign: "+6 points". */
  readonly text: string;
  readonly arrow: "▲" | "▼" | "";
  readonly verdict: "better" | "worse" | "no change";
}

interface FigureKind {
  readonly label: string;
  /** Is more of it better? */
  readonly isGood: boolean;
  /** Less than this is no change. */
  readonly least: number;
  readonly text: (value: number) => string;
  /** Of an amount that is not negative. */
  readonly change: (amount: number) => string;
}

const KINDS: Readonly<Record<Figure, FigureKind>> = {
  passRate: { label: "Pass rate", isGood: true, least: 0.0005, text: percent, change: points },
  errors: { label: "Errors", isGood: false, least: 0.5, text: wholeNumber, change: wholeNumber },
  score: { label: "Mean score", isGood: true, least: 0.005, text: twoPlaces, change: twoPlaces },
  durationMs: { label: "Time", isGood: false, least: 0.5, text: exactDuration, change: duration },
  tokens: { label: "Tokens", isGood: false, least: 0.5, text: tokenCount, change: tokenCount },
  costUsd: { label: "Cost", isGood: false, least: 0.00005, text: dollars, change: dollars },
};

export function figureLabel(figure: Figure): string {
  return KINDS[figure].label;
}

/** A dash where nobody told. */
export function figureText(figure: Figure, value: number | null): string {
  return value === null ? "–" : KINDS[figure].text(value);
}

/** Null where one of both is not known. */
export function changeWords(figure: Figure, by: number | null): ChangeWords | null {
  if (by === null) return null;
  const { change, isGood, least } = KINDS[figure];
  if (Math.abs(by) < least) return { text: "±0", arrow: "", verdict: "no change" };
  const isMore = by > 0;
  return {
    text: `${isMore ? "+" : "−"}${change(Math.abs(by))}`,
    arrow: isMore ? "▲" : "▼",
    verdict: isMore === isGood ? "better" : "worse",
  };
}

function points(rate: number): string {
  const value = Number((rate * 100).toFixed(1));
  return `${value} ${value === 1 ? "point" : "points"}`;
}

function twoPlaces(score: number): string {
  return score.toFixed(2);
}

/** With tenths up to a minute: what both took has to agree with the change that stands between them. */
function exactDuration(ms: number): string {
  return ms < 9_950 || ms >= 59_950 ? duration(ms) : `${(ms / 1000).toFixed(1)} s`;
}

function tokenCount(count: number): string {
  return count < 10_000 ? wholeNumber(Math.round(count)) : roughNumber(count);
}

function dollars(amount: number): string {
  return money(amount, "USD");
}

import * as v from "valibot";

/** Thirty years in ms: nothing that is measured or counted here is more, and what is counts as missing. */
const MOST = 1e12;
/** The year 10000: from there on times are written in another form. */
const END_OF_TIME = 253_402_300_800_000;

export function isAmount(value: unknown): value is number {
  return typeof value === "number" && value >= 0 && value <= MOST;
}

export function amountOf(value: unknown): number | null {
  return isAmount(value) ? value : null;
}

/** Ms since the epoch, by any form that a date may have; null where it is no time of this world. */
export function timeOf(text: string): number | null {
  const time = Date.parse(text);
  return time >= 0 && time < END_OF_TIME ? time : null;
}

export const Amount = v.fallback(v.nullish(v.custom<number>(isAmount)), null);
export const Count = v.fallback(v.nullish(v.pipe(v.custom<number>(isAmount), v.integer())), null);

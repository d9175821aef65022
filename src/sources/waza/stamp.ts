import * as v from "valibot";

/** So that what a run took can be added, and is a time still. */
const YEAR_10000 = Date.UTC(10_000, 0);

/**
 * A time as Go writes it, with up to nanoseconds and any offset, as ms since the epoch.
 * Fractions have as many digits as they need, so the texts cannot be compared.
 */
export const Time = v.pipe(
  v.string(),
  v.transform((text) => Date.parse(text)),
  v.number("it is not a time"),
  v.check((time) => time >= 0 && time < YEAR_10000, "it is not a time"),
);

export function iso(time: number): string {
  return new Date(time).toISOString();
}

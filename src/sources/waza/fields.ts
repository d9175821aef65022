import { createHash } from "node:crypto";
import * as v from "valibot";

/**
 * What the fields of waza's files may hold. A line of a trace repeats names, and times are reckoned
 * with amounts, so neither may be of any size: a long name is cut, and an amount that can be none is
 * as if it were not there.
 */

const MOST_NAME = 300;
const MOST_PATH = 4_096;
/** More than two years: nothing that is measured here takes as long. */
const MOST_MS = 1e11;
const MOST_TOKENS = 1e12;
/** A number of tests beyond this is none. */
const MOST_TESTS = 1_000_000;

/** The same for the same name, and another for another: files are joined by names. */
function shortName(name: string): string {
  if (name.length <= MOST_NAME) return name;
  return `${name.slice(0, MOST_NAME)}…${createHash("sha256").update(name).digest("hex").slice(0, 16)}`;
}

export const Name = v.pipe(v.string(), v.transform(shortName));
export const MaybeName = v.nullish(Name);
export const MaybeText = v.nullish(v.string());
/** Its end tells more than its beginning. */
export const MaybePath = v.nullish(
  v.pipe(
    v.string(),
    v.transform((path) => path.slice(-MOST_PATH)),
  ),
);

const whole = (most: number) => v.pipe(v.number(), v.integer(), v.minValue(0), v.maxValue(most));
const amount = (most: number) => v.pipe(v.number(), v.minValue(0), v.maxValue(most));

export const TestCount = whole(MOST_TESTS);
export const MaybeTestCount = v.fallback(v.nullish(TestCount), null);
export const MaybeTrial = v.fallback(v.nullish(whole(MOST_TESTS)), null);
export const MaybeTokens = v.fallback(v.nullish(whole(MOST_TOKENS)), null);
export const MaybeMs = v.fallback(v.nullish(amount(MOST_MS)), null);
export const MaybeScore = v.fallback(v.nullish(amount(1e6)), null);

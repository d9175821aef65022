/** Something Runreel says of itself, held against a figure. */
export interface Promised {
  readonly kept: boolean;
  /** What was found and what should be. */
  readonly sentence: string;
}

/** Undefined is a figure this system cannot give, which breaks nothing; what should be there and is not is Infinity. */
export function atMost(what: string, value: number | undefined, limit: number, unit = ""): Promised {
  const should = `it should be at most ${show(limit)}${unit}`;
  if (value === undefined)
    return { kept: true, sentence: `${what} is not measured on this system; ${should}.` };
  return { kept: value <= limit, sentence: `${what} is ${show(value)}${unit}; ${should}.` };
}

export function isTrue(kept: boolean, sentence: string): Promised {
  return { kept, sentence };
}

function show(value: number): string {
  if (value === Number.POSITIVE_INFINITY) return "missing";
  return Number.isInteger(value) ? String(value) : value.toPrecision(3);
}

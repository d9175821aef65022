import { readZone } from "../sums/zone.ts";

const MOST_CHARS = 64;

/** The IANA name of a zone; UTC where nobody names one. Null: there is no such zone. */
export function askedZone(name: string | null): string | null {
  const asked = name === null || name === "" ? "UTC" : name;
  // A mere distance from UTC is no zone: it knows nothing of summer.
  if (asked.length > MOST_CHARS || !/^[a-z]/i.test(asked)) return null;
  return readZone(asked)?.name ?? null;
}

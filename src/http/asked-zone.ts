import { readZone, type Zone } from "../sums/zone.ts";

const MOST_CHARS = 64;
const MOST_KNOWN = 32;

/** A zone knows where its days begin once it was asked. */
const known = new Map<string, Zone>();

/** The zone of an IANA name; UTC where nobody names one. Null: there is no such zone. */
export function askedZone(name: string | null): Zone | null {
  const asked = name === null || name === "" ? "UTC" : name;
  // A mere distance from UTC is no zone: it knows nothing of summer.
  if (asked.length > MOST_CHARS || !/^[a-z]/i.test(asked)) return null;
  const zone = known.get(asked) ?? readZone(asked);
  if (zone === null) return null;
  if (known.size >= MOST_KNOWN) known.clear();
  known.set(asked, zone);
  return zone;
}

const MOST_CHARS = 64;

/** The IANA name that a zone is known by; UTC where nobody names one. Undefined: there is no such zone. */
export function readZone(asked: string | null): string | undefined {
  if (asked === null || asked === "") return "UTC";
  // A mere distance from UTC is no zone: it knows nothing of summer.
  if (asked.length > MOST_CHARS || !/^[a-z]/i.test(asked)) return undefined;
  try {
    return new Intl.DateTimeFormat("en", { timeZone: asked }).resolvedOptions().timeZone;
  } catch (error) {
    if (error instanceof RangeError) return undefined;
    throw error;
  }
}

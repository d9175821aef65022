const SLOT_MS = 15 * 60_000;
/** No zone is further from UTC than 14 hours; clocks are moved by less than the rest. */
const FURTHEST_MS = 16 * 60 * 60_000;

/** A day of the calendar. */
export interface CalendarDay {
  readonly year: number;
  /** From 1. */
  readonly month: number;
  readonly day: number;
}

/**
 * Days as they are in one zone, over every change of its clocks. A day begins with the first quarter of an
 * hour that has its date: where clocks go forward at midnight that is one o'clock.
 */
export class Zone {
  readonly name: string;
  readonly #format: Intl.DateTimeFormat;
  readonly #starts = new Map<number, number>();

  /** Throws RangeError for a zone that nobody knows. */
  constructor(name: string) {
    this.#format = new Intl.DateTimeFormat("en-u-ca-gregory-nu-latn", {
      timeZone: name,
      year: "numeric",
      month: "numeric",
      day: "numeric",
      era: "short",
    });
    this.name = this.#format.resolvedOptions().timeZone;
  }

  dayOf(at: number): CalendarDay {
    let [year, month, day] = [0, 0, 0];
    for (const { type, value } of this.#format.formatToParts(at)) {
      if (type === "year") year = Number(value);
      else if (type === "month") month = Number(value);
      else if (type === "day") day = Number(value);
    }
    return { year, month, day };
  }

  /** Ms since the epoch when a day began. A day past its month's end is one of the next month. */
  startOf({ day, month, year }: CalendarDay): number {
    const utc = Date.UTC(year, month - 1, day);
    const known = this.#starts.get(utc);
    if (known !== undefined) return known;
    const wanted = numberOf(dayAt(utc));
    // The first quarter of an hour that is of that day, or of a later one: a zone may leave a day out.
    let before = Math.floor((utc - FURTHEST_MS) / SLOT_MS);
    let after = Math.ceil((utc + FURTHEST_MS) / SLOT_MS);
    while (after - before > 1) {
      const middle = Math.floor((before + after) / 2);
      if (numberOf(this.dayOf(middle * SLOT_MS)) >= wanted) after = middle;
      else before = middle;
    }
    const start = after * SLOT_MS;
    this.#starts.set(utc, start);
    return start;
  }
}

/** Null: nobody knows such a zone. */
export function readZone(name: string): Zone | null {
  try {
    return new Zone(name);
  } catch (error) {
    if (error instanceof RangeError) return null;
    throw error;
  }
}

export function daysInMonth({ month, year }: CalendarDay): number {
  return new Date(Date.UTC(year, month, 0)).getUTCDate();
}

/** The day after so many, by the calendar. */
export function dayAfter({ day, month, year }: CalendarDay, days: number): CalendarDay {
  return dayAt(Date.UTC(year, month - 1, day + days));
}

/** "2026-11-20" */
export function writeDay({ day, month, year }: CalendarDay): string {
  return `${String(year).padStart(4, "0")}-${String(month).padStart(2, "0")}-${String(day).padStart(2, "0")}`;
}

/** Null: it is no day of the calendar. */
export function readDay(text: string): CalendarDay | null {
  const match = /^(\d{4})-(\d\d)-(\d\d)$/.exec(text);
  if (match === null) return null;
  const day = dayAt(Date.UTC(Number(match[1]), Number(match[2]) - 1, Number(match[3])));
  return writeDay(day) === text ? day : null;
}

function dayAt(utc: number): CalendarDay {
  const date = new Date(utc);
  return { year: date.getUTCFullYear(), month: date.getUTCMonth() + 1, day: date.getUTCDate() };
}

function numberOf({ day, month, year }: CalendarDay): number {
  return (year * 100 + month) * 100 + day;
}

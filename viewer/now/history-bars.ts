import type { UsageDay } from "../../src/protocol/now.ts";
import { projectNames } from "../arrange/project-names.ts";
import { roughNumber } from "../ui/format.ts";
import { usd, usdOf } from "./figures.ts";

/** What of each day, and of what, is drawn. */
export interface Chosen {
  readonly by: "project" | "model";
  readonly measure: "cost" | "tokens";
}

/** A name of its own in the picture. `place`: its colour; the last is what all the others share. */
interface Series {
  readonly name: string;
  readonly label: string;
  readonly place: number;
  readonly total: string;
}

interface Bar {
  readonly place: number;
  readonly y: number;
  readonly height: number;
}

interface Day {
  readonly day: string;
  /** "Fri 20 Nov". */
  readonly label: string;
  readonly x: number;
  readonly width: number;
  readonly bars: readonly Bar[];
  /** What each series comes to, in the order of the series, and all together. */
  readonly cells: readonly string[];
  readonly total: string;
  /** Nothing was used. */
  readonly isEmpty: boolean;
  /** The whole day in words. */
  readonly words: string;
}

export interface HistoryPicture {
  readonly series: readonly Series[];
  readonly days: readonly Day[];
  /** What the full height stands for. */
  readonly most: string;
  readonly total: string;
  /** Tokens that no cost holds. */
  readonly unpriced: number;
  readonly isEmpty: boolean;
}

/** So many names have a colour of their own. */
const MOST_SERIES = 5;

interface Amount {
  readonly cost: number;
  readonly tokens: number;
  readonly unpriced: number;
}
const NOTHING: Amount = { cost: 0, tokens: 0, unpriced: 0 };

/** The bars of `days` (dates, the oldest first) in a box, each day's names stacked from the costliest up. */
export function historyOf(
  told: readonly UsageDay[],
  days: readonly string[],
  { by, measure }: Chosen,
  box: { readonly width: number; readonly height: number },
): HistoryPicture {
  const within = new Set(days);
  const rows = told.filter(({ day }) => within.has(day));
  const names = namesOf(rows, by, measure);
  const placeOf = new Map(names.map((name, place) => [name, place]));
  const others = names.length;
  const amounts = new Map<string, Map<number, Amount>>();
  for (const row of rows) {
    const ofDay = amounts.get(row.day) ?? new Map<number, Amount>();
    amounts.set(row.day, ofDay);
    const place = placeOf.get(row[by]) ?? others;
    ofDay.set(place, plus(ofDay.get(place) ?? NOTHING, amountOf(row)));
  }
  const hasOthers = [...amounts.values()].some((ofDay) => ofDay.has(others));
  const places = [...names.keys(), ...(hasOthers ? [others] : [])];
  const sizeOf = (amount: Amount) => amount[measure];
  const totals = days.map((day) => sum(amounts.get(day)?.values() ?? []));
  const most = Math.max(0, ...totals.map(sizeOf));
  const step = days.length === 0 ? 0 : box.width / days.length;
  const gap = Math.min(4, step * 0.22);
  const labels = labelsOf(names, by);
  const labelOf = (place: number) => labels[place] ?? "others";
  return {
    series: places.map((place) => ({
      name: names[place] ?? "",
      label: labelOf(place),
      place,
      total: text(sum([...amounts.values()].map((ofDay) => ofDay.get(place) ?? NOTHING)), measure),
    })),
    days: days.map((day, index) => {
      const ofDay = amounts.get(day) ?? new Map<number, Amount>();
      const total = totals[index] ?? NOTHING;
      const label = dayLabel(day);
      return {
        day,
        label,
        x: round(index * step + gap / 2),
        width: round(Math.max(1, step - gap)),
        bars: stacked(places, ofDay, sizeOf, most, box.height),
        cells: places.map((place) => text(ofDay.get(place) ?? NOTHING, measure)),
        total: text(total, measure),
        isEmpty: isNothing(total),
        words: wordsOf(label, total, places, ofDay, labelOf, measure),
      };
    }),
    most: measure === "cost" ? usdOf(most, sum(totals).unpriced) : roughNumber(most),
    total: text(sum(totals), measure),
    unpriced: sum(totals).unpriced,
    isEmpty: totals.every(isNothing),
  };
}

function stacked(
  places: readonly number[],
  ofDay: ReadonlyMap<number, Amount>,
  sizeOf: (amount: Amount) => number,
  most: number,
  height: number,
): Bar[] {
  let top = height;
  return places.flatMap((place) => {
    const size = sizeOf(ofDay.get(place) ?? NOTHING);
    if (size <= 0 || most <= 0) return [];
    const tall = (size / most) * height;
    top -= tall;
    return [{ place, y: round(top), height: round(tall) }];
  });
}

/** The names that come to most of all days together, the largest first. */
function namesOf(rows: readonly UsageDay[], by: Chosen["by"], measure: Chosen["measure"]): string[] {
  const sums = new Map<string, number>();
  for (const row of rows) sums.set(row[by], (sums.get(row[by]) ?? 0) + amountOf(row)[measure]);
  return [...sums]
    .sort(([a, one], [b, other]) => other - one || a.localeCompare(b))
    .slice(0, MOST_SERIES)
    .map(([name]) => name);
}

function amountOf(row: UsageDay): Amount {
  const { cache_read_tokens, cache_write_tokens, cost_usd, input_tokens, output_tokens, unpriced_tokens } =
    row;
  return {
    cost: cost_usd ?? 0,
    tokens: input_tokens + cache_read_tokens + cache_write_tokens + output_tokens,
    unpriced: unpriced_tokens,
  };
}

function plus(a: Amount, b: Amount): Amount {
  return { cost: a.cost + b.cost, tokens: a.tokens + b.tokens, unpriced: a.unpriced + b.unpriced };
}

function sum(amounts: Iterable<Amount>): Amount {
  let all = NOTHING;
  for (const amount of amounts) all = plus(all, amount);
  return all;
}

function text({ cost, tokens, unpriced }: Amount, measure: Chosen["measure"]): string {
  if (isNothing({ cost, tokens, unpriced })) return "–";
  if (measure === "tokens") return roughNumber(tokens);
  return usd(cost === 0 && unpriced > 0 ? null : cost);
}

function isNothing({ cost, tokens }: Amount): boolean {
  return cost === 0 && tokens === 0;
}

function wordsOf(
  label: string,
  total: Amount,
  places: readonly number[],
  ofDay: ReadonlyMap<number, Amount>,
  labelOf: (place: number) => string,
  measure: Chosen["measure"],
): string {
  const parts = places.flatMap((place) => {
    const amount = ofDay.get(place);
    return amount === undefined ? [] : [`${labelOf(place)} ${text(amount, measure)}`];
  });
  return [`${label}: ${text(total, measure)}`, ...parts].join("\n");
}

function labelsOf(names: readonly string[], by: Chosen["by"]): readonly string[] {
  const short = by === "project" ? projectNames(names) : null;
  return names.map((name) => (name === "" ? `no ${by} told` : (short?.get(name) ?? name)));
}

/** The dates of the last so many days, the oldest first; `today` as the zone has it, "2026-11-20". */
export function lastDays(today: string, count: number): string[] {
  // Dates alone are walked in UTC, where every day has 24 hours.
  const end = Date.parse(`${today}T00:00:00Z`);
  return Array.from({ length: count }, (_, index) =>
    new Date(end - (count - 1 - index) * 86_400_000).toISOString().slice(0, 10),
  );
}

/** The date in a zone, "2026-11-20". */
export function dateIn(zone: string, time: number): string {
  return new Intl.DateTimeFormat("en-CA", {
    timeZone: zone,
    year: "numeric",
    month: "2-digit",
    day: "2-digit",
  })
    .format(time)
    .slice(0, 10);
}

const dayFormat = new Intl.DateTimeFormat("en-GB", {
  timeZone: "UTC",
  weekday: "short",
  day: "numeric",
  month: "short",
});

function dayLabel(day: string): string {
  const time = Date.parse(`${day}T00:00:00Z`);
  return Number.isFinite(time) ? dayFormat.format(time).replace(",", "") : day;
}

function round(value: number): number {
  return Math.round(value * 100) / 100;
}

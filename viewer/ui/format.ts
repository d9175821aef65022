/** Times and names as people read them. */

export { humanise } from "../../src/protocol/humanise.ts";

/** A running clock: "0:42", "18:03", "1:02:03". */
export function clock(ms: number): string {
  const seconds = Math.max(0, Math.floor(ms / 1000));
  const two = (value: number) => String(value).padStart(2, "0");
  const hours = Math.floor(seconds / 3600);
  const minutes = Math.floor((seconds % 3600) / 60);
  return hours > 0 ? `${hours}:${two(minutes)}:${two(seconds % 60)}` : `${minutes}:${two(seconds % 60)}`;
}

/** The same with tenths, where a whole run of `total` ms would show too little without them. */
export function clockWithin(ms: number, total: number): string {
  const tenth = Math.floor((Math.max(0, ms) % 1000) / 100);
  return total < 10_000 ? `${clock(ms)}.${tenth}` : clock(ms);
}

/** How long something took: "3 ms", "0.8 s", "14 s", "2:10". */
export function duration(ms: number): string {
  const whole = Math.max(0, ms);
  if (whole < 95) return `${Math.round(whole)} ms`;
  if (whole < 9950) return `${(whole / 1000).toFixed(1)} s`;
  return whole < 60_000 ? `${Math.floor(whole / 1000)} s` : clock(whole);
}

/** How long ago, in one word and a number: "5 s", "4 min", "3 h", "2 d". */
export function age(ms: number): string {
  const seconds = Math.max(0, Math.round(ms / 1000));
  if (seconds < 60) return `${seconds} s`;
  if (seconds < 3600) return `${Math.floor(seconds / 60)} min`;
  return seconds < 86_400 ? `${Math.floor(seconds / 3600)} h` : `${Math.floor(seconds / 86_400)} d`;
}

const timeOfDay = new Intl.DateTimeFormat("en-GB", { hour: "2-digit", minute: "2-digit" });
const exactTime = new Intl.DateTimeFormat("en-GB", {
  hour: "2-digit",
  minute: "2-digit",
  second: "2-digit",
});

export function hoursAndMinutes(time: number): string {
  return Number.isFinite(time) ? timeOfDay.format(time) : "";
}

const dayOfYear = new Intl.DateTimeFormat("en-GB", { day: "numeric", month: "short" });

/** The time of something of today, and the day of anything else. */
export function dayOrTime(time: number, now: number): string {
  if (!Number.isFinite(time)) return "";
  const isToday = new Date(time).toDateString() === new Date(now).toDateString();
  return isToday ? timeOfDay.format(time) : dayOfYear.format(time);
}

export function exactTimeOfDay(time: number): string {
  return Number.isFinite(time) ? exactTime.format(time) : "";
}

/** The exact time of something of today; of another day with its day. */
export function timeOrDay(time: number, now: number): string {
  if (!Number.isFinite(time)) return "";
  const isToday = new Date(time).toDateString() === new Date(now).toDateString();
  return isToday ? exactTime.format(time) : `${dayOfYear.format(time)}, ${exactTime.format(time)}`;
}

const whole = new Intl.NumberFormat("en");

/** "100,000". */
export function wholeNumber(count: number): string {
  return whole.format(count);
}

/** "41k", "1.2M": where the size is what counts. */
export function roughNumber(count: number): string {
  return rough.format(count).toLowerCase().replace("m", "M");
}

const rough = new Intl.NumberFormat("en", { notation: "compact", maximumSignificantDigits: 3 });

/** "$0.11", "€3.20"; less than a cent with as many places as it needs. */
export function money(amount: number, currency: string): string {
  const places = amount > 0 && amount < 0.01 ? 4 : 2;
  try {
    return moneyFormat(currency, places).format(amount);
  } catch {
    return `${amount.toFixed(places)} ${currency}`;
  }
}

/** To make one takes longer than to draw the row of a table that it is for. */
const moneyFormats = new Map<string, Intl.NumberFormat>();
const MOST_FORMATS = 100;

/** Throws where this is no currency. */
function moneyFormat(currency: string, places: number): Intl.NumberFormat {
  const key = `${places} ${currency}`;
  const known = moneyFormats.get(key);
  if (known !== undefined) return known;
  const digits = { minimumFractionDigits: places, maximumFractionDigits: places };
  const format = new Intl.NumberFormat("en", { style: "currency", currency, ...digits });
  if (moneyFormats.size >= MOST_FORMATS) moneyFormats.clear();
  moneyFormats.set(key, format);
  return format;
}

export function plural(count: number, one: string, many = `${one}s`): string {
  return `${wholeNumber(count)} ${count === 1 ? one : many}`;
}

/** "393 B", "12 kB", "1.4 MB". */
export function fileSize(bytes: number): string {
  if (bytes < 1000) return `${bytes} B`;
  const [size, unit] = bytes < 999_500 ? [bytes / 1000, "kB"] : [bytes / 1e6, "MB"];
  return `${size < 9.95 ? size.toFixed(1) : wholeNumber(Math.round(size))} ${unit}`;
}

export function firstLine(text: string): string {
  const line = text.trimStart().split("\n", 1)[0] ?? "";
  return line.length > 300 ? `${line.slice(0, 300)}…` : line;
}

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

export function exactTimeOfDay(time: number): string {
  return Number.isFinite(time) ? exactTime.format(time) : "";
}

const whole = new Intl.NumberFormat("en");

/** "100,000". */
export function wholeNumber(count: number): string {
  return whole.format(count);
}

export function plural(count: number, one: string, many = `${one}s`): string {
  return `${wholeNumber(count)} ${count === 1 ? one : many}`;
}

export function firstLine(text: string): string {
  const line = text.trimStart().split("\n", 1)[0] ?? "";
  return line.length > 300 ? `${line.slice(0, 300)}…` : line;
}

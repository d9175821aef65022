import type { Scale } from "./scale.ts";

/** Where the time axis carries a figure. */
interface Tick {
  /** Ms after the run's start. */
  readonly at: number;
  readonly x: number;
  readonly label: string;
}

const SECOND = 1000;
const MINUTE = 60 * SECOND;
const HOUR = 60 * MINUTE;
const STEPS = [
  1,
  2,
  5,
  10,
  20,
  50,
  100,
  200,
  500,
  SECOND,
  2 * SECOND,
  5 * SECOND,
  10 * SECOND,
  15 * SECOND,
  30 * SECOND,
  MINUTE,
  2 * MINUTE,
  5 * MINUTE,
  10 * MINUTE,
  15 * MINUTE,
  30 * MINUTE,
  HOUR,
  2 * HOUR,
  6 * HOUR,
  12 * HOUR,
  24 * HOUR,
];

/** Round times along what is seen, each with `room` pixels to itself. Within a fold there are none. */
export function ticks(scale: Scale, room: number): Tick[] {
  const { perPixel, start } = scale;
  const least = perPixel * room;
  const step = STEPS.find((candidate) => candidate >= least) ?? Math.ceil(least / (24 * HOUR)) * 24 * HOUR;
  const result: Tick[] = [];
  const to = Math.min(scale.to, scale.end) - start;
  let free = Number.NEGATIVE_INFINITY;
  let fold = 0;
  for (let at = Math.max(0, Math.ceil((scale.from - start) / step) * step); at <= to;) {
    while (fold < scale.folds.length && scale.folds[fold]![1] - start <= at) fold += 1;
    const spell = scale.folds[fold];
    if (spell !== undefined && at > spell[0] - start) {
      at = Math.ceil((spell[1] - start) / step) * step;
      continue;
    }
    const x = scale.xOf(start + at);
    if (x >= free) {
      result.push({ at, x, label: label(at, step) });
      free = x + room;
    }
    at += step;
  }
  return result;
}

function label(at: number, step: number): string {
  const two = (value: number) => String(value).padStart(2, "0");
  const digits = step >= SECOND ? 0 : step >= 100 ? 1 : step >= 10 ? 2 : 3;
  const hours = Math.floor(at / HOUR);
  const minutes = Math.floor((at % HOUR) / MINUTE);
  const seconds = ((at % MINUTE) / SECOND).toFixed(digits).padStart(digits === 0 ? 2 : digits + 3, "0");
  return hours > 0 ? `${hours}:${two(minutes)}:${seconds}` : `${minutes}:${seconds}`;
}

import type { Scale } from "./scale.ts";

/** Where the time axis carries a figure. */
interface Tick {
  /** Ms after the run's start. */
  readonly at: number;
  readonly x: number;
  readonly label: string;
  /** Where its figure begins: about its moment, but within what is seen. */
  readonly left: number;
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

/** The width of a letter of a figure, and how far figures stand apart. */
const LETTER_PX = 6.7;
const GAP_PX = 12;

/**
 * Round times along what is seen, up to `end`, each with `least` pixels to itself,
 * or more where figures are longer. Within a fold there are none.
 */
export function ticks(scale: Scale, least: number, end = scale.end): Tick[] {
  const { perPixel, start } = scale;
  const to = Math.min(scale.to, end) - start;
  // How long a figure is depends on the step, and that on how long a figure is.
  const roomOf = (step: number) => Math.max(least, label(to, step).length * LETTER_PX + GAP_PX);
  const room = roomOf(stepFor(perPixel * least));
  const step = stepFor(perPixel * room);
  const result: Tick[] = [];
  let free = Number.NEGATIVE_INFINITY;
  let freeLeft = Number.NEGATIVE_INFINITY;
  let fold = 0;
  for (let at = Math.max(0, Math.ceil((scale.from - start) / step) * step); at <= to;) {
    while (fold < scale.folds.length && scale.folds[fold]![1] - start <= at) fold += 1;
    const spell = scale.folds[fold];
    if (spell !== undefined && at > spell[0] - start) {
      at = Math.ceil((spell[1] - start) / step) * step;
      continue;
    }
    const x = scale.xOf(start + at);
    const figure = label(at, step);
    const width = figure.length * LETTER_PX;
    const left = Math.max(0, Math.min(scale.width - width, x - width / 2));
    if (x >= free && left >= freeLeft) {
      result.push({ at, x, label: figure, left });
      free = x + room;
      freeLeft = left + width + GAP_PX;
    }
    at += step;
  }
  return result;
}

function stepFor(least: number): number {
  return STEPS.find((candidate) => candidate >= least) ?? Math.ceil(least / (24 * HOUR)) * 24 * HOUR;
}

function label(at: number, step: number): string {
  const two = (value: number) => String(value).padStart(2, "0");
  const digits = step >= SECOND ? 0 : step >= 100 ? 1 : step >= 10 ? 2 : 3;
  const hours = Math.floor(at / HOUR);
  const minutes = Math.floor((at % HOUR) / MINUTE);
  const seconds = ((at % MINUTE) / SECOND).toFixed(digits).padStart(digits === 0 ? 2 : digits + 3, "0");
  return hours > 0 ? `${hours}:${two(minutes)}:${seconds}` : `${minutes}:${seconds}`;
}

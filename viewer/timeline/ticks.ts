/** Where the time axis carries a figure. */
interface Tick {
  /** Ms after the axis's start. */
  readonly at: number;
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

/** Round times along `span` ms, at most `most` of them. */
export function ticks(span: number, most: number): Tick[] {
  const room = Math.max(1, most - 1);
  const step =
    STEPS.find((candidate) => span / candidate <= room) ?? Math.ceil(span / room / (24 * HOUR)) * 24 * HOUR;
  const result: Tick[] = [];
  for (let at = 0; at <= span; at += step) result.push({ at, label: label(at, step) });
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

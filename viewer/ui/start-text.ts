import { dayOrTime, exactTimeOfDay, hoursAndMinutes } from "./format.ts";

const MINUTE_MS = 60_000;

/** When things began, to the minute; to the second where that alone tells one of them from another. */
export function startTexts(all: Iterable<number>): (time: number) => string {
  const within = new Map<number, number>();
  for (const time of new Set(all)) within.set(minuteOf(time), (within.get(minuteOf(time)) ?? 0) + 1);
  return (time) => {
    const isAlone = (within.get(minuteOf(time)) ?? 0) < 2;
    const clock = isAlone ? hoursAndMinutes(time) : exactTimeOfDay(time);
    const day = dayOrTime(time, Date.now());
    return day === hoursAndMinutes(time) ? clock : `${day} ${clock}`;
  };
}

function minuteOf(time: number): number {
  return Math.floor(time / MINUTE_MS);
}

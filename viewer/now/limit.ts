import type { LiveStats } from "../../src/protocol/now.ts";
import { dayOrTime } from "../ui/format.ts";

type PlanLimits = LiveStats["plan_limits"];

/** How much of one allowance of a plan was used up. */
export interface Limit {
  readonly key: string;
  readonly source: string;
  /** "5 h", "7 days". */
  readonly window: string;
  readonly percent: number;
  readonly text: string;
  /** When it begins anew, or that it has: what was told before that counts no more. */
  readonly reset: string;
  readonly isOver: boolean;
  readonly isNear: boolean;
}

/** From here on it is worth a look. */
const NEAR_PERCENT = 80;

/** The newest telling of each, the shortest window first. */
export function limitsOf(told: PlanLimits, now: number): readonly Limit[] {
  const newest = new Map<string, PlanLimits[number]>();
  for (const limit of told) {
    const key = `${limit.source} ${limit.name}`;
    const before = newest.get(key);
    if (before === undefined || before.at <= limit.at) newest.set(key, limit);
  }
  return [...newest]
    .sort(
      ([, a], [, b]) =>
        a.source.localeCompare(b.source) || (a.windowMinutes ?? Infinity) - (b.windowMinutes ?? Infinity),
    )
    .map(([key, limit]) => limitOf(key, limit, now));
}

function limitOf(key: string, limit: PlanLimits[number], now: number): Limit {
  const { name, resetsAt, source, usedPercent, windowMinutes } = limit;
  const percent = Math.min(100, Math.max(0, usedPercent));
  const isOver = resetsAt !== null && resetsAt <= now;
  return {
    key,
    source,
    window: windowMinutes === null ? name : windowText(windowMinutes),
    percent,
    text: `${Math.round(usedPercent)} %`,
    reset: resetsAt === null ? "" : resetText(resetsAt, isOver, now),
    isOver,
    isNear: !isOver && percent >= NEAR_PERCENT,
  };
}

function resetText(at: number, isOver: boolean, now: number): string {
  return isOver ? `reset ${dayOrTime(at, now)}, not told since` : `resets ${dayOrTime(at, now)}`;
}

const HOUR = 60;
const DAY = 24 * HOUR;

/** "5 h", "7 days"; a producer may be a minute off. */
export function windowText(minutes: number): string {
  const days = Math.round(minutes / DAY);
  if (minutes >= DAY - 5 && Math.abs(minutes - days * DAY) <= 5) return days === 1 ? "1 day" : `${days} days`;
  const hours = Math.round(minutes / HOUR);
  return minutes >= HOUR - 1 && Math.abs(minutes - hours * HOUR) <= 2
    ? `${hours} h`
    : `${Math.round(minutes)} min`;
}

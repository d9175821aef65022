import type { TestState } from "../../src/protocol/tally.ts";
import type { Counts, ScoreLog } from "../playback/score-log.ts";
import type { Scale } from "./scale.ts";

/** A result, or several of the same kind that lie on one pixel. */
export interface Tick {
  readonly x: number;
  readonly state: TestState;
}

/** From `x` on the pass rate is this; null while nothing is rated. */
export interface RatePoint {
  readonly x: number;
  readonly rate: number | null;
}

export interface Scores {
  readonly ticks: readonly Tick[];
  readonly rates: readonly RatePoint[];
}

/**
 * The results from one place in the log up to another, as far as they are in sight; the
 * pass rate goes on from before that. A moment shows those up to it, and no others.
 */
export function scoresIn(log: ScoreLog, from: number, to: number, scale: Scale): Scores {
  const first = Math.max(from, log.before(scale.from));
  const last = Math.min(to, log.by(scale.to));
  const ticks: Tick[] = [];
  const rates: RatePoint[] = [];
  if (first > 0 && from <= to)
    rates.push({ x: startOf(log, first, scale), rate: rateOf(log.countsAfter(first)) });
  let pixel = Number.NaN;
  let states = new Set<TestState>();
  for (let place = first; place < last; place += 1) {
    const x = scale.xOf(log.timeOf(place) ?? 0);
    const own = Math.floor(x);
    if (own !== pixel) states = new Set();
    const isNew = own !== pixel;
    pixel = own;
    const state = log.stateOf(place);
    if (!states.has(state)) ticks.push({ x, state });
    states.add(state);
    const point = { x, rate: rateOf(log.countsAfter(place + 1)) };
    if (isNew || rates.length === 0) rates.push(point);
    else rates[rates.length - 1] = { ...point, x: rates.at(-1)?.x ?? x };
  }
  return { ticks, rates };
}

/** Where the rate that holds at first began to, or the left end of what is seen. */
function startOf(log: ScoreLog, first: number, scale: Scale): number {
  return Math.max(0, scale.xOf(log.timeOf(first - 1) ?? scale.from));
}

function rateOf({ failed, passed }: Counts): number | null {
  return passed + failed === 0 ? null : passed / (passed + failed);
}

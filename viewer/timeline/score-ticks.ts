import type { TestState } from "../../src/protocol/tally.ts";
import type { ScoreLog } from "../playback/score-log.ts";
import type { Scale } from "./scale.ts";

/** A result, or several of the same kind that lie on one pixel; `place` is the first one's in the log. */
export interface Tick {
  readonly x: number;
  readonly state: TestState;
  readonly place: number;
}

/** What turned the pass rate within one pixel: from `x` on it is that after the last of it. */
interface Turn {
  readonly x: number;
  readonly from: number;
  readonly to: number;
}

/** From `x` on the pass rate is this; null while nothing is rated. */
export interface RatePoint {
  readonly x: number;
  readonly rate: number | null;
}

/** All that is in sight, whatever is known of it: no more than a few a pixel. */
export interface InSight {
  readonly ticks: readonly Tick[];
  readonly turns: readonly Turn[];
  /** The newest turn before what is in sight; null where there is none. */
  readonly before: number | null;
}

export function scoresInSight(log: ScoreLog, scale: Scale): InSight {
  const ticks: Tick[] = [];
  const states = new Set<TestState>();
  const times: number[] = [];
  let next = Number.NEGATIVE_INFINITY;
  for (let place = log.before(scale.from); place < log.by(scale.to); place += 1) {
    const time = log.timeOf(place) ?? 0;
    times.push(time);
    if (time >= next) {
      next = scale.timeOfPixel(scale.pixelOf(time) + 1);
      states.clear();
    }
    const state = log.stateOf(place);
    if (states.has(state)) continue;
    states.add(state);
    ticks.push({ x: scale.xOf(time), state, place });
  }
  return { ticks, turns: turnsIn(log, scale, times), before: log.turnBefore(scale.from) };
}

function turnsIn(log: ScoreLog, scale: Scale, results: readonly number[]): Turn[] {
  const sums = log.sumsWithin(scale.from, scale.to);
  const times = sums.length === 0 ? results : [...results, ...sums].sort((left, right) => left - right);
  const turns: Turn[] = [];
  let next = Number.NEGATIVE_INFINITY;
  for (const time of times) {
    const turn = turns.at(-1);
    if (turn === undefined || time >= next) {
      next = scale.timeOfPixel(scale.pixelOf(time) + 1);
      turns.push({ x: scale.xOf(time), from: time, to: time });
    } else turns[turns.length - 1] = { ...turn, to: time };
  }
  return turns;
}

export interface Scores {
  readonly ticks: readonly Tick[];
  readonly rates: readonly RatePoint[];
}

/** Of these what was known at a moment, and nothing of what was told later. */
export function scoresTold({ before, ticks, turns }: InSight, log: ScoreLog, at: number): Scores {
  const rateBy = (time: number) => log.tallyBy(Math.min(time, at)).passRate;
  const told = log.by(at);
  const rates: RatePoint[] = [];
  if (before !== null && log.turnBy(at) !== null) rates.push({ x: 0, rate: rateBy(before) });
  for (const { from, to, x } of turns) if (from <= at) rates.push({ x, rate: rateBy(to) });
  return { ticks: ticks.filter(({ place }) => place < told), rates };
}

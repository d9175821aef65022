import type { TestState } from "../../src/protocol/tally.ts";
import type { Counts, ScoreLog } from "../playback/score-log.ts";
import type { Scale } from "./scale.ts";

/** A result, or several of the same kind that lie on one pixel; `place` is the first one's in the log. */
export interface Tick {
  readonly x: number;
  readonly state: TestState;
  readonly place: number;
}

/** Results that lie on one pixel: from `x` on the pass rate is that after the last of them. */
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

/** All results that are in sight, whatever is known of them: no more than a few a pixel. */
export interface InSight {
  readonly ticks: readonly Tick[];
  readonly turns: readonly Turn[];
  /** How many there were before what is in sight. */
  readonly before: number;
}

export function scoresInSight(log: ScoreLog, scale: Scale): InSight {
  const before = log.before(scale.from);
  const last = log.by(scale.to);
  const ticks: Tick[] = [];
  const turns: Turn[] = [];
  const states = new Set<TestState>();
  let next = Number.NEGATIVE_INFINITY;
  for (let place = before; place < last; place += 1) {
    const time = log.timeOf(place) ?? 0;
    const turn = turns.at(-1);
    if (turn === undefined || time >= next) {
      next = scale.timeOfPixel(scale.pixelOf(time) + 1);
      states.clear();
      turns.push({ x: scale.xOf(time), from: place, to: place + 1 });
    } else turns[turns.length - 1] = { ...turn, to: place + 1 };
    const state = log.stateOf(place);
    if (states.has(state)) continue;
    states.add(state);
    ticks.push({ x: scale.xOf(time), state, place });
  }
  return { ticks, turns, before };
}

export interface Scores {
  readonly ticks: readonly Tick[];
  readonly rates: readonly RatePoint[];
}

/** Of these the first `told` results: what a moment shows, and nothing of what was told later. */
export function scoresTold({ before, ticks, turns }: InSight, log: ScoreLog, told: number): Scores {
  const rates: RatePoint[] = [];
  if (told > 0 && before > 0) rates.push({ x: 0, rate: rateOf(log.countsAfter(Math.min(before, told))) });
  for (const { from, to, x } of turns)
    if (from < told) rates.push({ x, rate: rateOf(log.countsAfter(Math.min(to, told))) });
  return { ticks: ticks.filter(({ place }) => place < told), rates };
}

function rateOf({ failed, passed }: Counts): number | null {
  return passed + failed === 0 ? null : passed / (passed + failed);
}

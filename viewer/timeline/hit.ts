import type { Lane } from "./axis.ts";
import type { Mark } from "./marks.ts";
import { BEFORE_ALL, extentOf, isHidden, lookAt, rankOf, stateOf } from "./pieces.ts";
import type { Scale } from "./scale.ts";

/** What is drawn at a place of a lane. */
export interface Hit {
  readonly mark: Mark;
  /** As of when it is told: the playhead, or before all of what lies ahead of it. */
  readonly at: number;
}

/** A mark is met this near, too: some are two pixels wide. */
const NEAR_PX = 3;

/** Who points at the playhead itself, as after a press, is told what is known there. */
const AT_PLAYHEAD_PX = 2;

/** The nearest mark, and of several that lie over each other the one that is drawn on top; what is not drawn is not met. */
export function hitAt(lane: Lane, x: number, scale: Scale, playhead: number, isBehind: boolean): Hit | null {
  const time = scale.timeAt(x);
  // Of a span that the playhead cuts, what is pointed at may lie ahead of it.
  const isPast = isBehind && time - playhead > AT_PLAYHEAD_PX * scale.perPixel;
  let best: Hit | null = null;
  let [distance, rank] = [NEAR_PX, Number.NEGATIVE_INFINITY];
  for (let place = lane.marks.length - 1; place >= 0; place -= 1) {
    const mark = lane.marks[place]!;
    const { left, right } = extentOf(lane, mark, scale);
    const away = Math.max(0, left - x, x - right);
    const hidden = isHidden(mark, playhead);
    if (away > distance || (hidden && time <= playhead)) continue;
    const at = isPast && (hidden || stateOf(mark, playhead) === "open") ? BEFORE_ALL : playhead;
    const own = rankOf(lookAt(lane, mark, scale, at));
    if (away === distance && own <= rank) continue;
    best = { mark, at };
    [distance, rank] = [away, own];
  }
  return best;
}

/** Of a mark that stands for several spans the one that is meant by a press: what failed first of all. */
export function meantBy({ packed, spans }: Lane, { mark, at }: Hit): number {
  const isFailed = (index: number) =>
    spans.isFailed(index) && (at === BEFORE_ALL || spans.ends[index]! <= at);
  if (isFailed(mark.index)) return mark.index;
  for (let place = mark.place; mark.failures > 0 && place < mark.place + mark.count; place += 1)
    if (isFailed(packed.spans.at(place))) return packed.spans.at(place);
  return mark.index;
}

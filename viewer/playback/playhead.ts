import type { Spell } from "../../src/protocol/quiet.ts";
import { firstWhere } from "./columns.ts";

/**
 * Where the person looks, in run time (ms since the epoch).
 *
 * `live` follows the newest moment; for a run that has ended it is its end. Any
 * act of the person pins: from then on new data moves nothing. Only playing on
 * until the edge, or asking for it, follows again.
 */
export type Playhead =
  | { readonly kind: "live" }
  | { readonly kind: "paused"; readonly at: number }
  | { readonly kind: "playing"; readonly at: number; readonly rate: Rate; readonly since: number };

export const RATES = [0.5, 1, 2, 5, 10] as const;
export type Rate = (typeof RATES)[number];

/** The run as the playhead sees it: from `start` to `edge`, which moves until the run has `ended`. */
export interface Course {
  readonly start: number;
  /** The newest stamp anyone has written; the edge may have moved on since. */
  readonly known: number;
  readonly edge: number;
  readonly ended: boolean;
  /** Does time pass in it? Not in a run that has ended, waits or fell silent: its edge is only its newest moment. */
  readonly moving: boolean;
}

export const LIVE: Playhead = { kind: "live" };

/**
 * What is written at the very edge takes a moment to arrive. A pause lies this
 * much before the edge, so that nothing comes in under it afterwards; and who
 * is this close to the edge has caught up with it.
 */
const UNDERWAY_MS = 300;

export function positionOf(playhead: Playhead, course: Course): number {
  return playhead.kind === "live" ? course.edge : Math.min(playhead.at, course.edge);
}

/** To a moment, and stay there: a whole millisecond, so that its address leads to the same. The edge itself is live. */
export function seek(at: number, course: Course): Playhead {
  if (at >= course.edge) return LIVE;
  return { kind: "paused", at: Math.max(Math.floor(at), course.start) };
}

/** Is there anything to play? Not at the newest moment of a run that waits or fell silent: more may come yet. */
export function canPlay(playhead: Playhead, course: Course): boolean {
  return course.moving || course.ended || positionOf(playhead, course) < course.edge;
}

/** From behind: on from here. From the end of a run that has ended: from its start. */
export function play(playhead: Playhead, rate: Rate, now: number, course: Course): Playhead {
  if (!canPlay(playhead, course)) return playhead;
  switch (playhead.kind) {
    case "live":
      return course.moving ? playhead : { kind: "playing", at: course.start, rate, since: now };
    case "paused":
      if (playhead.at < course.edge) return { kind: "playing", at: playhead.at, rate, since: now };
      return course.moving ? LIVE : { kind: "playing", at: course.start, rate, since: now };
    case "playing":
      return playhead;
  }
}

/** At the live edge: stay at this moment while the run goes on. */
export function pause(playhead: Playhead, now: number, course: Course): Playhead {
  switch (playhead.kind) {
    case "live":
      return course.moving ? { kind: "paused", at: settledEdge(course) } : playhead;
    case "paused":
      return playhead;
    case "playing": {
      const moved = tick(playhead, now, course);
      return moved.kind === "playing" ? seek(moved.at, course) : moved;
    }
  }
}

/** The newest moment of which all has arrived. */
function settledEdge({ edge, known, moving, start }: Course): number {
  return !moving ? edge : Math.max(start, known, edge - UNDERWAY_MS);
}

/** Lets time pass. Only a playing head moves, and over what it `skips`; at the edge it turns live. */
export function tick(
  playhead: Playhead,
  now: number,
  course: Course,
  skips: readonly Spell[] = [],
): Playhead {
  if (playhead.kind !== "playing") return playhead;
  const at = pastSpell(playhead.at + Math.max(0, now - playhead.since) * playhead.rate, skips);
  return at >= settledEdge(course) ? LIVE : { kind: "playing", at, rate: playhead.rate, since: now };
}

/** Within a spell, its end. */
function pastSpell(at: number, spells: readonly Spell[]): number {
  const spell = spells[firstWhere(spells.length, (index) => spells[index]![0] >= at) - 1];
  return spell !== undefined && at < spell[1] ? spell[1] : at;
}

export function withRate(playhead: Playhead, rate: Rate, now: number, course: Course): Playhead {
  const moved = tick(playhead, now, course);
  return moved.kind === "playing" ? { ...moved, rate } : moved;
}

/** Is the button's next act to pause? */
export function isAdvancing(playhead: Playhead, course: Course): boolean {
  return playhead.kind === "playing" || (playhead.kind === "live" && course.moving);
}

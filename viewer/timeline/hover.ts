import { computed, signal } from "@preact/signals";
import { indexed, isBehind, position } from "../playback/playback.ts";
import type { SessionSign } from "../playback/mark-table.ts";
import type { TestAttempt } from "../playback/test-table.ts";
import { type Lane, lanes, recorded, scale } from "./axis.ts";
import { box } from "./box.ts";
import { hitAt, meantBy } from "./hit.ts";
import type { Mark } from "./marks.ts";
import { BEFORE_ALL, isLedByOne, reckonedOf } from "./pieces.ts";
import type { Scale } from "./scale.ts";
import type { Label } from "./spans.ts";

/** What lies under the pointer, as the playhead knows it. */
export interface Hovered {
  /** Pixels from the left end of what is seen. */
  readonly x: number;
  readonly time: number;
  readonly told: Told | null;
  /** How long the quiet spell is that is folded there; null where none is. */
  readonly quietMs: number | null;
  /** What was marked there. */
  readonly signs: readonly SessionSign[];
}

export interface Told {
  readonly mark: Mark;
  /** As of when it is told: the playhead, or before all of what lies ahead of it. */
  readonly at: number;
  readonly label: Label;
  /** Of how many spans it tells, how many of them failed, and how many shorter ones it leaves out. */
  readonly count: number;
  readonly failures: number;
  readonly shorter: number;
  /** Of one test alone: what is known of it. */
  readonly test: TestAttempt | null;
}

const place = signal<{ readonly x: number; readonly y: number } | null>(null);

export function hoverAt(x: number, y: number): void {
  place.value = { x: Math.min(scale.peek().width, Math.max(0, x)), y };
}

export function hoverNowhere(): void {
  place.value = null;
}

export const hover = computed((): Hovered | null => {
  const at = place.value;
  if (at === null) return null;
  const seen = scale.value;
  const { edge, isWaiting } = recorded.value;
  const under = seen.timeAt(at.x);
  // No time passes while a run waits.
  const time = isWaiting ? Math.min(under, edge) : under;
  const row = box.value.rowAt(at.y);
  const lane = row === null ? undefined : lanes.value[row];
  const told = lane === undefined ? null : toldOf(lane, isWaiting ? seen.xOf(time) : at.x, seen);
  const fold = seen.folds.find(([from, to]) => from < time && time < to);
  const quietMs = fold === undefined ? null : fold[1] - fold[0];
  const near = at.y < STRIP_REACH_PX ? SIGN_NEAR_PX : SIGN_IN_LANES_PX;
  const signs = recorded.value.signs.filter((sign) => Math.abs(seen.xOf(sign.at) - at.x) <= near);
  return { x: at.x, time, told, quietMs, signs };
});

/** Over the lanes a mark is met from further away than within them. */
const STRIP_REACH_PX = 12;
const SIGN_NEAR_PX = 6;
const SIGN_IN_LANES_PX = 2;

function toldOf(lane: Lane, x: number, seen: Scale): Told | null {
  const hit = hitAt(lane, x, seen, position.value, isBehind.value);
  if (hit === null) return null;
  const { at, mark } = hit;
  const label = at === BEFORE_ALL ? lane.labelOf(mark.index) : lane.labelOf(mark.index, at);
  const reckoned = reckonedOf(lane, mark, isLedByOne(lane, mark, seen), at);
  const test = reckoned.count === 1 ? (lane.testOf?.(mark.index, at) ?? null) : null;
  return { mark, at, label, test, ...reckoned };
}

/** A test that a press meant: the line of the trace it began with, and whether it was known at the moment pressed on. */
export interface PressedTest {
  readonly line: number;
  readonly at: number;
  readonly isKnown: boolean;
}

/** The test that is drawn there, of an evaluation; what is not drawn cannot be meant. */
export function testAt(x: number, y: number): PressedTest | null {
  const seen = scale.peek();
  const row = box.peek().rowAt(y);
  const lane = row === null ? undefined : lanes.peek()[row];
  const table = indexed.peek()?.index.trace.table;
  if (lane?.testOf === undefined || table === undefined) return null;
  const hit = hitAt(lane, x, seen, position.peek(), isBehind.peek());
  if (hit === null) return null;
  const time = seen.timeAt(x);
  return { line: table.lineOf(meantBy(lane, hit)), at: time, isKnown: hit.mark.known <= time };
}

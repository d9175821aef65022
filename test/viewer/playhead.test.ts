import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import {
  canPlay,
  type Course,
  isAdvancing,
  LIVE,
  pause,
  play,
  type Playhead,
  positionOf,
  RATES,
  seek,
  tick,
  withRate,
} from "../../viewer/playback/playhead.ts";

const going: Course = { start: 1000, known: 11_000, edge: 11_000, ended: false, moving: true };
const over: Course = { ...going, ended: true, moving: false };
/** It waits, or fell silent. */
const still: Course = { ...going, moving: false };

test("a gesture pins: later data moves nothing", () => {
  const pinned = seek(4000, going);
  assert.deepEqual(pinned, { kind: "paused", at: 4000 });
  const later: Course = { ...going, edge: 500_000 };
  assert.equal(positionOf(pinned, later), 4000);
  assert.deepEqual(tick(pinned, 999_999, later), pinned);
});

test("the edge itself is live, and before the start is the start", () => {
  assert.equal(seek(11_000, going), LIVE);
  assert.deepEqual(seek(-5, going), { kind: "paused", at: 1000 });
  assert.deepEqual(seek(4000.7, going), { kind: "paused", at: 4000 }, "a moment that its address can name");
});

test("pausing at the live edge stays at that very moment", () => {
  const pinned = pause(LIVE, 0, going);
  assert.deepEqual(pinned, { kind: "paused", at: 11_000 });
  assert.equal(positionOf(pinned, { ...going, edge: 60_000 }), 11_000);
});

test("a pause lies where everything has arrived, so that nothing comes in under it", () => {
  const quiet: Course = { ...going, known: 9000 };
  assert.deepEqual(pause(LIVE, 0, quiet), { kind: "paused", at: 10_700 });
  assert.deepEqual(pause(LIVE, 0, { ...quiet, known: 10_900 }), { kind: "paused", at: 10_900 });
  assert.deepEqual(pause(LIVE, 0, { ...quiet, known: 1000, edge: 1100 }), { kind: "paused", at: 1000 });
});

test("playing from behind moves by rate and wall time, and turns live at the edge", () => {
  const started = play(seek(4000, going), 2, 100, going);
  const later = tick(started, 600, going);
  assert.deepEqual(later, { kind: "playing", at: 5000, rate: 2, since: 600 });
  assert.equal(tick(later, 60_000, going), LIVE);
});

test("a run that has ended plays again from its start, and stops at its end", () => {
  const started = play(LIVE, 1, 0, over);
  assert.deepEqual(started, { kind: "playing", at: 1000, rate: 1, since: 0 });
  const end = tick(started, 20_000, over);
  assert.equal(end, LIVE);
  assert.equal(isAdvancing(end, over), false);
  assert.equal(isAdvancing(LIVE, going), true);
});

test("at the newest moment of a run that does not move there is nothing to play, nor to pause", () => {
  assert.equal(isAdvancing(LIVE, still), false);
  assert.equal(pause(LIVE, 0, still), LIVE);
  assert.equal(canPlay(LIVE, still), false);
  assert.equal(play(LIVE, 1, 0, still), LIVE);
  assert.deepEqual(
    [going, over].map((course) => canPlay(LIVE, course)),
    [true, true],
  );
});

test("a run that does not move is played from behind up to its newest moment", () => {
  const started = play({ kind: "paused", at: 1000 }, 1, 0, still);
  assert.deepEqual(started, { kind: "playing", at: 1000, rate: 1, since: 0 });
  assert.ok(isAdvancing(started, still));
  assert.equal(tick(started, 9_999, still).kind, "playing");
  assert.equal(tick(started, 10_000, still), LIVE);
});

test("what is skipped takes no time, and at the end of all of it is the edge", () => {
  const skips = [
    [3000, 5000],
    [8000, 11_000],
  ] as const;
  const started = play(seek(2500, going), 1, 0, going);
  assert.deepEqual(tick(started, 500, going, skips), { kind: "playing", at: 3000, rate: 1, since: 500 });
  assert.deepEqual(tick(started, 501, going, skips), { kind: "playing", at: 5000, rate: 1, since: 501 });
  assert.deepEqual(tick(started, 2500, going, skips), { kind: "playing", at: 5000, rate: 1, since: 2500 });
  assert.equal(tick(play(seek(7900, going), 1, 0, going), 200, going, skips), LIVE);
});

test("playing at the edge of a live run is following it", () => {
  assert.equal(play({ kind: "paused", at: 11_000 }, 1, 0, going), LIVE);
  assert.equal(play(LIVE, 1, 0, going), LIVE);
});

test("another rate counts from now on", () => {
  const started = play(seek(2000, going), 1, 0, going);
  const faster = withRate(started, 10, 500, going);
  assert.deepEqual(faster, { kind: "playing", at: 2500, rate: 10, since: 500 });
  assert.deepEqual(pause(faster, 600, going), { kind: "paused", at: 3500 });
});

test("whatever is done, the position lies between the start and the edge", () => {
  const act = fc.oneof(
    fc.record({ do: fc.constant("seek" as const), at: fc.integer({ min: -20_000, max: 40_000 }) }),
    fc.record({ do: fc.constantFrom("play" as const, "pause" as const), at: fc.constant(0) }),
    fc.record({ do: fc.constant("wait" as const), at: fc.integer({ min: 0, max: 5000 }) }),
  );
  fc.assert(
    fc.property(fc.array(act), fc.boolean(), fc.constantFrom(...RATES), (acts, ended, rate) => {
      let course: Course = { ...going, ended, moving: !ended };
      let now = 0;
      let head: Playhead = LIVE;
      for (const { at, do: what } of acts) {
        if (what === "seek") head = seek(at, course);
        else if (what === "play") head = play(head, rate, now, course);
        else if (what === "pause") head = pause(head, now, course);
        else {
          now += at;
          if (!ended) course = { ...course, edge: course.edge + at };
          head = tick(head, now, course);
        }
        const position = positionOf(head, course);
        assert.ok(position >= course.start && position <= course.edge);
      }
    }),
  );
});

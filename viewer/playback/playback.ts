import { batch, computed, effect, type ReadonlySignal, signal, untracked } from "@preact/signals";
import type { RunState } from "../../src/protocol/bundle.ts";
import { Log } from "../../src/protocol/log.ts";
import { type LogQuiet, quietTogether, type Spell } from "../../src/protocol/quiet.ts";
import { isTerminal } from "../../src/protocol/status.ts";
import { fetchOutline, fetchTimes } from "../live/ranges.ts";
import { failure, link, run, wantParts } from "../live/state.ts";
import { keptChoice } from "../ui/kept-choice.ts";
import { asOf, endOf, type RunView } from "./as-of.ts";
import { breathe, pauseAfter } from "./breathe.ts";
import { now } from "./now.ts";
import { Older } from "./older.ts";
import {
  canPlay,
  type Course,
  isAdvancing,
  LIVE,
  pause,
  play,
  type Playhead,
  positionOf,
  type Rate,
  seek,
  tick,
  withRate,
} from "./playhead.ts";
import { isMoving, liveEdge, observe, type RunClock } from "./run-clock.ts";
import { newestOf, RunIndex, startOf } from "./run-index.ts";

/** The open run, the playhead on it, and the run as of the playhead. */

export const openRun = computed<RunState | null>(() => {
  const current = run.value;
  return current.kind === "open" ? current.state : null;
});
export const openRunId = computed(() => {
  const current = run.value;
  return current.kind === "none" ? null : current.runId;
});
/** Of the open run: for as long as it is the same, line numbers and tables stay true. */
export const life = computed(() => {
  const current = run.value;
  return current.kind === "open" ? current.life : null;
});

/** One index a life of a run; its logs carry it on. */
const index = computed(() => {
  void life.value;
  return new RunIndex();
});
/** Counts what the index has learnt otherwise than from the run's logs. */
const learntSignal = signal(0);
export const learnt = computed(() => learntSignal.value);
/** The older part of the index was asked for and did not come yet. */
const olderFailedSignal = signal(false);
export const olderFailed = computed(() => olderFailedSignal.value);

/** The index, up to date with the run. */
export const indexed = computed(() => {
  void learntSignal.value;
  const state = openRun.value;
  if (state === null) return null;
  index.value.extend(state);
  return { run: state, index: index.value };
});

const isServerHeard = computed(() => link.value.kind === "open");
/** Does news of the open run come in? */
export const isHeard = computed(() => isServerHeard.value && failure.value === null);

/** The wall clock for as long as something is heard. Without it nobody knows that time passes there. */
function nowWhile(isHearing: ReadonlySignal<boolean>): ReadonlySignal<number> {
  let last = 0;
  return computed(() => {
    if (isHearing.value || last === 0) last = now.value;
    return last;
  });
}
export const heardNow = nowWhile(isServerHeard);
const runHeardNow = nowWhile(isHeard);

const clock = signal<RunClock | null>(null);
const head = signal<Playhead>(LIVE);
const rateSignal = signal<Rate>(1);

export const playhead = computed(() => head.value);
export const rate = computed(() => rateSignal.value);

export const course = computed<Course>(() => {
  const known = indexed.value;
  if (known === null) return { start: 0, known: 0, edge: 0, ended: true, moving: false };
  const { run: state } = known;
  const newest = newestOf(state, known.index);
  const wall = isMoving(state.status) ? runHeardNow.value : 0;
  const edge = endOf(state, known.index) ?? liveEdge(state.status, clock.value, newest, wall);
  const begun = startOf(state, known.index);
  const start = Number.isFinite(begun) ? begun : Math.min(edge, wall);
  return {
    start,
    known: Math.max(start, newest),
    edge: Number.isFinite(edge) ? Math.max(start, edge) : start,
    ended: isTerminal(state.status),
    moving: isMoving(state.status),
  };
});

/** When nothing was written, from the run's start to its edge; none until it is known of all logs. */
export const quietSpells = computed((): readonly Spell[] => {
  const known = indexed.value;
  if (known === null) return [];
  const logs: LogQuiet[] = [];
  for (const log of known.index.quiets()) {
    if (log === null) return [];
    logs.push(log);
  }
  const { edge, start } = course.value;
  return quietTogether(logs, start, edge);
});

const keptSkip = keptChoice("runreel.skip-idle", ["no", "yes"], "no");
const skipsSignal = signal(keptSkip.read() === "yes");
/** Does playing pass over quiet spells? */
export const skipsQuiet = computed(() => skipsSignal.value);

export function setSkipsQuiet(skips: boolean): void {
  skipsSignal.value = skips;
  keptSkip.write(skips ? "yes" : "no");
}

/** Where the playhead is, in run time. */
export const position = computed(() => positionOf(head.value, course.value));
export const isBehind = computed(() => head.value.kind !== "live");
/** Is there anything to play, here or from the start? */
export const hasMoreToPlay = computed(() => canPlay(head.value, course.value));
export const isPlaying = computed(() => isAdvancing(head.value, course.value));

/** The moment that is shown; Infinity is the live edge, whatever comes. */
export const moment = computed(() =>
  head.value.kind === "live" ? Number.POSITIVE_INFINITY : position.value,
);

/** The run as of the playhead; the same object for as long as nothing in it changes. */
let lastView: RunView | null = null;
export const view = computed<RunView | null>(() => {
  const known = indexed.value;
  lastView = known === null ? null : asOf(known.run, known.index, moment.value, lastView);
  return lastView;
});

/**
 * How far behind the edge the playhead is: in time, and in steps begun since, or of an evaluation
 * in results told since, if that is known.
 */
export const lag = computed(() => {
  const index = indexed.value?.index;
  const at = position.value;
  return {
    ms: Math.max(0, course.value.edge - at),
    steps: index?.trace.isWhole === true && index.isRead ? laterThan(index, at) : null,
    isTests: index?.isEvaluation === true,
  };
});

/** Counts the times that somebody went to another moment at once. */
const jumpsSignal = signal(0);
export const jumps = computed(() => jumpsSignal.value);

function laterThan({ isEvaluation, trace: { table } }: RunIndex, at: number): number {
  if (!isEvaluation) return table.count - table.begunBy(at);
  return table.tests.scores.length - table.tests.scores.by(at);
}

function goTo(next: Playhead): void {
  batch(() => {
    head.value = next;
    jumpsSignal.value += 1;
  });
}

export function seekTo(at: number): void {
  goTo(seek(at, course.peek()));
}

export function seekBy(ms: number): void {
  seekTo(position.peek() + ms);
}

export function jumpToStart(): void {
  const { start } = course.peek();
  goTo({ kind: "paused", at: start });
}

export function jumpToLive(): void {
  goTo(LIVE);
}

/** Counts the times that somebody let the playhead go on. */
const playsSignal = signal(0);
export const plays = computed(() => playsSignal.value);

export function togglePlay(): void {
  const wall = Date.now();
  const of = course.peek();
  if (!canPlay(head.peek(), of)) return;
  batch(() => {
    if (isAdvancing(head.peek(), of)) {
      head.value = pause(head.peek(), wall, of);
      return;
    }
    head.value = play(head.peek(), rateSignal.peek(), wall, of);
    playsSignal.value += 1;
  });
}

export function setRate(next: Rate): void {
  batch(() => {
    rateSignal.value = next;
    head.value = withRate(head.peek(), next, Date.now(), course.peek());
  });
}

/**
 * Starts what moves by itself: the clock of the open run, and a playing head.
 * `openAt` is asked once for each run that opens: ms after its start, or null.
 */
export function startPlayback(openAt: (runId: string) => number | null): void {
  let opened: string | null = null;
  effect(() => {
    const runId = openRunId.value;
    const state = openRun.value;
    untracked(() => {
      if (opened !== null && opened !== runId) {
        opened = null;
        batch(() => {
          clock.value = null;
          head.value = LIVE;
        });
      }
      if (state === null || runId === null) return;
      index.peek().extend(state);
      clock.value = observe(
        clock.peek(),
        newestOf(state, index.peek()),
        Date.now(),
        state.tally !== undefined,
      );
      if (opened === runId) return;
      opened = runId;
      const offset = openAt(runId);
      if (offset !== null) seekTo(course.peek().start + offset);
    });
  });

  // What the snapshot left out comes by itself: the beginning, and the older part of the index.
  let older: { readonly of: RunIndex; readonly bringer: Older } | null = null;
  effect(() => {
    const known = indexed.value;
    if (older !== null && older.of !== known?.index) {
      older.bringer.end();
      older = null;
    }
    if (known === null) return;
    if (older === null) {
      older = { of: known.index, bringer: bringOlder(known.index) };
      wantParts("start", [{ log: "trace", from: 0, to: Math.min(Log.PAGE, known.run.trace.length) }]);
    }
    older.bringer.follow(known.run);
  });

  const playing = computed(() => head.value.kind === "playing");
  effect(() => {
    if (!playing.value) return undefined;
    let frame = requestAnimationFrame(function next() {
      const skips = skipsSignal.peek() ? quietSpells.peek() : [];
      const moved = tick(head.peek(), Date.now(), course.peek(), skips);
      batch(() => {
        head.value = moved;
        // Who has caught up and looks back again does not expect to be rushed.
        if (moved.kind === "live") rateSignal.value = 1;
      });
      frame = requestAnimationFrame(next);
    });
    return () => cancelAnimationFrame(frame);
  });
}

function bringOlder(of: RunIndex): Older {
  const own = untracked(() => life.value);
  untracked(() => {
    olderFailedSignal.value = false;
  });
  const never = { kind: "over" } as const;
  return new Older(of, {
    times: (log) => (own === null ? Promise.resolve(never) : fetchTimes(own, log)),
    outline: (log, from) => (own === null ? Promise.resolve(never) : fetchOutline(own, log, from)),
    breathe,
    wait: pauseAfter,
    changed: () => {
      if (untracked(() => index.value) === of) learntSignal.value += 1;
    },
    failed: (hasFailed) => {
      if (untracked(() => index.value) === of) olderFailedSignal.value = hasFailed;
    },
  });
}

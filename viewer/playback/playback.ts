import { batch, computed, effect, signal, untracked } from "@preact/signals";
import type { RunState } from "../../src/protocol/bundle.ts";
import { isTerminal } from "../../src/protocol/status.ts";
import { link, run } from "../live/state.ts";
import { startedBy } from "../timeline/attempts.ts";
import { asOf, endOf, type RunView } from "./as-of.ts";
import { nextEvent, nextStep, previousEvent, previousStep } from "./moments.ts";
import { now } from "./now.ts";
import {
  type Extent,
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
const openRunId = computed(() => {
  const current = run.value;
  return current.kind === "none" ? null : current.runId;
});

/** One index a run; its logs carry it on. */
const index = computed(() => {
  void openRunId.value;
  return new RunIndex();
});

/** The wall clock for as long as the server is heard. Without it nobody knows that time passes in the run. */
let lastHeard = 0;
export const heardNow = computed(() => {
  if (link.value.kind === "open" || lastHeard === 0) lastHeard = now.value;
  return lastHeard;
});

const clock = signal<RunClock | null>(null);
const head = signal<Playhead>(LIVE);
const rateSignal = signal<Rate>(1);

export const playhead = computed(() => head.value);
export const rate = computed(() => rateSignal.value);

export const extent = computed<Extent>(() => {
  const state = openRun.value;
  if (state === null) return { start: 0, known: 0, edge: 0, ended: true };
  index.value.extend(state);
  const newest = newestOf(state, index.value);
  const wall = isMoving(state.status) ? heardNow.value : 0;
  const edge = endOf(state, index.value) ?? liveEdge(state.status, clock.value, newest, wall);
  const begun = startOf(state, index.value);
  const start = Number.isFinite(begun) ? begun : Math.min(edge, wall);
  return {
    start,
    known: Math.max(start, newest),
    edge: Number.isFinite(edge) ? Math.max(start, edge) : start,
    ended: isTerminal(state.status),
  };
});

/** Where the playhead is, in run time. */
export const position = computed(() => positionOf(head.value, extent.value));
export const isBehind = computed(() => head.value.kind !== "live");
export const isPlaying = computed(() => isAdvancing(head.value, extent.value));

/** The run as of the playhead; the same object for as long as nothing in it changes. */
let lastView: RunView | null = null;
export const view = computed<RunView | null>(() => {
  const state = openRun.value;
  const at = head.value.kind === "live" ? Number.POSITIVE_INFINITY : position.value;
  lastView = state === null ? null : asOf(state, index.value, at, lastView);
  return lastView;
});

/** All that is recorded: for the time axis alone, which shows where later steps lie. */
let lastRecorded: RunView | null = null;
export const recorded = computed<RunView | null>(() => {
  const state = openRun.value;
  lastRecorded = state === null ? null : asOf(state, index.value, Number.POSITIVE_INFINITY, lastRecorded);
  return lastRecorded;
});

/** How far behind the edge the playhead is: in time, and in steps begun since. */
export const lag = computed(() => {
  const attempts = recorded.value?.attempts.list;
  const at = position.value;
  return {
    ms: Math.max(0, extent.value.edge - at),
    steps: attempts === undefined ? 0 : attempts.length - startedBy(attempts, at),
  };
});

export function conversationOf(sessionId: string) {
  return index.peek().session(sessionId).conversation;
}

export function runIndex(): RunIndex {
  return index.peek();
}

export function seekTo(at: number): void {
  head.value = seek(at, extent.peek());
}

export function seekBy(ms: number): void {
  seekTo(position.peek() + ms);
}

export function jumpToStart(): void {
  const { start } = extent.peek();
  head.value = { kind: "paused", at: start };
}

export function jumpToLive(): void {
  head.value = LIVE;
}

export function togglePlay(): void {
  const wall = Date.now();
  const bounds = extent.peek();
  head.value = isAdvancing(head.peek(), bounds)
    ? pause(head.peek(), wall, bounds)
    : play(head.peek(), rateSignal.peek(), wall, bounds);
}

export function setRate(next: Rate): void {
  batch(() => {
    rateSignal.value = next;
    head.value = withRate(head.peek(), next, Date.now(), extent.peek());
  });
}

export function stepEvent(direction: 1 | -1): void {
  const state = openRun.peek();
  if (state === null) return;
  const logs = index.peek().logs(state);
  const at = position.peek();
  step(direction, direction === 1 ? nextEvent(logs, at) : previousEvent(logs, at));
}

export function stepAttempt(direction: 1 | -1): void {
  const attempts = recorded.peek()?.attempts.list;
  if (attempts === undefined) return;
  const at = position.peek();
  step(direction, direction === 1 ? nextStep(attempts, at) : previousStep(attempts, at));
}

/** Where there is nothing further, forward is the edge and backward the start. */
function step(direction: 1 | -1, to: number | null): void {
  if (to !== null) seekTo(to);
  else if (direction === 1) jumpToLive();
  else jumpToStart();
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
      clock.value = observe(clock.peek(), newestOf(state, index.peek()), Date.now());
      if (opened === runId) return;
      opened = runId;
      const offset = openAt(runId);
      if (offset !== null) seekTo(extent.peek().start + offset);
    });
  });

  const playing = computed(() => head.value.kind === "playing");
  effect(() => {
    if (!playing.value) return undefined;
    let frame = requestAnimationFrame(function next() {
      head.value = tick(head.peek(), Date.now(), extent.peek());
      frame = requestAnimationFrame(next);
    });
    return () => cancelAnimationFrame(frame);
  });
}

import { computed, effect, signal } from "@preact/signals";
import { bringParts, wantParts } from "../live/state.ts";
import { errorTimes, nextError, previousError } from "./errors.ts";
import { type Moment, nextEvent, previousEvent } from "./moments.ts";
import { indexed, jumps, jumpToLive, jumpToStart, learnt, life, position, seekTo } from "./playback.ts";

/** From event to event, from step to step, from error to error. */

/** Who asks for what tells where to step to. Once it is told nothing of it has to stay. */
const KEYS = "keys";

/** What tells where to step to may have to be fetched. Then the latest press counts. */
let presses = 0;
export function stepEvent(direction: 1 | -1): void {
  presses += 1;
  void stepWhenKnown(direction, presses);
}

async function stepWhenKnown(direction: 1 | -1, press: number): Promise<void> {
  const own = life.peek();
  let asked = "";
  for (;;) {
    const known = indexed.peek();
    if (known === null || press !== presses || life.peek() !== own) return;
    const at = position.peek();
    const found: Moment = direction === 1 ? nextEvent(known.index, at) : previousEvent(known.index, at);
    switch (found.kind) {
      case "found":
        wantParts(KEYS, []);
        return step(direction, found.at);
      case "times":
        await nextNews();
        break;
      case "pages": {
        const question = found.parts.map(({ from, log }) => `${log}/${from}`).join(" ");
        // What could not be fetched cannot be stepped to.
        if (question === asked) return wantParts(KEYS, []);
        asked = question;
        await bringParts(KEYS, found.parts);
      }
    }
  }
}

/** Until the index has learnt more, or is another one. */
function nextNews(): Promise<void> {
  const before = [learnt.peek(), life.peek()];
  return new Promise((resolve) => {
    const stop = effect(() => {
      if (learnt.value === before[0] && life.value === before[1]) return;
      queueMicrotask(() => stop());
      resolve();
    });
  });
}

export function stepAttempt(direction: 1 | -1): void {
  presses += 1;
  wantParts(KEYS, []);
  void stepAttemptWhenKnown(direction, presses);
}

async function stepAttemptWhenKnown(direction: 1 | -1, press: number): Promise<void> {
  const own = life.peek();
  for (;;) {
    const trace = indexed.peek()?.index.trace;
    if (trace === undefined || press !== presses || life.peek() !== own) return;
    if (trace.isWhole) {
      const { table } = trace;
      const at = position.peek();
      return step(direction, direction === 1 ? table.startOf(table.begunBy(at)) : table.startBefore(at));
    }
    await nextNews();
  }
}

/** What the last step could not do; null once somebody went elsewhere. */
const missed = signal<{ readonly words: string; readonly jumps: number } | null>(null);
export const stepNews = computed(() => {
  const news = missed.value;
  return news !== null && news.jumps === jumps.value ? news : null;
});

/** To the next moment at which it became known that something failed. Where there is none, nothing moves. */
export function stepError(direction: 1 | -1): void {
  presses += 1;
  wantParts(KEYS, []);
  void stepErrorWhenKnown(direction, presses);
}

async function stepErrorWhenKnown(direction: 1 | -1, press: number): Promise<void> {
  const own = life.peek();
  for (;;) {
    const known = indexed.peek();
    if (known === null || press !== presses || life.peek() !== own) return;
    if (known.index.isWhole) {
      const errors = errorTimes(known.run, known.index);
      const at = position.peek();
      const to = direction === 1 ? nextError(errors, at) : previousError(errors, at);
      if (to !== null) return seekTo(to);
      const which = direction === 1 ? "later" : "earlier";
      const words = errors.length === 0 ? "No errors" : `No ${which} error`;
      missed.value = { words, jumps: jumps.peek() };
      return;
    }
    await nextNews();
  }
}

/** Where there is nothing further, forward is the edge and backward the start. */
function step(direction: 1 | -1, to: number | null): void {
  if (to !== null) seekTo(to);
  else if (direction === 1) jumpToLive();
  else jumpToStart();
}

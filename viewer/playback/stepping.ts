import { batch, computed, effect, signal } from "@preact/signals";
import { bringParts, wantParts } from "../live/state.ts";
import type { StepTable } from "./step-table.ts";
import { chooseHere } from "./choice.ts";
import { endedAt, errorTimes, failedAt, nextError, previousError } from "./errors.ts";
import { type Moment, nextEvent, previousEvent } from "./moments.ts";
import {
  indexed,
  jumps,
  jumpToLive,
  jumpToStart,
  learnt,
  life,
  playhead,
  position,
  seekTo,
} from "./playback.ts";

/** From event to event, from step to step, from error to error. */

/** Who asks for what tells where to step to. Once it is told nothing of it has to stay. */
const KEYS = "keys";

/** What tells where to step to may have to be fetched. Then the latest press counts. */
let presses = 0;

/**
 * Finds where to step to, and goes there. `look` is asked until it knows: what it
 * waits for is fetched meanwhile. What always holds: who has gone elsewhere since
 * they pressed is not moved.
 */
async function stepOnce(look: () => Look): Promise<void> {
  presses += 1;
  wantParts(KEYS, []);
  const pressed = presses;
  const of = life.peek();
  const made = jumps.peek();
  const { kind } = playhead.peek();
  const counts = () =>
    pressed === presses && life.peek() === of && jumps.peek() === made && playhead.peek().kind === kind;
  let asked = "";
  while (counts()) {
    const found = look();
    switch (found.kind) {
      case "go":
        wantParts(KEYS, []);
        return found.go();
      case "nothing":
        return;
      case "news":
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
  // A newer press asks for what it needs itself.
  if (pressed === presses) wantParts(KEYS, []);
}

type Look =
  | { readonly kind: "go"; readonly go: () => void }
  | { readonly kind: "nothing" }
  /** It is told once the index has learnt more. */
  | { readonly kind: "news" }
  | (Moment & { readonly kind: "pages" });

/** Until the index has learnt more, is another one, or somebody went elsewhere. */
function nextNews(): Promise<void> {
  const before = [learnt.peek(), life.peek(), jumps.peek()];
  return new Promise((resolve) => {
    const stop = effect(() => {
      const now = [learnt.value, life.value, jumps.value];
      if (now.every((each, place) => each === before[place])) return;
      queueMicrotask(() => stop());
      resolve();
    });
  });
}

export function stepEvent(direction: 1 | -1): void {
  void stepOnce(() => {
    const known = indexed.peek();
    if (known === null) return { kind: "nothing" };
    const at = position.peek();
    const found: Moment = direction === 1 ? nextEvent(known.index, at) : previousEvent(known.index, at);
    switch (found.kind) {
      case "found":
        return { kind: "go", go: () => step(direction, found.at) };
      case "times":
        return { kind: "news" };
      case "pages":
        return found;
    }
  });
}

/** From step to step; of an evaluation from result to result. */
export function stepAttempt(direction: 1 | -1): void {
  void stepOnce(() => {
    const index = indexed.peek()?.index;
    if (index === undefined) return { kind: "nothing" };
    if (!index.trace.isWhole) return { kind: "news" };
    const { table } = index.trace;
    const at = position.peek();
    if (index.isEvaluation) {
      const { scores } = table.tests;
      const to = scores.timeOf(direction === 1 ? scores.by(at) : scores.before(at) - 1);
      return { kind: "go", go: () => stepResult(table, direction, to) };
    }
    const to = direction === 1 ? table.startOf(table.begunBy(at)) : table.startBefore(at);
    return { kind: "go", go: () => step(direction, to) };
  });
}

/** What the last step could not do; null once somebody went elsewhere. */
const missed = signal<{ readonly words: string; readonly jumps: number } | null>(null);
export const stepNews = computed(() => {
  const news = missed.value;
  return news !== null && news.jumps === jumps.value ? news : null;
});

/** To the next moment at which it became known that something failed. Where there is none, nothing moves. */
export function stepError(direction: 1 | -1): void {
  void stepOnce(() => {
    const known = indexed.peek();
    if (known === null) return { kind: "nothing" };
    if (!known.index.isTimed) return { kind: "news" };
    const errors = errorTimes(known.run, known.index);
    const at = position.peek();
    const to = direction === 1 ? nextError(errors, at) : previousError(errors, at);
    if (to !== null) return { kind: "go", go: () => showError(known.index.trace.table, to) };
    const which = direction === 1 ? "later" : "earlier";
    const what = known.index.isEvaluation ? "failed test" : "error";
    const words = errors.length === 0 ? `No ${what}s` : `No ${which} ${what}`;
    return { kind: "go", go: () => void (missed.value = { words, jumps: jumps.peek() }) };
  });
}

/** The attempt that failed is the one that is shown there, though the next may have begun with its end. */
function showError(table: StepTable, at: number): void {
  const failed = failedAt(table, at);
  batch(() => {
    seekTo(at);
    if (failed !== null) chooseHere(table.lineOf(failed));
  });
}

/** The test that has its result there is the one that is shown. */
function stepResult(table: StepTable, direction: 1 | -1, to: number | null): void {
  batch(() => {
    step(direction, to);
    const ended = to === null ? null : endedAt(table, to);
    if (ended !== null) chooseHere(table.lineOf(ended));
  });
}

/** Where there is nothing further, forward is the edge and backward the start. */
function step(direction: 1 | -1, to: number | null): void {
  if (to !== null) seekTo(to);
  else if (direction === 1) jumpToLive();
  else jumpToStart();
}

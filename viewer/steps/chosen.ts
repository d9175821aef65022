import { batch, computed } from "@preact/signals";
import { isTerminal, type RunStatus } from "../../src/protocol/status.ts";
import { attemptAt, type RunView, type StepsView } from "../playback/as-of.ts";
import { chooseHere, chosenLine } from "../playback/choice.ts";
import { isEvaluation } from "../playback/evaluation.ts";
import { jumpToLive, seekTo, view } from "../playback/playback.ts";
import type { Attempt } from "../playback/step-table.ts";
import { isSameData } from "../ui/same-data.ts";

/**
 * The attempt whose details are shown, and how it is known: it follows from the
 * playhead, unless somebody chose one.
 */

export interface ChosenStep {
  /** Its place in the step table. */
  readonly index: number;
  /** As of the playhead. */
  readonly attempt: Attempt;
  /** Somebody chose it; otherwise the playhead did. */
  readonly isChosen: boolean;
  /** Without a choice it would be another. */
  readonly isElsewhere: boolean;
}

/** The same object for as long as it says the same, however the playhead moves. */
let last: ChosenStep | null = null;
export const chosenStep = computed((): ChosenStep | null => {
  const next = chosenNow();
  if (!isSameData(last, next)) last = next;
  return last;
});

function chosenNow(): ChosenStep | null {
  const current = view.value;
  if (current === null) return null;
  const { steps } = current;
  if (steps.extent === "none" || steps.count === 0) return null;
  const { count, table } = steps;
  const line = chosenLine.value;
  const chosen = line === null ? null : table.attemptOfLine(line);
  const followed = followedIn(current);
  if (chosen === null || chosen >= count)
    return { index: followed, attempt: attemptAt(steps, followed), isChosen: false, isElsewhere: false };
  const isElsewhere = chosen !== followed;
  return { index: chosen, attempt: attemptAt(steps, chosen), isChosen: true, isElsewhere };
}

function followedIn({ status, steps }: RunView): number {
  const { at, count, endedAt, table } = steps;
  const told = table.tests.isEmpty ? null : testFollowedIn(status, steps);
  const running = endedAt === null ? table.runningAt(at) : null;
  return Math.min(told ?? running ?? count - 1, count - 1);
}

/**
 * The newest test that did not go well, or else the newest that has ended. Once all of them have, the
 * table begins with the first that failed, and so does a reader. A run that fell silent or was broken
 * off is opened to see why: at the test that it was at.
 */
function testFollowedIn(status: RunStatus, { at, count, table: { tests } }: StepsView): number | null {
  const isOver = isTerminal(status);
  const broken = status === "stalled" || (isOver && status !== "completed");
  return (
    (broken ? tests.newestOpen(count, at) : null) ??
    (isOver ? tests.firstFailed(count, at) : tests.newestFailed(count, at)) ??
    tests.newestEnded(at)
  );
}

/** Goes on to the attempt that began after the one that is shown, also where the playhead knows nothing of it yet. */
export function chooseNext(): void {
  const table = view.peek()?.steps.table;
  const next = (chosenStep.peek()?.index ?? -1) + 1;
  if (table !== undefined && next < table.count) chooseLine(table.lineOf(next));
}

/**
 * Goes to the end of the attempt that began with this line of the trace, when its
 * outcome was known and all of it was said; one that goes on is shown at the edge.
 * The next one may have begun in the same millisecond: the choice says which is meant.
 * A test that is known at the moment is looked at there: all the others go on beside it.
 */
export function chooseLine(line: number): void {
  const steps = view.peek()?.steps;
  const index = steps?.table.attemptOfLine(line) ?? null;
  if (steps === undefined || index === null) return;
  if (isEvaluation.peek() && index < steps.count) return chooseHere(line);
  const attempt = steps.table.attempt(index, Number.POSITIVE_INFINITY, steps.endedAt);
  batch(() => {
    if (attempt.finishedAt === null) jumpToLive();
    else seekTo(attempt.finishedAt);
    chooseHere(line);
  });
}

/** Goes to a moment of the attempt that began with this line of the trace, and stays with that attempt. */
export function chooseAt(line: number, at: number): void {
  batch(() => {
    seekTo(at);
    if (chosenStep.peek()?.attempt.line !== line) chooseHere(line);
  });
}

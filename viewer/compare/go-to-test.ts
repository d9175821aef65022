import { batch, effect, signal, untracked } from "@preact/signals";
import { chooseHere } from "../playback/choice.ts";
import { indexed, isBehind, jumpToLive, openRunId } from "../playback/playback.ts";
import { go, route } from "../ui/route.ts";

/** A test of a run that is on its way to be opened, by the line that it began with. */
const wanted = signal<{ readonly runId: string; readonly line: number } | null>(null);

/** Leaves the comparison for a test of one of its runs. */
export function goToTest(runId: string, line: number): void {
  batch(() => {
    go({ runId, at: null, tab: route.peek().tab });
    wanted.value = { runId, line };
  });
}

/** Chooses the test once its run is there; who has gone elsewhere meanwhile is left alone. */
export function startGoingToTests(): void {
  effect(() => {
    const test = wanted.value;
    if (test === null) return;
    const isHere = openRunId.value === test.runId && indexed.value?.index.trace.isWhole === true;
    const isElsewhere = route.value.runId !== test.runId;
    if (!isHere && !isElsewhere) return;
    untracked(() => {
      wanted.value = null;
      if (isElsewhere) return;
      batch(() => {
        // It was compared as of the newest moment.
        if (isBehind.peek()) jumpToLive();
        chooseHere(test.line);
      });
    });
  });
}

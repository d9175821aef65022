import { computed, effect, signal, untracked } from "@preact/signals";
import type { RunStatus } from "../../src/protocol/status.ts";
import { chooseHere } from "../playback/choice.ts";
import { isEvaluation } from "../playback/evaluation.ts";
import { indexed, jumps, openRunId } from "../playback/playback.ts";
import { chosenStep } from "../steps/chosen.ts";
import { failedAttempt } from "../steps/failed-attempt.ts";
import { route, type Tab } from "../ui/route.ts";

/**
 * What a run opens with. One that has failed is opened to see why: it opens on
 * the details of the attempt that failed. That is decided once, when it opens; a
 * run that fails while somebody watches takes nothing from them. An evaluation opens
 * on the grading of a test.
 */

interface Opening {
  readonly runId: string;
  readonly tab: Tab;
}

const opening = signal<Opening | null>(null);

/** What is shown where nobody wants to see anything else. */
export const homeTab = computed((): Tab => (isEvaluation.value ? "grading" : "conversation"));

/** The tab that the address names, or else what the run opened with. */
export const shownTab = computed((): Tab => {
  const named = route.value.tab;
  if (named !== null && (named !== "grading" || isEvaluation.value)) return named;
  const opened = opening.value;
  return opened !== null && opened.runId === openRunId.value ? opened.tab : homeTab.value;
});

/** `momentOf`: the moment that a run opens at, if the address names one. Who names that or a tab wants to see it. */
export function startOpening(momentOf: (runId: string) => number | null): void {
  /** The run whose failure is still to be found, and how often one had gone elsewhere by then. */
  let looking: { readonly runId: string; readonly jumps: number } | null = null;
  effect(() => {
    const runId = openRunId.value;
    const known = indexed.value;
    untracked(() => {
      if (runId === null || known === null) {
        if (opening.peek()?.runId !== runId) opening.value = null;
        return;
      }
      if (opening.peek()?.runId !== runId) {
        const isNamed = momentOf(runId) !== null || route.peek().tab !== null;
        const isToSee = hasFailed(known.run.status) && !isNamed && !isEvaluation.peek();
        opening.value = { runId, tab: isToSee ? "details" : homeTab.peek() };
        looking = isToSee ? { runId, jumps: jumps.peek() } : null;
      }
      if (looking === null) return;
      if (looking.runId !== runId || looking.jumps !== jumps.peek()) looking = null;
      // Which attempt failed is told by the whole outline alone.
      else if (known.index.trace.isWhole) {
        const { table } = known.index.trace;
        const failed = failedAttempt(table, known.run.run.error ?? null);
        // Mostly it is the one that is shown without anyone's choice.
        if (failed !== null && failed !== chosenStep.peek()?.index) chooseHere(table.lineOf(failed));
        looking = null;
      }
    });
  });
}

function hasFailed(status: RunStatus): boolean {
  return status === "failed" || status === "timed_out";
}

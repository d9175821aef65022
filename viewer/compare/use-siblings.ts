import { computed, useSignal } from "@preact/signals";
import { useEffect } from "preact/hooks";
import type { RunSummary } from "../../src/protocol/bundle.ts";
import { askPortion } from "../live/ask-portion.ts";
import { runs } from "../live/state.ts";
import { openRun } from "../playback/playback.ts";
import { flowNameOf } from "../run/title.ts";
import { askRunsOf, type EvaluationName, hasMoreThanHead, runsOf } from "./siblings.ts";

/** Which evaluation the open run is of; the same object for as long as it is the same. */
let lastName: EvaluationName | null = null;
const openName = computed((): EvaluationName | null => {
  const run = openRun.value;
  if (run === null) lastName = null;
  else {
    const [source, flowName] = [run.sourceType, flowNameOf(run)];
    if (lastName?.source !== source || lastName.flowName !== flowName) lastName = { source, flowName };
  }
  return lastName;
});

interface Siblings {
  /** The newest first, with the open run among them. */
  readonly runs: readonly RunSummary[];
  readonly state: "asking" | "failed" | "done";
}

/** The newest `count` runs of the open run's evaluation; what the list's head holds of them stays up to date. */
export function useSiblings(count: number): Siblings {
  const older = useSignal<Siblings>({ runs: [], state: "asking" });
  const name = openName.value;
  const head = runs.value;
  const known = name === null || head === null ? [] : runsOf(name, Object.values(head.runsById));
  const isToAsk = head !== null && hasMoreThanHead(head) && known.length < count;
  useEffect(() => {
    if (name === null || !isToAsk) return undefined;
    const stop = new AbortController();
    older.value = { runs: [], state: "asking" };
    const ask = async () => {
      let answer: Siblings;
      try {
        answer = { runs: await askRunsOf(name, count, askPortion, stop.signal), state: "done" };
      } catch {
        answer = { runs: [], state: "failed" };
      }
      if (!stop.signal.aborted) older.value = answer;
    };
    void ask();
    return () => stop.abort();
  }, [name, isToAsk, count, older]);
  if (name === null || head === null) return { runs: [], state: "asking" };
  if (!isToAsk) return { runs: known.slice(0, count), state: "done" };
  return { ...older.value, runs: runsOf(name, [...older.value.runs, ...known]).slice(0, count) };
}

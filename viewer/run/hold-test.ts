import type { RefObject } from "preact";
import { useEffect } from "preact/hooks";
import { chooseHere } from "../playback/choice.ts";
import { isEvaluation } from "../playback/evaluation.ts";
import { isPlaying } from "../playback/playback.ts";
import { chosenStep } from "../steps/chosen.ts";
import { shownTab } from "./opening.ts";

/** With these somebody reads, or begins to. */
const READING = ["pointerdown", "wheel", "touchmove", "focusin"] as const;

/** While tests come and go by themselves, the one that somebody reads in the panel stays, as if they had chosen it. */
export function useHeldTest(panel: RefObject<HTMLElement | null>): void {
  useEffect(() => {
    const over = new AbortController();
    for (const event of READING)
      panel.current?.addEventListener(event, hold, { signal: over.signal, passive: true });
    return () => over.abort();
  }, []);
}

function hold(): void {
  const chosen = chosenStep.peek();
  // The events are the run's.
  if (!isEvaluation.peek() || !isPlaying.peek() || shownTab.peek() === "events") return;
  if (chosen !== null && !chosen.isChosen) chooseHere(chosen.attempt.line);
}

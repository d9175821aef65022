import { isEvaluation } from "../playback/evaluation.ts";
import { lazyPart } from "../text/lazy-part.ts";

/** How high the strip is. */
export const SCORE_STRIP_PX = 40;

/** Of evaluations alone. */
const strip = lazyPart(() => import("./score-strip.tsx"));

export function Scores() {
  if (!isEvaluation.value) return null;
  const part = strip.read();
  // Its room is there from the start: nothing moves when it comes.
  return part === null ? <div style={{ height: `${SCORE_STRIP_PX}px` }} /> : <part.ScoreStrip />;
}

export function ScoresTold() {
  const part = isEvaluation.value ? strip.read() : null;
  return part === null ? null : <part.ScoreWords />;
}

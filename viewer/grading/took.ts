import type { GradingView } from "./grading-at.ts";

/** How long a test took, ms: as its producer says, or else from its start to its end; null where nobody knows. */
export function tookOf({ attempt, result, state, test }: GradingView): number | null {
  if (result?.durationMs != null) return result.durationMs;
  if (state === null || attempt.finishedAt === null) return null;
  const took = attempt.finishedAt - (test.since ?? attempt.startedAt);
  // Start and end were told at one moment: that says nothing.
  return took > 0 ? took : null;
}

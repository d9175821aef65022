import type { TestState } from "../../src/protocol/tally.ts";

/** "0.20": a score is read to two places, and a figure that is no whole success never reads as one. */
export function scoreText(score: number): string {
  const rounded = score.toFixed(2);
  return score < 1 && rounded === "1.00" ? "0.99" : rounded;
}

/** "0.20 of 0.80": of what it took to pass, where that is known. */
export function scoreOfText(score: number, threshold: number | null): string {
  return threshold === null ? scoreText(score) : `${scoreText(score)} of ${scoreText(threshold)}`;
}

/** Is the score worth telling? Of what could not be done it says nothing. */
export function hasScore(state: TestState, score: number | null): score is number {
  return score !== null && (state === "passed" || state === "failed");
}

/** The outcome of a test, as marks have it; null while it runs. */
export function outcomeOf(state: TestState | null): string | null {
  return state === "passed" ? "ok" : state;
}

const WORDS: Readonly<Record<TestState, string>> = {
  passed: "Passed",
  failed: "Failed",
  error: "Error",
  skipped: "Skipped",
};

export function stateWord(state: TestState): string {
  return WORDS[state];
}

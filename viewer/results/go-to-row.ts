/** Who comes with the keyboard from elsewhere: to the first row, or back to the chosen one. */
export type RowGoal = "first" | "chosen";

let answer: ((goal: RowGoal) => void) | null = null;

/** Nothing happens while there is no table. */
export function goToRow(goal: RowGoal): void {
  answer?.(goal);
}

/** The table answers while it is there; gives what ends it. */
export function answerGoingToRow(next: (goal: RowGoal) => void): () => void {
  answer = next;
  return () => {
    if (answer === next) answer = null;
  };
}

import type { Column } from "./order.ts";
import type { RowState } from "../playback/test-rows.ts";

export const COLUMN_WORDS: Readonly<Record<Column, string>> = {
  state: "State",
  test: "Test",
  suite: "Suite",
  target: "Target",
  score: "Score",
  time: "Time",
  tokens: "Tokens",
  cost: "Cost",
};

/** The states as the filter offers them. */
export const STATE_WORDS: readonly (readonly [RowState, string])[] = [
  ["failed", "Failed"],
  ["error", "Errors"],
  ["running", "Running"],
  ["unfinished", "Not finished"],
  ["untold", "Not told"],
  ["passed", "Passed"],
  ["skipped", "Skipped"],
];

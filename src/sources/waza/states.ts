import { isTestState, type TestState } from "../../protocol/tally.ts";

/** waza's word for how a test or a trial came out. "n/a" is a task that was not there to be run. */
export function stateOf(word: string): TestState {
  if (isTestState(word)) return word;
  return word === "n/a" ? "skipped" : "error";
}

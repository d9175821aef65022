import { Steps } from "../steps/steps.tsx";
import { TurnRow } from "./turn-row.tsx";

const WORDS = {
  label: "Turns",
  one: "turn",
  none: "No turns yet.",
  awaited: "Waiting for the first prompt…",
} as const;

/** A coding session's steps: what was asked, one after the other, and what each came to. */
export function Turns() {
  return <Steps Row={TurnRow} words={WORDS} />;
}

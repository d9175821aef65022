import { sessionOf } from "../../src/protocol/log-ranges.ts";
import { TESTS_SESSION } from "../../src/protocol/test-lines.ts";
import { seek } from "../conversation/sought.ts";
import { chooseHere } from "../playback/choice.ts";
import { indexed, moment, seekTo } from "../playback/playback.ts";
import { shownTab } from "../run/opening.ts";
import { keepPlace } from "../run/place.ts";
import { chooseLine } from "../steps/chosen.ts";
import { amend, go, route, type Tab } from "../ui/route.ts";
import type { FoundStep } from "./find-steps.ts";
import type { TextHit } from "./text-search.ts";

/**
 * Goes to what was found: to another run, or to a moment of this one and where it
 * is to be seen. The browser's Back leads to where one was before.
 */

export function chooseRun(runId: string): void {
  const { runId: open, tab } = route.peek();
  if (open !== runId) go({ runId, at: null, tab });
}

export function chooseStep(step: FoundStep): void {
  keepPlace();
  if (step.is === "attempt") return chooseLine(step.attempt.line);
  const line = indexed.peek()?.index.session(step.sessionId).table.toolLine(step.place);
  if (line === undefined || !chooseTest(step.sessionId, line)) seekTo(step.endedAt ?? step.startedAt);
  showIn(["conversation", "events"]);
}

export function chooseText(hit: TextHit): void {
  keepPlace();
  const sessionId = sessionOf(hit.log);
  if (sessionId === null || !chooseTest(sessionId, hit.line)) seekTo(hit.at);
  if (sessionId === null) return showIn(["events", "details"]);
  seek({ sessionId, line: hit.line, words: hit.text.slice(...hit.match) });
  if (shownTab.peek() !== "conversation") amend({ tab: "conversation" });
}

/** Of what was said in an evaluation, the test in which it was said; at this moment, where it is known by now. */
function chooseTest(sessionId: string, line: number): boolean {
  const table = indexed.peek()?.index.trace.table;
  const found = sessionId === TESTS_SESSION ? table?.tests.attemptOfTalk(line) : null;
  if (table === undefined || found === null || found === undefined) return false;
  if (found.at > moment.peek()) seekTo(found.at);
  chooseHere(table.lineOf(found.step));
  return true;
}

/** Stays where it can be seen already; otherwise goes to the first of these tabs. */
function showIn(tabs: readonly [Tab, Tab]): void {
  if (!tabs.includes(shownTab.peek())) amend({ tab: tabs[0] });
}

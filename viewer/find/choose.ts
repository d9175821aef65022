import { sessionLog, sessionOf } from "../../src/protocol/log-ranges.ts";
import { seek } from "../conversation/sought.ts";
import { chooseHere } from "../playback/choice.ts";
import { isEvaluation } from "../playback/evaluation.ts";
import { indexed, moment, seekTo } from "../playback/playback.ts";
import { showSession } from "../playback/shown-session.ts";
import { shownTab } from "../run/opening.ts";
import { keepPlace } from "../run/place.ts";
import { chooseLine } from "../steps/chosen.ts";
import { amend, go, route, type Tab } from "../ui/route.ts";
import type { FoundStep } from "./find-steps.ts";
import { hitTest } from "./hit-test.ts";
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
  showSession(step.sessionId);
  const line = indexed.peek()?.index.session(step.sessionId).table.toolLine(step.place);
  if (line === undefined || !chooseTest({ log: sessionLog(step.sessionId), line, at: step.startedAt }))
    seekTo(step.endedAt ?? step.startedAt);
  showIn(["conversation", "events"]);
}

export function chooseText(hit: TextHit): void {
  keepPlace();
  const sessionId = sessionOf(hit.log);
  if (!chooseTest(hit)) seekTo(hit.at);
  if (sessionId === null) return showIn(isEvaluation.peek() ? ["grading", "events"] : ["events", "details"]);
  showSession(sessionId);
  seek({ sessionId, line: hit.line, words: hit.text.slice(...hit.match) });
  if (shownTab.peek() !== "conversation") amend({ tab: "conversation" });
}

/**
 * In an evaluation goes to the test that a line is about, of the trace or of what was said; at this
 * moment, where it is known by now. False: it is about none.
 */
function chooseTest(found: Pick<TextHit, "log" | "line" | "at" | "attempt">): boolean {
  const index = indexed.peek()?.index;
  if (index === undefined || !isEvaluation.peek()) return false;
  const of = hitTest(index, found);
  if (of === null) return false;
  // What was said is known of a test once its result is.
  const at = of.at ?? found.at;
  if (at > moment.peek()) seekTo(at);
  chooseHere(index.trace.table.lineOf(of.step));
  return true;
}

/** Stays where it can be seen already; otherwise goes to the first of these tabs. */
function showIn(tabs: readonly [Tab, Tab]): void {
  if (!tabs.includes(shownTab.peek())) amend({ tab: tabs[0] });
}

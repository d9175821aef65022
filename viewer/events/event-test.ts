import { sessionOf, type LogName } from "../../src/protocol/log-ranges.ts";
import type { OutlineTest } from "../../src/protocol/outline.ts";
import { TESTS_SESSION } from "../../src/protocol/test-lines.ts";
import type { RunIndex } from "../playback/run-index.ts";
import type { LoggedEvent } from "./event-line.ts";

/** The attempt at a test that a line is about. */
export interface EventTest {
  /** Its place in the step table. */
  readonly step: number;
  readonly test: OutlineTest;
}

/** As far as it was known at `at`: what was said is known of a test once its result is. */
export function eventTest(
  { trace: { table } }: RunIndex,
  log: LogName,
  logged: LoggedEvent,
  line: number,
  at: number,
): EventTest | null {
  if (table.tests.isEmpty) return null;
  let step: number | null = null;
  if (logged.of === "trace") {
    const { attemptId } = logged.event;
    step = attemptId == null ? null : table.attemptNamed(attemptId);
    if (step !== null && table.lineOf(step) > line) return null;
  } else if (sessionOf(log) === TESTS_SESSION) {
    const told = table.tests.attemptOfTalk(line);
    step = told !== null && told.at <= at ? told.step : null;
  }
  const test = step === null ? null : table.tests.testOf(step);
  return step === null || test === null ? null : { step, test };
}

import { TESTS_SESSION } from "../../src/protocol/test-lines.ts";
import { type LogName, sessionOf } from "../../src/protocol/log-ranges.ts";
import type { OutlineTest } from "../../src/protocol/outline.ts";
import type { RunIndex } from "../playback/run-index.ts";

/** The attempt at a test that something found is of. */
export interface HitTest {
  /** Its place in the step table. */
  readonly step: number;
  /** When it was known that it is of this test, where that was later than it was said. */
  readonly at: number | null;
  readonly test: OutlineTest;
}

interface Place {
  readonly log: LogName;
  readonly line: number;
  /** Of the trace: the attempt that the line names. */
  readonly attempt?: string | undefined;
}

/** Null where it is of none, or nobody knows of which. */
export function hitTest({ trace: { table } }: RunIndex, { attempt, line, log }: Place): HitTest | null {
  const told = sessionOf(log) === TESTS_SESSION ? table.tests.attemptOfTalk(line) : null;
  const step = told?.step ?? (attempt === undefined ? null : table.attemptNamed(attempt));
  const test = step === null ? null : table.tests.testOf(step);
  return step === null || test === null ? null : { step, at: told?.at ?? null, test };
}

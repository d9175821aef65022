import type { RunState } from "../../src/protocol/bundle.ts";
import type { GraderResult } from "../../src/protocol/test-lines.ts";
import type { Part } from "../live/part.ts";
import type { Picture } from "../playback/picture.ts";
import type { RunIndex } from "../playback/run-index.ts";
import { graderOf } from "./grader-of.ts";

/** Verdicts of which nobody can say which test they are on. */
export interface LooseGradesView {
  /** How many were known. */
  readonly count: number;
  /** The newest of them, the newest last. */
  readonly shown: readonly LooseGrade[];
}

interface LooseGrade {
  readonly line: number;
  readonly at: number;
  readonly grader: GraderResult;
}

/** So many are drawn; the events have all. */
const MOST = 100;

export function looseGradesAt(run: RunState, index: RunIndex, at: number): Picture<LooseGradesView> {
  const { table, times } = index.trace;
  const { tests } = table;
  const count = tests.gradesBy(at);
  const first = Math.max(0, count - MOST);
  const lines = Array.from({ length: count - first }, (_, place) => tests.gradeLine(first + place));
  const parts = lines.map((line): Part => ({ log: "trace", from: line, to: line + 1 }));
  if (!lines.every((line) => run.trace.holds(line, line + 1))) return { value: null, isReady: false, parts };
  const shown = lines.flatMap((line) => {
    const event = run.trace.at(line);
    const grader = event === undefined ? null : graderOf(event);
    return grader === null ? [] : [{ line, at: times.at(line) ?? 0, grader }];
  });
  return { value: { count, shown }, isReady: true, parts };
}

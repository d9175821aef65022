import type { RunState } from "../../src/protocol/bundle.ts";
import type { Part } from "../live/part.ts";
import { attemptLines, type Span } from "../playback/attempt-lines.ts";
import type { Picture } from "../playback/picture.ts";
import type { RunIndex } from "../playback/run-index.ts";
import { addLine, type FileRow, type FilesView, inOrder } from "./files-at.ts";

/** The files that were known at `at` of the test with this place in the step table. */
export function testFilesAt(run: RunState, index: RunIndex, step: number, at: number): Picture<FilesView> {
  const attempt = attemptLines(run, index, step, at);
  // A producer may write the files when all is over: then they are told far from the result.
  const apart = index.trace.table.tests
    .filesLinesBy(step, at)
    .map((line): Part & Span => ({ log: "trace", from: line, to: line + 1 }));
  const parts = [...attempt.parts, ...apart];
  const spans = [...attempt.spans, ...apart];
  if (!attempt.isHeld || !apart.every(({ from, to }) => run.trace.holds(from, to)))
    return { value: null, isReady: false, parts };
  const whose = run.trace.at(spans[0]?.from ?? 0)?.attemptId ?? null;
  const rows = new Map<string, FileRow>();
  const lines = spans.flatMap(({ from, to }) => [...run.trace.entries(from, to)]);
  for (const [line, event] of lines.toReversed())
    if (event.attemptId === whose) addLine(rows, event, line, index.trace.times.at(line) ?? 0);
  // Whose they are need not be said of each.
  const shown = inOrder(rows).map((row) => ({ ...row, attempt: null, session: null }));
  return { value: { rows: shown, earlierThan: null }, isReady: true, parts };
}

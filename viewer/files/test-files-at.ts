import type { RunState } from "../../src/protocol/bundle.ts";
import { attemptLines } from "../playback/attempt-lines.ts";
import type { Picture } from "../playback/picture.ts";
import type { RunIndex } from "../playback/run-index.ts";
import { addLine, type FileRow, type FilesView, inOrder } from "./files-at.ts";

/** The files that were known at `at` of the test with this place in the step table. */
export function testFilesAt(run: RunState, index: RunIndex, step: number, at: number): Picture<FilesView> {
  const { isHeld, parts, spans } = attemptLines(run, index, step, at);
  if (!isHeld) return { value: null, isReady: false, parts };
  const whose = run.trace.at(spans[0]?.from ?? 0)?.attemptId ?? null;
  const rows = new Map<string, FileRow>();
  const lines = spans.flatMap(({ from, to }) => [...run.trace.entries(from, to)]);
  for (const [line, event] of lines.toReversed())
    if (event.attemptId === whose) addLine(rows, event, line, index.trace.times.at(line) ?? 0);
  // Whose they are need not be said of each.
  const shown = inOrder(rows).map((row) => ({ ...row, attempt: null, session: null }));
  return { value: { rows: shown, earlierThan: null }, isReady: true, parts };
}

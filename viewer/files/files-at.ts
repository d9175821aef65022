import type { RunState, TraceEvent } from "../../src/protocol/bundle.ts";
import { Log } from "../../src/protocol/log.ts";
import type { Part } from "../live/part.ts";
import type { Picture } from "../playback/picture.ts";
import type { RunIndex } from "../playback/run-index.ts";
import { artifactsOf, type Role } from "./artifact.ts";

/** A file that lines of the trace have named, as the newest of them does. */
export interface FileRow {
  readonly path: string;
  readonly mediaType: string | null;
  readonly bytes: number | null;
  /** What it is to whom: of the same content, all that was made of it. */
  readonly role: Role;
  /** What it is to a test, in its producer's word. */
  readonly label?: string | undefined;
  readonly attempt: string | null;
  readonly session: string | null;
  /** The earliest line that was read of whoever it is that named it, and its time. */
  readonly line: number;
  readonly at: number;
  /** The earliest line that was read of all that name it: from there on it is known. */
  readonly since: number;
}

export interface FilesView {
  /** In the order of their lines. */
  readonly rows: readonly FileRow[];
  /** The time of the first line that was looked through, where there are lines before it. */
  readonly earlierThan: number | null;
}

/** Lines that are looked through at a time: what one request brings. */
const PORTION_LINES = 8 * Log.PAGE;
/** They are looked through again whenever a line comes in; who wants earlier ones moves the playhead back. */
export const MOST_PORTIONS = 8;

/** The artifacts that the newest lines up to `at` name, `portions` times as many lines as at first, up to a bound. */
export function filesAt(run: RunState, index: RunIndex, at: number, portions: number): Picture<FilesView> {
  const { times } = index.trace;
  const known = times.knownAt(at);
  if (known === undefined) {
    const page = times.pageAt(at) * Log.PAGE;
    const parts = times.isExact ? [{ log: "trace", from: page, to: page + Log.PAGE }] : [];
    return { value: null, isReady: false, parts };
  }
  const first = Math.max(0, known - PORTION_LINES * Math.min(portions, MOST_PORTIONS));
  const from = first - (first % Log.PAGE);
  const parts: Part[] = [{ log: "trace", from, to: known }];
  if (!run.trace.holds(from, known)) return { value: null, isReady: false, parts };
  const rows = new Map<string, FileRow>();
  for (let line = known - 1; line >= from; line -= 1) {
    const event = run.trace.at(line);
    if (event !== undefined) addLine(rows, event, line, times.at(line) ?? 0);
  }
  return {
    value: { rows: inOrder(rows), earlierThan: from > 0 ? (times.at(from) ?? null) : null },
    isReady: true,
    parts,
  };
}

export function inOrder(rows: ReadonlyMap<string, FileRow>): readonly FileRow[] {
  return [...rows.values()].toSorted((left, right) => left.line - right.line);
}

/** Lines come newest first. A line that says what a file is for tells more than the one that says it was written. */
export function addLine(rows: Map<string, FileRow>, event: TraceEvent, line: number, at: number): void {
  const attempt = event.attemptId ?? event.nodeId ?? null;
  const session = event.sessionId ?? null;
  for (const { artifact, role, ...said } of artifactsOf(event)) {
    const row = rows.get(artifact.path);
    if (row === undefined) {
      rows.set(artifact.path, { ...artifact, ...said, role, attempt, session, line, at, since: line });
    } else if (row.attempt === attempt) {
      const isTold = row.role !== "written" || role === "written";
      rows.set(artifact.path, { ...row, role: isTold ? row.role : role, line, at, since: line });
    } else {
      rows.set(artifact.path, { ...row, since: line });
    }
  }
}

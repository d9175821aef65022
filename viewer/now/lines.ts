import { endedCall } from "../../src/protocol/ended-call.ts";
import type { NowRecord } from "../../src/protocol/now.ts";

/** What a line is of: everything that is told, but for a call's end, which is told on the call's line. */
export type LineRecord = Exclude<NowRecord, { type: "tool_result" }>;

export interface Line {
  readonly key: string;
  /** The how manieth line it is since the page was opened: those that came later have a larger one. */
  readonly nr: number;
  readonly at: number;
  readonly record: LineRecord;
}

/** So many lines are kept. */
export const MOST_LINES = 100;

/**
 * The lines once more has been told, the newest first. The same record may be told twice, by the stream
 * and on asking; what is told of a call that has ended already takes nothing back.
 */
export function withRecords(lines: readonly Line[], told: readonly NowRecord[]): readonly Line[] {
  const known = new Map(lines.map((line) => [line.key, line]));
  let nr = lines.reduce((most, line) => Math.max(most, line.nr), 0);
  let hasChanged = false;
  for (const record of told) {
    const key = keyOf(record);
    const before = known.get(key);
    const next = before === undefined ? firstOf(record) : laterOf(before.record, record);
    if (next === null || next === before?.record) continue;
    hasChanged = true;
    if (before === undefined) nr += 1;
    known.set(key, { key, nr: before?.nr ?? nr, at: Date.parse(next.payload.ts), record: next });
  }
  if (!hasChanged) return lines;
  return [...known.values()].sort((a, b) => b.at - a.at || b.nr - a.nr).slice(0, MOST_LINES);
}

/** What has become of lines, of which no news is one more. */
export function withEnds(lines: readonly Line[], told: readonly NowRecord[]): readonly Line[] {
  const own = new Set(lines.map(({ key }) => key));
  return withRecords(
    lines,
    told.filter((record) => own.has(keyOf(record))),
  );
}

/**
 * The same as `withRecords` where something may have been missed, and `told` is all that is known since: of
 * what went on before, and is not among it, nobody knows whether it still does.
 */
export function afterGap(lines: readonly Line[], told: readonly NowRecord[]): readonly Line[] {
  const known = new Set(told.map(keyOf));
  const next = withRecords(lines, told);
  const sure = next.filter(
    ({ key, record }) => record.type !== "tool_call" || hasEnded(record) || known.has(key),
  );
  return sure.length === next.length ? next : sure;
}

/** A call and its end have one line. */
function keyOf({ payload: { id, run_id }, type }: NowRecord): string {
  return `${type === "tool_result" ? "tool_call" : type} ${run_id} ${id}`;
}

/** An end whose call is not held has no line. */
function firstOf(record: NowRecord): LineRecord | null {
  return record.type === "tool_result" ? null : record;
}

function laterOf(before: LineRecord, record: NowRecord): LineRecord {
  if (before.type !== "tool_call") return before;
  if (record.type === "tool_call")
    return hasEnded(before) || before.payload.status === record.payload.status ? before : record;
  if (record.type !== "tool_result" || hasEnded(before)) return before;
  return endedCall(before, record);
}

function hasEnded({ payload }: Extract<LineRecord, { type: "tool_call" }>): boolean {
  return payload.status === "ok" || payload.status === "error";
}

import type { RunState, SessionEvent, TraceEvent } from "../../src/protocol/bundle.ts";
import { Log } from "../../src/protocol/log.ts";
import { type LogName, sessionLog } from "../../src/protocol/log-ranges.ts";
import type { Part } from "../live/part.ts";
import { newestFirst } from "../playback/newest-first.ts";
import type { PageTimes } from "../playback/page-times.ts";
import type { Picture } from "../playback/picture.ts";
import type { RunIndex } from "../playback/run-index.ts";

/** A line of any of the logs. `key` names it within the run. */
export type EventRow = { readonly key: string; readonly at: number } & (
  | { readonly of: "trace"; readonly event: TraceEvent }
  | { readonly of: "session"; readonly sessionId: string; readonly event: SessionEvent }
);

export interface EventsView {
  readonly rows: readonly EventRow[];
  readonly hasEarlier: boolean;
}

interface Source {
  readonly name: LogName;
  readonly log: Log<unknown>;
  readonly times: PageTimes;
  readonly row: (line: number, at: number) => EventRow | null;
}

/** However long a reader stays, no more rows are drawn for what they have before them. */
const MOST_HELD = 2000;

/**
 * The newest events up to `at`: of the trace and of all sessions, in one order.
 * At least `limit` of them, and back to the row `first`, if that is held.
 */
export function newestRows(
  run: RunState,
  index: RunIndex,
  at: number,
  limit: number,
  first: string | null = null,
): Picture<EventsView> {
  const sources = sourcesOf(run, index);
  const parts: Part[] = [];
  const lists: { source: Source; length: number; timeAt: (line: number) => number }[] = [];
  let isKnown = true;
  for (const source of sources) {
    const { name, times } = source;
    const known = times.knownAt(at);
    if (known !== undefined) {
      const timeAt = (line: number) => times.at(line) ?? Number.NaN;
      lists.push({ source, length: known, timeAt });
      continue;
    }
    isKnown = false;
    const page = times.pageAt(at);
    if (times.isExact) parts.push(pages(name, page - 1, page));
  }
  if (!isKnown) return { value: null, isReady: false, parts };

  const rows: EventRow[] = [];
  const reached = new Map<Source, number>();
  let isReady = true;
  let hasEarlier = false;
  let isHeld = first !== null;
  for (const { index: line, list } of newestFirst(lists)) {
    if (rows.length >= (isHeld ? Math.max(limit, MOST_HELD) : limit)) {
      hasEarlier = true;
      break;
    }
    const entry = lists[list];
    if (entry === undefined) break;
    const { log, name } = entry.source;
    reached.set(entry.source, line);
    // The line above is looked at next: its time decides whose turn it is.
    if (!log.holds(Math.max(0, line - 1), line + 1)) {
      isReady = false;
      const page = Math.floor(Math.max(0, line - 1) / Log.PAGE);
      parts.push(pages(name, page - 1, page + 1));
      break;
    }
    const row = entry.source.row(line, entry.timeAt(line));
    if (row !== null) rows.push(row);
    if (row?.key === first) isHeld = false;
  }
  for (const { length, source } of lists) {
    const from = reached.get(source);
    if (from !== undefined) parts.push({ log: source.name, from: Math.max(0, from - 1), to: length });
  }
  return { value: isReady ? { rows: rows.toReversed(), hasEarlier } : null, isReady, parts };
}

function pages(log: LogName, from: number, to: number): Part {
  return { log, from: Math.max(0, from) * Log.PAGE, to: (to + 1) * Log.PAGE };
}

function sourcesOf(run: RunState, index: RunIndex): Source[] {
  const { trace } = run;
  const sources: Source[] = [
    {
      name: "trace",
      log: trace,
      times: index.trace.times,
      row: (line, at) => {
        const event = trace.at(line);
        return event === undefined ? null : { key: `trace/${line}`, at, of: "trace", event };
      },
    },
  ];
  for (const { events, id } of Object.values(run.sessions)) {
    const name = sessionLog(id);
    const row = (line: number, at: number): EventRow | null => {
      const event = events.at(line);
      return event === undefined ? null : { key: `${name}/${line}`, at, of: "session", sessionId: id, event };
    };
    sources.push({ name, log: events, times: index.session(id).times, row });
  }
  return sources;
}

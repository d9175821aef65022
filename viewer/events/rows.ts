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

interface List {
  readonly source: Source;
  readonly length: number;
  readonly timeAt: (line: number) => number;
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
  const lists = sources.map((source) => listAt(source, at)).filter((list) => list !== null);
  // Most logs end before the moment and need no page to tell it. Of the others one page each does.
  if (lists.length < sources.length) return { value: null, isReady: false, parts: endsAt(sources, at) };

  const rows: EventRow[] = [];
  const reached = new Map<Source, number>();
  const missing = new Set<Source>();
  let taken = 0;
  let hasEarlier = false;
  let isHeld = first !== null;
  for (const { index: line, list } of newestFirst(lists)) {
    // Lines that are not held count, too: what lies below them all will not be shown.
    if (taken >= (isHeld ? Math.max(limit, MOST_HELD) : limit)) {
      hasEarlier = true;
      break;
    }
    const source = lists[list]?.source;
    if (source === undefined) break;
    reached.set(source, line);
    // The line above is looked at next: its time decides whose turn it is.
    if (!source.log.holds(Math.max(0, line - 1), line + 1)) missing.add(source);
    const row = source.row(line, source.times.at(line) ?? Number.NaN);
    if (row !== null) rows.push(row);
    if (row !== null || missing.has(source)) taken += 1;
    if (row?.key === first) isHeld = false;
  }
  const parts = lists.flatMap(({ length, source }): Part[] => {
    const from = reached.get(source);
    if (from === undefined) return [];
    // Where one page is missing the one above it will be wanted, too.
    const above = missing.has(source) ? Log.PAGE : 1;
    return [{ log: source.name, from: Math.max(0, from - above), to: length }];
  });
  const isReady = missing.size === 0;
  return { value: isReady ? { rows: rows.toReversed(), hasEarlier } : null, isReady, parts };
}

/** The lines of a log that were known; null while it is not known how many. */
function listAt(source: Source, at: number): List | null {
  const { times } = source;
  const length = times.knownAt(at);
  // A line of a page that is not held is no older than the page before: so it is not taken for a newer one than it is.
  const timeAt = (line: number) => times.at(line) ?? times.beforePage(line - (line % Log.PAGE));
  return length === undefined ? null : { source, length, timeAt };
}

/** The pages in which the known lines end, where that has to be read. */
function endsAt(sources: readonly Source[], at: number): Part[] {
  return sources
    .filter(({ times }) => times.isExact && times.knownAt(at) === undefined)
    .map(({ name, times }) => {
      const from = times.pageAt(at) * Log.PAGE;
      return { log: name, from, to: from + Log.PAGE };
    });
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

import type { RunState } from "../../src/protocol/bundle.ts";
import { Log } from "../../src/protocol/log.ts";
import { type LogName, sessionLog, sessionOf } from "../../src/protocol/log-ranges.ts";
import { shortId } from "../../src/protocol/outline.ts";
import { TESTS_SESSION } from "../../src/protocol/test-lines.ts";
import type { Part } from "../live/part.ts";
import { NOWHERE } from "../playback/columns.ts";
import { newestFirst } from "../playback/newest-first.ts";
import type { PageTimes } from "../playback/page-times.ts";
import type { Picture } from "../playback/picture.ts";
import type { RunIndex } from "../playback/run-index.ts";
import { type LoggedEvent, typeOf } from "./event-line.ts";
import { type EventRow, joinsAs, type LoggedLine } from "./event-row.ts";
import { eventTest } from "./event-test.ts";
import { type EventFilter, HEARTBEAT, isNarrow, judge, phraseOf } from "./filter.ts";
import { typesBy } from "./known-types.ts";
import { namelessCall } from "./message-text.ts";

export interface EventsView {
  readonly rows: readonly EventRow[];
  /** How many events they are made of. */
  readonly count: number;
  readonly hasEarlier: boolean;
  /** Of as many as these no more are shown at one moment: what is earlier is seen at an earlier one. */
  readonly isFull: boolean;
  /** When the oldest line that was looked at became known; null where none was. */
  readonly backTo: number | null;
  /** Heartbeats that were left out. */
  readonly heartbeats: number;
  /** How many lines of each type were looked at. */
  readonly types: ReadonlyMap<string, number>;
  /** Types that there are of, also where none was looked at. */
  readonly otherTypes: ReadonlySet<string>;
  readonly reach: Reach;
}

/** Of each log the first line that was looked at; none of the logs that are not in it. */
export type Reach = ReadonlyMap<LogName, number>;

/** How much of the events somebody wants. */
export interface Asked {
  /** So many of them, the newest ones. */
  readonly limit: number;
  /** The row that they reach back to, if it is not too far. */
  readonly first: string | null;
  readonly filter: EventFilter;
  /** Of an evaluation: only what is told of the attempt with this place in the step table, or of all. */
  readonly step?: number | null;
  /** So many lines are looked at for them. */
  readonly depth: number;
  /** No line before these. */
  readonly from?: Reach | null;
  /** Only lines before these. */
  readonly before?: Reach | null;
}

interface Source {
  readonly name: LogName;
  readonly log: Log<unknown>;
  readonly times: PageTimes;
  /** Null: a hole, or a line that is not held. */
  readonly read: (line: number) => LoggedEvent | null;
}

interface List {
  readonly source: Source;
  /** The line that it begins with. */
  readonly from: number;
  readonly length: number;
  readonly timeAt: (line: number) => number;
}

/** All of it is looked at whenever something comes in: so many rows, and so many lines that may be one. */
const MOST_ROWS = 4000;
const MOST_DEPTH = 32_768;
/** However long a reader stays, no more is kept below it for what they have before them. */
const MOST_HELD = 2000;
const MOST_DEPTH_HELD = 12_288;
/** Of lines that are not held nobody knows whether the filter leaves them: so many are fetched before it is asked again. */
const MOST_UNSEEN = 1024;
/** Parts of a message are a row together; of a portion they take up a little more than that. */
const PARTS_A_ROW = 8;
const NO_TYPES: ReadonlySet<string> = new Set();

/**
 * The newest events up to `at`, as far as the filter leaves them: of the trace and
 * of all sessions, in one order.
 */
export function newestRows(run: RunState, index: RunIndex, at: number, asked: Asked): Picture<EventsView> {
  const { filter, first } = asked;
  const step = asked.step ?? null;
  const limit = Math.min(asked.limit, MOST_ROWS);
  const depth = Math.min(asked.depth, MOST_DEPTH);
  const sources = sourcesOf(run, index);
  const lists = sources
    .map((source) => listAt(source, at, asked, step === null ? null : linesOfTest(source, index, step, at)))
    .filter((list) => list !== null);
  // Most logs end before the moment and need no page to tell it. Of the others one page each does.
  if (lists.length < sources.length) return { value: null, isReady: false, parts: endsAt(sources, at) };

  const phrase = phraseOf(filter);
  const mayBeRare = isNarrow(filter) || step !== null;
  const rows = new Rows();
  const types = new Map<string, number>();
  const reached = new Map<Source, number>();
  const missing = new Set<Source>();
  let heartbeats = 0;
  let unseen = 0;
  let looked = 0;
  let backTo: number | null = null;
  let hasEarlier = false;
  let isHeld = first !== null;
  for (const { index: place, list } of newestFirst(lists)) {
    // Lines that are not held count, too: what lies below them all will not be shown.
    const most = isHeld ? limit + MOST_HELD : limit;
    const furthest = isHeld ? depth + MOST_DEPTH_HELD : depth;
    const awaited = mayBeRare ? 0 : unseen;
    if (rows.weight + awaited >= most || looked >= furthest || unseen >= MOST_UNSEEN) {
      hasEarlier = true;
      break;
    }
    const within = lists[list];
    if (within === undefined) break;
    const { from, source } = within;
    const line = from + place;
    reached.set(source, line);
    looked += 1;
    // The line above is looked at next: its time decides whose turn it is.
    if (!source.log.holds(Math.max(from, line - 1), line + 1)) missing.add(source);
    const logged = source.read(line);
    if (logged === null) {
      if (missing.has(source)) unseen += 1;
      continue;
    }
    const time = source.times.at(line) ?? Number.NaN;
    if (Number.isFinite(time)) backTo = time;
    const test = eventTest(index, source.name, logged, line, at);
    if (step !== null && test?.step !== step) continue;
    const type = typeOf(logged);
    types.set(type, (types.get(type) ?? 0) + 1);
    const title = titleOf(index, logged, line);
    const verdict = judge(filter, phrase, logged, [title, test?.test.name].filter(Boolean).join("\n"));
    if (verdict === "heartbeat") heartbeats += 1;
    // Signs of life part nothing.
    if (verdict === "filtered" && type !== HEARTBEAT) rows.part();
    if (verdict !== "shown") continue;
    const key = `${source.name}/${line}`;
    rows.add({ key, at: time, title, test, ...logged });
    if (key === first) isHeld = false;
  }
  const parts = lists.flatMap(({ from, length, source }): Part[] => {
    const line = reached.get(source);
    if (line === undefined) return [];
    // Where one page is missing the one above it will be wanted, too.
    const above = missing.has(source) ? Log.PAGE : 1;
    return [{ log: source.name, from: Math.max(from, line - above), to: from + length }];
  });
  const isReady = missing.size === 0;
  const isFull = rows.weight >= MOST_ROWS || looked >= MOST_DEPTH;
  const otherTypes = step === null ? typesBy(index, at) : NO_TYPES;
  const { count } = rows;
  const ends = lists.map(({ from, length, source }) => [source, from + length] as const);
  const reach = new Map(
    ends.filter(([, end]) => end > 0).map(([source, end]) => [source.name, reached.get(source) ?? end]),
  );
  const value = {
    rows: rows.done(),
    count,
    hasEarlier,
    isFull,
    backTo,
    heartbeats,
    types,
    otherTypes,
    reach,
  };
  return { value: isReady ? value : null, isReady, parts };
}

/** Puts lines into rows, the newest first: what a message came in is one row. */
class Rows {
  readonly #rows: EventRow[] = [];
  /** The lines of the row that is being made, and what joins them. */
  #lines: LoggedLine[] = [];
  #joinedAs: string | null = null;
  count = 0;
  /** How much of a portion they make up. */
  weight = 0;

  add(line: LoggedLine): void {
    const joined = joinsAs(line);
    const joinsTo = joined === null ? null : `${line.test?.step ?? ""} ${joined}`;
    const isPart = joinsTo !== null && joinsTo === this.#joinedAs;
    if (!isPart) this.part();
    this.#lines.push(line);
    this.#joinedAs = joinsTo;
    this.count += 1;
    this.weight += isPart ? 1 / PARTS_A_ROW : 1;
  }

  /** What comes next is no part of what came. */
  part(): void {
    const [first, ...rest] = this.#lines.toReversed();
    if (first !== undefined) this.#rows.push({ first, rest });
    this.#lines = [];
    this.#joinedAs = null;
  }

  /** The oldest first. */
  done(): EventRow[] {
    this.part();
    return this.#rows.toReversed();
  }
}

function titleOf(index: RunIndex, logged: LoggedEvent, line: number): string | null {
  if (logged.of === "trace") return null;
  const call = namelessCall(logged.event.message);
  return call === null ? null : index.session(logged.sessionId).table.titleAt(shortId(call), line);
}

/** The lines of a log that were known, as far as they are asked for; null while it is not known how many. */
function listAt(
  source: Source,
  at: number,
  { before, from: floors }: Asked,
  within: readonly [from: number, to: number] | null,
): List | null {
  const { name, times } = source;
  const [first, last] = within ?? [0, Number.POSITIVE_INFINITY];
  const known = before === null || before === undefined ? times.knownAt(at) : (before.get(name) ?? 0);
  const end = known === undefined ? undefined : Math.min(known, last);
  const from = Math.max(floors?.get(name) ?? 0, first);
  // A line of a page that is not held is no older than the page before: so it is not taken for a newer one than it is.
  const timeOf = (line: number) => times.at(line) ?? times.beforePage(line - (line % Log.PAGE));
  const timeAt = (place: number) => timeOf(from + place);
  return end === undefined ? null : { source, from, length: Math.max(0, end - from), timeAt };
}

/** Where in a log it is told of one attempt at a test, among others: files that were told when all was over are left to their own list. */
function linesOfTest(
  { name }: Source,
  { trace: { table } }: RunIndex,
  step: number,
  at: number,
): readonly [from: number, to: number] {
  if (name === "trace") {
    const end = table.endLineBy(step, at);
    return [table.lineOf(step), end === NOWHERE ? Number.POSITIVE_INFINITY : end + 1];
  }
  return (sessionOf(name) === TESTS_SESSION ? table.tests.talkBy(step, at) : null) ?? [0, 0];
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
      read: (line) => {
        const event = trace.at(line);
        return event === undefined ? null : { of: "trace", event };
      },
    },
  ];
  for (const { events, id } of Object.values(run.sessions)) {
    const read = (line: number): LoggedEvent | null => {
      const event = events.at(line);
      return event === undefined ? null : { of: "session", sessionId: id, event };
    };
    sources.push({ name: sessionLog(id), log: events, times: index.session(id).times, read });
  }
  return sources;
}

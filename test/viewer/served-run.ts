import type { RunState, SessionEvent, TraceEvent } from "../../src/protocol/bundle.ts";
import { Log } from "../../src/protocol/log.ts";
import { type LogName, sessionOf, withEvents, withTrace } from "../../src/protocol/log-ranges.ts";
import { encodeRows } from "../../src/protocol/outline-wire.ts";
import { type OutlineRow, traceRow } from "../../src/protocol/outline.ts";
import type { Part } from "../../viewer/live/part.ts";
import { Older } from "../../viewer/playback/older.ts";
import type { Picture } from "../../viewer/playback/picture.ts";
import { RunIndex } from "../../viewer/playback/run-index.ts";
import { firstSessionRow } from "../helpers/first-session-row.ts";

/** A run as a server has it, whole, and a page that was sent the tails of its logs and asks for what it shows. */
export class ServedRun {
  readonly whole: RunState;
  run: RunState;
  readonly index = new RunIndex();
  /** The parts that were asked for. */
  readonly asked: Part[] = [];
  #older: Older | null = null;
  /** Of the whole run. */
  #complete: RunIndex | null = null;

  /** `tail` is how many lines of a log of so many are sent. */
  constructor(whole: RunState, tail: (length: number) => number) {
    this.whole = whole;
    this.run = changeLogs(whole, (log) => tailOf(log, tail(log.length)));
    this.index.extend(this.run);
  }

  /** Brings the times and outlines of what was not sent. */
  async learn(): Promise<void> {
    let isDone = () => {};
    const done = new Promise<void>((resolve) => (isDone = resolve));
    const isWhole = () =>
      this.index.trace.isWhole &&
      Object.keys(this.run.sessions).every((id) => this.index.session(id).isWhole);
    if (isWhole()) return;
    this.#older = new Older(this.index, {
      times: (log) =>
        Promise.resolve({ kind: "good", value: { ends: this.#ends(log), ...this.#quiet(log) } }),
      outline: (log, from) => {
        const rows = this.#rows(log);
        const next = from + 50 < rows.length ? from + 50 : null;
        const blocks = [encodeRows(rows.slice(from, from + 50))];
        // As it comes off the wire.
        const value = { blocks, lines: rows.length, next };
        return Promise.resolve({ kind: "good", value: JSON.parse(JSON.stringify(value)) });
      },
      breathe: () => Promise.resolve(),
      wait: () => Promise.resolve(),
      changed: () => {
        if (isWhole()) isDone();
      },
      failed: () => {},
    });
    this.#older.follow(this.run);
    await done;
  }

  /** Brings the times alone, of these logs or of all: outlines take longer. */
  learnTimes(logs?: readonly LogName[]): void {
    for (const [log, times] of this.index.times())
      if (logs?.includes(log) ?? true) times.learn(this.#ends(log));
  }

  /** The picture once all parts it rests on were fetched. */
  bring<Value>(draw: () => Picture<Value>): Value {
    for (let turns = 0; turns < 20; turns += 1) {
      const picture = draw();
      for (const part of picture.parts) this.#fill(part);
      if (!picture.isReady) continue;
      if (picture.value === null) break;
      return picture.value;
    }
    throw new Error("The picture does not get ready.");
  }

  fill(part: Part): void {
    this.#fill(part);
  }

  holds(name: LogName, page: number): boolean {
    const id = sessionOf(name);
    const log = id === null ? this.run.trace : this.run.sessions[id]?.events;
    return log?.holds(page * Log.PAGE, (page + 1) * Log.PAGE) ?? true;
  }

  /** Lets go of everything but the pages that grow. */
  release(): void {
    this.run = changeLogs(this.run, (log) => log.release(() => false));
    this.index.extend(this.run);
  }

  #fill(part: Part): void {
    const id = sessionOf(part.log);
    const from = Math.floor(part.from / Log.PAGE) * Log.PAGE;
    const to = Math.ceil(part.to / Log.PAGE) * Log.PAGE;
    this.asked.push(part);
    this.run =
      id === null
        ? withTrace(this.run, (log) => log.fill(from, linesOf(this.whole.trace, from, to)))
        : withEvents(this.run, id, (log) =>
            log.fill(from, linesOf(this.whole.sessions[id]?.events ?? Log.empty(), from, to)),
          );
    this.index.extend(this.run);
  }

  #ends(name: LogName): (number | null)[] {
    const times = timesOf(this.#log(name));
    return Array.from({ length: Math.floor(times.length / Log.PAGE) }, (_, page) => {
      const end = times[(page + 1) * Log.PAGE - 1] ?? Number.NEGATIVE_INFINITY;
      return Number.isFinite(end) ? end : null;
    });
  }

  #quiet(name: LogName) {
    const id = sessionOf(name);
    if (this.#complete === null) {
      this.#complete = new RunIndex();
      this.#complete.extend(this.whole);
    }
    const index = id === null ? this.#complete.trace : this.#complete.session(id);
    const { first, last, quiet } = index.quiet.told;
    return { quiet: quiet.map(([from, to]): [number, number] => [from, to]), first, last };
  }

  #rows(name: LogName): OutlineRow[] {
    const id = sessionOf(name);
    const times = timesOf(this.#log(name));
    const at = (line: number) => times[line] ?? Number.NEGATIVE_INFINITY;
    const rows: (OutlineRow | null)[] = [];
    if (id === null)
      for (const [line, event] of this.whole.trace.entries(0, times.length))
        rows.push(traceRow(event, line, at(line)));
    else
      for (const [line, event] of this.whole.sessions[id]?.events.entries(0, times.length) ?? [])
        rows.push(firstSessionRow(event, line, at(line)));
    return rows.filter((row) => row !== null);
  }

  #log(name: LogName): Log<TraceEvent | SessionEvent> {
    const id = sessionOf(name);
    return id === null ? this.whole.trace : (this.whole.sessions[id]?.events ?? Log.empty());
  }
}

/** When each line was known. */
function timesOf(log: Log<{ readonly at: string }>): number[] {
  let latest = Number.NEGATIVE_INFINITY;
  return Array.from({ length: log.length }, (_, line) => {
    const time = Date.parse(log.at(line)?.at ?? "");
    if (time > latest) latest = time;
    return latest;
  });
}

function changeLogs(run: RunState, change: <Entry>(log: Log<Entry>) => Log<Entry>): RunState {
  let next = withTrace(run, change);
  for (const id of Object.keys(run.sessions)) next = withEvents(next, id, change);
  return next;
}

function tailOf<Entry>(log: Log<Entry>, lines: number): Log<Entry> {
  const from = Math.floor(Math.max(0, log.length - lines) / Log.PAGE) * Log.PAGE;
  return Log.tail<Entry>(from, linesOf(log, from, log.length));
}

function linesOf<Entry>(log: Log<Entry>, from: number, to: number): (Entry | null)[] {
  return Array.from(
    { length: Math.min(to, log.length) - from },
    (_, offset) => log.at(from + offset) ?? null,
  );
}

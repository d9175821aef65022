import { setImmediate as breath } from "node:timers/promises";
import * as v from "valibot";
import type { TraceEvent } from "../protocol/bundle.ts";
import { Log } from "../protocol/log.ts";
import { TraceRange } from "../protocol/log-ranges.ts";
import type { OpenRun } from "../store/run-stores.ts";

/** So many older lines are fetched at a time. */
const AT_ONCE = 4 * Log.PAGE;

/** Lines that follow one another, of one page; undefined is a hole. */
export interface Lines {
  readonly kind: "lines";
  readonly from: number;
  readonly entries: readonly (TraceEvent | undefined)[];
}

export type NextLines =
  | Lines
  /** All there are have been given; the run's topic tells of more. */
  | { readonly kind: "none" }
  /** The run was written anew: what is known of its lines fits no more. */
  | { readonly kind: "anew" }
  /** The run is gone, or nobody can read it any longer. */
  | { readonly kind: "gone" };

/**
 * Reads the trace of an open run in order, a page at a time: from the state what
 * it holds, and the rest by ranges. It holds no more than one range at a time,
 * however long the run is.
 */
export class TraceLines {
  readonly #run: OpenRun;
  readonly #epoch: string;
  #next: number;
  #older: Lines | undefined;

  /** Goes on at line `from`. */
  constructor(run: OpenRun, from: number) {
    this.#run = run;
    this.#epoch = run.topic.epoch;
    this.#next = from;
  }

  async next(): Promise<NextLines> {
    const lines = this.#held() ?? (await this.#fetched()) ?? this.#lost() ?? { kind: "none" };
    if (lines.kind === "lines") this.#next += lines.entries.length;
    return lines;
  }

  #lost(): NextLines | undefined {
    const { topic } = this.#run;
    if (topic.hasEnded) return { kind: "gone" };
    return topic.epoch === this.#epoch ? undefined : { kind: "anew" };
  }

  /** What can be told without reading. Undefined: the lines are not held. */
  #held(): NextLines | undefined {
    const lost = this.#lost();
    if (lost !== undefined) return lost;
    const { trace } = this.#run.topic.state;
    const from = this.#next;
    if (from >= trace.length) return { kind: "none" };
    const to = Math.min(pageEnd(from), trace.length);
    if (!trace.holds(from, to)) return this.#olderHeld(from, to);
    this.#older = undefined;
    return {
      kind: "lines",
      from,
      entries: Array.from({ length: to - from }, (_, at) => trace.at(from + at)),
    };
  }

  #olderHeld(from: number, to: number): Lines | undefined {
    if (this.#older === undefined) return undefined;
    const start = from - this.#older.from;
    const entries = this.#older.entries.slice(start, start + to - from);
    return start < 0 || entries.length === 0 ? undefined : { kind: "lines", from, entries };
  }

  async #fetched(): Promise<NextLines | undefined> {
    const from = Math.floor(this.#next / Log.PAGE) * Log.PAGE;
    const json = await this.#run.parts.range("trace", from, from + AT_ONCE);
    // A log in memory answers at once: others want their turn too.
    await breath();
    if (json === undefined || this.#lost() !== undefined) return undefined;
    const range = v.parse(TraceRange, JSON.parse(json));
    this.#older = {
      kind: "lines",
      from: range.from,
      entries: range.entries.map((entry) => entry ?? undefined),
    };
    return this.#olderHeld(this.#next, pageEnd(this.#next));
  }
}

function pageEnd(line: number): number {
  return (Math.floor(line / Log.PAGE) + 1) * Log.PAGE;
}

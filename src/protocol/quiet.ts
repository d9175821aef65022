import type { TraceEvent } from "./bundle.ts";

/**
 * Quiet spells: stretches in which a log was not written, but for heartbeats.
 * They follow from the lines of the log alone. The server finds those of the
 * lines that only lie on disk, the page those of the lines it holds, and both
 * agree, because both use this.
 */

/** From a line to the next one, in ms since the epoch. */
export type Spell = readonly [from: number, to: number];

/** What is longer is a quiet spell. */
export const QUIET_MS = 10_000;

/** What a writer says only to show that it is there. */
export function isHeartbeat(event: TraceEvent): boolean {
  return event.type === "node_heartbeat";
}

/** When a log, or a part of it, was quiet. */
export interface LogQuiet {
  readonly quiet: readonly Spell[];
  /** When the first and the last of them were written that are no heartbeats; null if there is none. */
  readonly first: number | null;
  readonly last: number | null;
}

/** The quiet spells of one log. A line counts as written no earlier than any line before it. */
export class QuietSpells {
  #spells: Spell[] = [];
  #first: number | null = null;
  #last: number | null = null;

  /** One more line, and no heartbeat. A time nobody knows says nothing. */
  write(time: number): void {
    if (!Number.isFinite(time)) return;
    const at = Math.max(time, this.#last ?? time);
    if (this.#last !== null && at - this.#last > QUIET_MS) this.#spells.push([this.#last, at]);
    this.#first ??= at;
    this.#last = at;
  }

  /**
   * What lies before the first line that was told, and perhaps more of the log;
   * `base` is the newest time there, a heartbeat's too.
   */
  learn({ first, last, quiet }: LogQuiet, base: number): void {
    const spells = [...quiet];
    const add = (from: number, to: number) => {
      const isNew = from >= (spells.at(-1)?.[1] ?? Number.NEGATIVE_INFINITY);
      if (isNew && to - from > QUIET_MS) spells.push([from, to]);
    };
    if (this.#first !== null && last !== null) add(last, Math.max(this.#first, base));
    for (const [from, to] of this.#spells) add(Math.max(from, base), to);
    this.#spells = spells;
    if (this.#first !== null) this.#first = Math.max(this.#first, base);
    if (this.#last !== null) this.#last = Math.max(this.#last, base, last ?? base);
    this.#first = first ?? this.#first;
    this.#last ??= last;
  }

  /** All that is known. */
  get told(): LogQuiet {
    return { quiet: this.#spells, first: this.#first, last: this.#last };
  }
}

/**
 * When all of these logs were quiet for long, between `from` and `to`. One that
 * has not begun is quiet, and so is one to which nothing more is written.
 */
export function quietTogether(logs: Iterable<LogQuiet>, from: number, to: number): Spell[] {
  let together: Spell[] = to - from > QUIET_MS ? [[from, to]] : [];
  for (const { first, last, quiet } of logs) {
    if (first === null || last === null) continue;
    together = overlaps(together, [
      [Number.NEGATIVE_INFINITY, first],
      ...quiet,
      [last, Number.POSITIVE_INFINITY],
    ]);
  }
  return together;
}

/** The parts that two lists of spells share, if they are long; both are in order. */
function overlaps(left: readonly Spell[], right: readonly Spell[]): Spell[] {
  const shared: Spell[] = [];
  for (let one = 0, other = 0; one < left.length && other < right.length;) {
    const [leftFrom, leftTo] = left[one]!;
    const [rightFrom, rightTo] = right[other]!;
    const [from, to] = [Math.max(leftFrom, rightFrom), Math.min(leftTo, rightTo)];
    if (to - from > QUIET_MS) shared.push([from, to]);
    if (leftTo < rightTo) one += 1;
    else other += 1;
  }
  return shared;
}

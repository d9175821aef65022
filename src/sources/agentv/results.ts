import type { Tally, TestState } from "../../protocol/tally.ts";
import { TallyCounts } from "../../protocol/tally-counts.ts";
import { type IndexRow, isFinal, type RowHead, testOf } from "./row.ts";

/** A result that was not known before. */
export interface Result {
  readonly row: IndexRow;
  readonly test: string;
  /** The how manieth result of its test, from 1. */
  readonly number: number;
  readonly state: TestState;
}

export interface News {
  readonly fresh: readonly Result[];
  /** Known in their live form; now their rows are final, and name files. */
  readonly finalised: readonly Result[];
}

/**
 * The results of a run, each once. A row is known by its test and its time: so what
 * AgentV writes again at the end, in another form and order, is nothing new, and
 * what is missing while it does so is not lost. Another result of a test is another
 * attempt, and the last one counts.
 *
 * A row that is known but says otherwise counts as another attempt too: what the
 * files say in the end is right.
 */
export class Results {
  /** From this score on a test has passed. */
  readonly threshold: number;
  readonly #known = new Map<
    string,
    { readonly state: TestState; readonly number: number; isFinal: boolean }
  >();
  readonly #newest = new Map<string, { readonly number: number; readonly state: TestState }>();
  readonly #counts = new TallyCounts();
  #oldestStart = Number.POSITIVE_INFINITY;
  #newestAt: string | null = null;

  constructor(threshold: number) {
    this.threshold = threshold;
  }

  /** How many results there are, those that no longer count too. */
  get count(): number {
    return this.#known.size;
  }

  /** Test cases that have a result. */
  get done(): number {
    return this.#newest.size;
  }

  get newestAt(): string | null {
    return this.#newestAt;
  }

  /** When the first test began, as far as the rows tell; ms since the epoch. */
  get oldestStart(): number | null {
    return Number.isFinite(this.#oldestStart) ? this.#oldestStart : null;
  }

  tally(planned: number): Tally {
    return this.#counts.tally(planned);
  }

  has(row: RowHead): boolean {
    return this.#known.has(identityOf(row));
  }

  /**
   * Takes the rows of one look, and gives what is new in the order in which it was written: live
   * rows are in it, and the final ones are by their times. So who comes later finds the order of
   * who watched, while the run goes on and when it is over. Over only with one exception: a row
   * that was written after a row of a later time, by a millisecond or so, because two tests ended
   * together, or because AgentV 5 lost it until the end, is among the final rows at its own time.
   */
  take(rows: readonly IndexRow[]): News {
    const fresh: Result[] = [];
    const finalised: Result[] = [];
    for (const row of inOrder(rows)) {
      const identity = identityOf(row);
      const state = stateOf(row, this.threshold);
      const known = this.#known.get(identity);
      const test = testOf(row);
      if (known?.state === state) {
        if (isFinal(row) && !known.isFinal) finalised.push({ row, test, number: known.number, state });
        known.isFinal ||= isFinal(row);
        continue;
      }
      const before = this.#newest.get(test);
      const number = (before?.number ?? 0) + 1;
      this.#known.set(identity, { state, number, isFinal: isFinal(row) });
      this.#newest.set(test, { number, state });
      this.#counts.move(before?.state, state);
      if (this.#newestAt === null || row.timestamp > this.#newestAt) this.#newestAt = row.timestamp;
      this.#oldestStart = Math.min(this.#oldestStart, Date.parse(row.timestamp) - (row.duration_ms ?? 0));
      fresh.push({ row, test, number, state });
    }
    return { fresh, finalised };
  }
}

function stateOf({ execution_status, score }: RowHead, threshold: number): TestState {
  if (execution_status === "execution_error") return "error";
  if (execution_status === "skipped") return "skipped";
  return (score ?? 0) >= threshold ? "passed" : "failed";
}

/** By its test and its time a row is known again, wherever it stands. */
export function identityOf(row: Pick<RowHead, "suite" | "target" | "test_id" | "timestamp">): string {
  return `${row.timestamp} ${testOf(row)}`;
}

interface Timed {
  readonly row: IndexRow;
  readonly test: string;
  readonly at: string;
}

/**
 * Live rows as the file has them, for so they were written, and so they were told to who watched; those
 * that follow one another with one time by their names, for these come in one look. Final rows by time,
 * for they are in another order; but of one test they stay as the file has them, too, since its last
 * one counts.
 */
function inOrder(rows: readonly IndexRow[]): IndexRow[] {
  const latest = new Map<string, string>();
  /** Of one time each. */
  const live: Timed[][] = [];
  const final: Timed[] = [];
  for (const row of rows) {
    const test = testOf(row);
    const at = later(row.timestamp, latest.get(test));
    latest.set(test, at);
    const together = live.at(-1);
    const before = together?.[0];
    if (isFinal(row)) final.push({ row, test, at });
    else if (before?.row.timestamp === row.timestamp) together?.push({ row, test, at: before.at });
    else live.push([{ row, test, at: later(at, before?.at) }]);
  }
  const byName = live.flatMap((rows) => rows.toSorted((left, right) => compare(left.test, right.test)));
  final.sort((left, right) => compare(left.at, right.at) || compare(left.test, right.test));
  return [...merged(byName, final)];
}

/** Both are in the order of time; what stands live beside final rows is of an earlier life. */
function* merged(live: readonly Timed[], final: readonly Timed[]): Iterable<IndexRow> {
  let next = 0;
  for (const { at, row } of final) {
    for (let each = live[next]; each !== undefined && each.at <= at; each = live[next]) {
      yield each.row;
      next += 1;
    }
    yield row;
  }
  for (const { row } of live.slice(next)) yield row;
}

function later(time: string, other = ""): string {
  return other > time ? other : time;
}

function compare(left: string, right: string): number {
  return left < right ? -1 : left > right ? 1 : 0;
}

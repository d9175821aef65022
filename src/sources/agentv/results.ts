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
   * Takes the rows of one look, and gives what is new in the order of time: rows of
   * one time by their names. A reader who comes when all is over so finds the same
   * order as one who watched: a result is written as soon as it is there. The two differ
   * only where a row came after a later one and a look fell between them: two tests ended
   * within a millisecond or so, or AgentV 5 lost a row until the end.
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

/** By time; but of one test the rows stay as the file has them, since its last one counts. */
function inOrder(rows: readonly IndexRow[]): IndexRow[] {
  const latest = new Map<string, string>();
  const timed = rows.map((row) => {
    const test = testOf(row);
    const before = latest.get(test) ?? "";
    const at = before > row.timestamp ? before : row.timestamp;
    latest.set(test, at);
    return { row, test, at };
  });
  return timed
    .toSorted((left, right) => compare(left.at, right.at) || compare(left.test, right.test))
    .map(({ row }) => row);
}

function compare(left: string, right: string): number {
  return left < right ? -1 : left > right ? 1 : 0;
}

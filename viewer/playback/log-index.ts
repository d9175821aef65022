import type { Log } from "../../src/protocol/log.ts";
import { type LogQuiet, QuietSpells } from "../../src/protocol/quiet.ts";
import { PageTimes } from "./page-times.ts";

interface Stamped {
  readonly at: string;
}

interface Row {
  readonly line: number;
  readonly at: number;
}

interface Table<R> {
  add(row: R): void;
}

/** What the lines of a log are, to its index. */
interface LineKind<Entry, R, T> {
  readonly rowsOf: (entry: Entry, line: number, at: number) => readonly R[];
  readonly isHeartbeat: (entry: Entry) => boolean;
  readonly makeTable: () => T;
}

/**
 * What the page works out from one log: when its lines were known, and the table
 * of its outline. It is carried on as the log grows, at the cost of the new
 * lines. What lies before the first line that was held comes later, from the
 * server; the table is then made anew, in slices, and takes the place of the one
 * there was.
 */
export class LogIndex<Entry extends Stamped, R extends Row, T extends Table<R>> {
  readonly times = new PageTimes();
  readonly quiet = new QuietSpells();
  readonly #kind: LineKind<Entry, R, T>;
  #table: T;
  #isWhole = false;
  #rows = 0;
  /** The rows made here, for as long as older ones are awaited. */
  #own: R[] = [];

  constructor(kind: LineKind<Entry, R, T>) {
    this.#kind = kind;
    this.#table = kind.makeTable();
  }

  /** The outline of all lines, or until it `isWhole` of those since the first that was held. */
  get table(): T {
    return this.#table;
  }

  /** Counts the rows that were taken in: as long as it is the same, so is the table. */
  get known(): number {
    return this.#rows;
  }

  get isWhole(): boolean {
    return this.#isWhole;
  }

  extend(log: Log<Entry>): void {
    if (this.times.length === 0) this.#isWhole = log.heldFrom === 0;
    this.times.extend(log, (entry, line, at) => {
      if (entry === undefined) return;
      if (!this.#kind.isHeartbeat(entry)) this.quiet.write(at);
      for (const row of this.#kind.rowsOf(entry, line, at)) {
        this.#table.add(row);
        this.#rows += 1;
        if (!this.#isWhole) this.#own.push(row);
      }
    });
  }

  /** Takes in when the lines before the first that was held were known, and when they were quiet. */
  learn(ends: readonly (number | null)[], older: LogQuiet): void {
    this.times.learn(ends);
    this.quiet.learn(older, this.times.base);
  }

  /** Takes in the rows of the lines before the first that was held, portion by portion; `breathe` lets other work go on. */
  async complete(portions: AsyncIterable<readonly R[]>, breathe: () => Promise<void>): Promise<void> {
    const table = this.#kind.makeTable();
    for await (const rows of portions) {
      for (let from = 0; from < rows.length; from += SLICE) {
        for (const row of rows.slice(from, from + SLICE)) if (row.line < this.times.from) table.add(row);
        await breathe();
      }
    }
    const { base } = this.times;
    // Rows made meanwhile stand at the end of the same list.
    for (let from = 0; from < this.#own.length; from += SLICE) {
      if (from > 0) await breathe();
      for (const row of this.#own.slice(from, from + SLICE))
        table.add(row.at < base ? { ...row, at: base } : row);
    }
    this.#own = [];
    this.#table = table;
    this.#rows += 1;
    this.#isWhole = true;
  }
}

/** Rows that are taken in at a time: a few milliseconds. */
const SLICE = 4000;

import { createHash } from "node:crypto";
import type { Clock } from "../../clock.ts";
import type { BundleFile } from "../bundle-file.ts";
import { type LineProblem, malformed, tooLong } from "../line-problem.ts";
import { parseJson } from "../parse-json.ts";
import { Tail, type TailItem } from "../tail.ts";
import { type IndexRow, RowHead } from "./row.ts";

/** So many times a read begins anew when the file is written under it. */
const MOST_TRIES = 8;
/** So many bad lines are known again. */
const MOST_KNOWN = 1_000;
/** A run of more results is none that anybody waited for; what is past them is not taken in. */
const MOST_ROWS = 100_000;

export interface IndexLook {
  /** What is new since the last look; of a file that was written anew, all there is. */
  readonly rows: readonly IndexRow[];
  /** The file was written anew: these are its rows from the first on. */
  readonly isAnew: boolean;
  /** Ms since the epoch; 0 while it is not there. */
  readonly modifiedAt: number;
  readonly readAgainIn?: number;
}

/** What is told of a line: that it is no row, or that a part of it was passed over. */
export type RowProblem = LineProblem & { readonly isRow: boolean };

/**
 * The rows of an index, as it grows: the head of each, and where it stands. AgentV
 * truncates the file in place at the end and writes it anew; a reader sees it cut
 * anywhere, or empty. That costs nothing: whoever takes the rows knows them again, so
 * the file is simply read from its start at once.
 */
export class IndexRows {
  readonly #file: BundleFile;
  readonly #clock: Clock;
  readonly #report: (problem: RowProblem) => void;
  readonly #told = new Set<string>();
  #tail: Tail;
  #size = 0;
  /** Of the file as it is now. */
  #count = 0;

  constructor(file: BundleFile, clock: Clock, report: (problem: RowProblem) => void) {
    this.#file = file;
    this.#clock = clock;
    this.#report = report;
    this.#tail = new Tail(file, clock);
  }

  /** Throws OutsideRunError when what is there is no file of the run. */
  async read(): Promise<IndexLook> {
    const size = (await this.#file.stat())?.size ?? 0;
    let isAnew = size < this.#size;
    if (isAnew) this.#begin();
    this.#size = size;
    const rows: IndexRow[] = [];
    for (let tries = 0; tries < MOST_TRIES; tries += 1) {
      const result = await this.#tail.read((line) => this.#line(line, rows));
      switch (result.kind) {
        case "missing":
          return { rows, isAnew, modifiedAt: 0 };
        case "read": {
          const { modifiedAt, readAgainIn } = result;
          return readAgainIn === undefined
            ? { rows, isAnew, modifiedAt }
            : { rows, isAnew, modifiedAt, readAgainIn };
        }
        case "rewritten":
          isAnew = true;
          rows.length = 0;
          this.#begin();
      }
    }
    // It is written faster than it is read; another look will find it at rest.
    return { rows, isAnew, modifiedAt: this.#clock.now(), readAgainIn: 20 };
  }

  #begin(): void {
    this.#tail = new Tail(this.#file, this.#clock);
    this.#count = 0;
  }

  #line(line: TailItem, rows: IndexRow[]): void {
    const { end, offset } = line;
    if (line.kind === "blank") return;
    this.#count += 1;
    if (this.#count > MOST_ROWS) {
      const message = `A run of more than ${MOST_ROWS} results is not taken in whole.`;
      return this.#tell("rows", { kind: "refused", offset, bytes: 0, message, isRow: true });
    }
    if (line.kind === "too_long")
      return this.#tell(`${line.bytes} bytes`, { ...tooLong(offset, line.bytes), isRow: false });
    const parsed = parseJson(line.text, RowHead);
    if (parsed.kind === "bad")
      return this.#tell(line.text, { ...malformed(offset, line.text, parsed.message), isRow: false });
    rows.push({ ...parsed.value, offset, bytes: end - offset });
    for (const name of parsed.value.odd)
      this.#tell(`${name} ${line.text}`, {
        ...malformed(offset, line.text, `has no amount as its ${name}.`),
        isRow: true,
      });
  }

  /** A bad line that is met again, because the file was written anew, is told once. */
  #tell(text: string, problem: RowProblem): void {
    const known = createHash("sha1").update(text).digest("base64");
    if (this.#told.has(known)) return;
    if (this.#told.size < MOST_KNOWN) this.#told.add(known);
    this.#report(problem);
  }
}

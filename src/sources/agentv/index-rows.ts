import { createHash } from "node:crypto";
import type * as v from "valibot";
import type { Clock } from "../../clock.ts";
import type { BundleFile } from "../bundle-file.ts";
import { type LineProblem, malformed, tooLong } from "../line-problem.ts";
import { parseJson } from "../parse-json.ts";
import { Tail, type TailItem } from "../tail.ts";

/** So many times a read begins anew when the file is written under it. */
const MOST_TRIES = 8;
/** So many bad lines are known again. */
const MOST_KNOWN = 1_000;

export interface IndexLook<Item> {
  /** What is new since the last look; of a file that was written anew, all there is. */
  readonly rows: readonly Item[];
  /** The file was written anew: these are its rows from the first on. */
  readonly isAnew: boolean;
  /** Ms since the epoch; 0 while it is not there. */
  readonly modifiedAt: number;
  readonly readAgainIn?: number;
}

/**
 * The rows of an index, as it grows. AgentV truncates it in place at the end and
 * writes it anew; a reader sees it cut anywhere, or empty. That costs nothing: whoever
 * takes the rows knows them again, so the file is simply read from its start at once.
 */
export class IndexRows<Item> {
  readonly #file: BundleFile;
  readonly #schema: v.GenericSchema<unknown, Item>;
  readonly #clock: Clock;
  readonly #report: (problem: LineProblem) => void;
  readonly #bad = new Set<string>();
  #tail: Tail;
  #size = 0;

  constructor(
    file: BundleFile,
    schema: v.GenericSchema<unknown, Item>,
    clock: Clock,
    report: (problem: LineProblem) => void,
  ) {
    this.#file = file;
    this.#schema = schema;
    this.#clock = clock;
    this.#report = report;
    this.#tail = new Tail(file, clock);
  }

  /** Throws OutsideRunError when what is there is no file of the run. */
  async read(): Promise<IndexLook<Item>> {
    const size = (await this.#file.stat())?.size ?? 0;
    let isAnew = size < this.#size;
    if (isAnew) this.#tail = new Tail(this.#file, this.#clock);
    this.#size = size;
    const rows: Item[] = [];
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
          this.#tail = new Tail(this.#file, this.#clock);
      }
    }
    // It is written faster than it is read; another look will find it at rest.
    return { rows, isAnew, modifiedAt: this.#clock.now(), readAgainIn: 20 };
  }

  #line(line: TailItem, rows: Item[]): void {
    const { offset } = line;
    if (line.kind === "blank") return;
    if (line.kind === "too_long") return this.#tell(`${line.bytes} bytes`, tooLong(offset, line.bytes));
    const parsed = parseJson(line.text, this.#schema);
    if (parsed.kind === "good") rows.push(parsed.value);
    else this.#tell(line.text, malformed(offset, line.text, parsed.message));
  }

  /** A bad line that is met again, because the file was written anew, is told once. */
  #tell(text: string, problem: LineProblem): void {
    const known = createHash("sha1").update(text).digest("base64");
    if (this.#bad.has(known)) return;
    if (this.#bad.size < MOST_KNOWN) this.#bad.add(known);
    this.#report(problem);
  }
}

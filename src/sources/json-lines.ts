import type * as v from "valibot";
import type { Clock } from "../clock.ts";
import { type LineProblem, malformed, tooLong } from "./line-problem.ts";
import { parseJson } from "./parse-json.ts";
import type { BundleFile } from "./bundle-file.ts";
import { Tail, type TailItem, type TailResult } from "./tail.ts";

/**
 * A followed file of JSON lines: each line passes the schema and is given on.
 * A line that does not is reported and passed over; the next one counts again.
 */
export class JsonLines<Item> {
  readonly #tail: Tail;
  readonly #schema: v.GenericSchema<unknown, Item>;
  readonly #take: (item: Item) => void;
  readonly #report: (problem: LineProblem) => void;

  constructor(
    file: BundleFile,
    schema: v.GenericSchema<unknown, Item>,
    clock: Clock,
    take: (item: Item) => void,
    report: (problem: LineProblem) => void,
  ) {
    this.#tail = new Tail(file, clock);
    this.#schema = schema;
    this.#take = take;
    this.#report = report;
  }

  read(): Promise<TailResult> {
    return this.#tail.read((line) => this.#line(line));
  }

  #line(line: TailItem): void {
    const { offset } = line;
    if (line.kind === "blank") return;
    if (line.kind === "too_long") return this.#report(tooLong(offset, line.bytes));
    const parsed = parseJson(line.text, this.#schema);
    if (parsed.kind === "good") return this.#take(parsed.value);
    this.#report(malformed(offset, line.text, parsed.message));
  }
}

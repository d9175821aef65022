import type * as v from "valibot";
import type { Clock } from "../clock.ts";
import type { ReadProblem } from "../protocol/bundle.ts";
import { parseJson } from "./parse-json.ts";
import type { BundleFile } from "./bundle-file.ts";
import { MAX_LINE_BYTES, Tail, type TailItem, type TailResult } from "./tail.ts";

/** What a problem is, before the reader adds which file it is in. */
type LineProblem = Omit<ReadProblem, "file">;

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
    if (line.kind === "too_long") {
      const limit = `${MAX_LINE_BYTES / 1024 / 1024} MiB`;
      const message = `The line is longer than ${limit} and was passed over.`;
      this.#report({ kind: "too_long", offset, bytes: line.bytes, message });
      return;
    }
    const parsed = parseJson(line.text, this.#schema);
    if (parsed.kind === "good") return this.#take(parsed.value);
    const message = `The line ${parsed.message}`;
    this.#report({ kind: "malformed", offset, bytes: Buffer.byteLength(line.text), message });
  }
}

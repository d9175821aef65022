import * as v from "valibot";
import type { Clock } from "../clock.ts";
import type { ReadProblem } from "../protocol/bundle.ts";
import { messageOf } from "./file-errors.ts";
import { MAX_LINE_BYTES, Tail, type TailItem, type TailResult } from "./tail.ts";

/** What a problem is, before the reader adds which file it is in. */
export type LineProblem = Omit<ReadProblem, "file">;

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
    path: string,
    schema: v.GenericSchema<unknown, Item>,
    clock: Clock,
    take: (item: Item) => void,
    report: (problem: LineProblem) => void,
  ) {
    this.#tail = new Tail(path, clock);
    this.#schema = schema;
    this.#take = take;
    this.#report = report;
  }

  read(): Promise<TailResult> {
    return this.#tail.read((line) => this.#line(line));
  }

  #line(line: TailItem): void {
    if (line.kind === "too_long") {
      const limit = `${MAX_LINE_BYTES / 1024 / 1024} MiB`;
      const message = `The line is longer than ${limit} and was passed over.`;
      this.#report({ kind: "too_long", offset: line.offset, bytes: line.bytes, message });
      return;
    }
    const bytes = Buffer.byteLength(line.text);
    let value: unknown;
    try {
      value = JSON.parse(line.text);
    } catch (error) {
      const message = `The line is not JSON: ${messageOf(error)}`;
      this.#report({ kind: "malformed", offset: line.offset, bytes, message });
      return;
    }
    const parsed = v.safeParse(this.#schema, value);
    if (parsed.success) {
      this.#take(parsed.output);
      return;
    }
    const message = `The line is not what it should be: ${describeIssues(parsed.issues)}`;
    this.#report({ kind: "malformed", offset: line.offset, bytes, message });
  }
}

export function describeIssues(issues: readonly v.BaseIssue<unknown>[]): string {
  const [first] = issues;
  if (first === undefined) return "it does not fit its schema";
  const where = v.getDotPath(first);
  return where === null ? first.message : `${where}: ${first.message}`;
}

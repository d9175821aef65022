import * as v from "valibot";
import type { Clock } from "../../clock.ts";
import type { BundleFile } from "../bundle-file.ts";
import { type LineProblem, malformed, tooLong } from "../line-problem.ts";
import { parseJson } from "../parse-json.ts";
import { Tail, type TailItem, type TailResult } from "../tail.ts";

/** A line of a session's file: whatever object it is. */
export const SomeRecord = v.custom<Record<string, unknown>>(
  (value) => typeof value === "object" && value !== null && !Array.isArray(value),
  "Expected an object",
);
export type SomeRecord = v.InferOutput<typeof SomeRecord>;

export interface RecordListener {
  /** `line` counts from 0, with those that cannot be read. */
  take(record: SomeRecord, line: number): void;
  report(problem: LineProblem): void;
}

/** The records of a followed file, with the numbers of their lines. */
export class RecordLines {
  readonly #tail: Tail;
  readonly #listener: RecordListener;
  #lines = 0;

  constructor(file: BundleFile, clock: Clock, listener: RecordListener) {
    this.#tail = new Tail(file, clock);
    this.#listener = listener;
  }

  /** So many bytes have been read. */
  get offset(): number {
    return this.#tail.offset;
  }

  /** Stops soon after `most` bytes. */
  read(most: number): Promise<TailResult> {
    return this.#tail.read((item) => this.#line(item), { most });
  }

  #line(item: TailItem): void {
    const line = this.#lines;
    this.#lines += 1;
    if (item.kind === "blank") return;
    const { offset } = item;
    if (item.kind === "too_long") return this.#listener.report(tooLong(offset, item.bytes));
    const parsed = parseJson(item.text, SomeRecord);
    if (parsed.kind === "good") return this.#listener.take(parsed.value, line);
    this.#listener.report(malformed(offset, item.text, parsed.message));
  }
}

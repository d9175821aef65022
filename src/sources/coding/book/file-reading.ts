import * as v from "valibot";
import { BundleFile } from "../../bundle-file.ts";
import { parseJson } from "../../parse-json.ts";
import { Tail, type TailItem } from "../../tail.ts";
import type { Fact, FactReader } from "../fact.ts";
import type { SessionFile } from "../format.ts";
import { Impatience } from "../../impatience.ts";

/** Up to its end, then once more for nothing new, and then for a last line that has no newline. */
const MOST_READS = 4;

/** `end` is where in the file the record of these facts ends. */
export type TakeFacts = (facts: readonly Fact[], end: number) => void;

/** One file, from its start and on as it grows, as facts. A last line counts at once if it is a whole record. */
export class FileReading {
  readonly #tail: Tail;
  readonly #facts: FactReader;
  #lines = 0;
  #offset = 0;

  /** Throws OutsideRunError for a name that leads out of its folder. */
  constructor({ dir, name }: SessionFile, facts: FactReader) {
    this.#tail = new Tail(new BundleFile(dir, name), new Impatience());
    this.#facts = facts;
  }

  /** Where the lines that were read end, in bytes. */
  get offset(): number {
    return this.#offset;
  }

  async read(take: TakeFacts, pace?: () => Promise<void>): Promise<"missing" | "read" | "rewritten"> {
    for (let count = 0; count < MOST_READS; count += 1) {
      const result = await this.#tail.read((item) => this.#take(item, take), { pace });
      if (result.kind !== "read") return result.kind;
      if (result.readAgainIn === undefined) break;
    }
    return "read";
  }

  #take(item: TailItem, take: TakeFacts): void {
    const line = this.#lines;
    this.#lines += 1;
    this.#offset = item.end;
    if (item.kind !== "line") return;
    const record = parse(item.text);
    if (record !== undefined) take(this.#facts.take(record, line), item.end);
  }
}

/** Undefined: it is no JSON, or none that a session's page would read. */
export function parse(text: string): unknown {
  const parsed = parseJson(text, v.unknown());
  return parsed.kind === "good" ? parsed.value : undefined;
}

import { Log } from "../protocol/log.ts";
import type { Found } from "../protocol/found.ts";
import { MAX_RANGE_LINES } from "../protocol/log-ranges.ts";
import { QuietSpells } from "../protocol/quiet.ts";
import { blockBefore, FindInLines } from "./find-in-lines.ts";
import { OutlineRows } from "./outline-rows.ts";
import { PageIndex } from "./page-index.ts";
import type { LineKind } from "./paged-lines.ts";
import { LinePages } from "./line-pages.ts";

/**
 * A log whose lines are on no disk: they were made of what a producer wrote. They
 * are kept as JSON, outside the heap, so that only the end of the log need be in the
 * state, and its older parts are there for who asks, as those of `PagedLines` are.
 */
export class TranslatedLog<Item> {
  readonly #kind: LineKind<Item>;
  /** How many logs share the room of a snapshot. */
  readonly #logs: () => number;
  readonly #lines = new LinePages();
  readonly #index = new PageIndex(0, [0]);
  readonly #rows = new OutlineRows();
  readonly #quiet = new QuietSpells();
  #newest = Number.NEGATIVE_INFINITY;

  constructor(kind: LineKind<Item>, logs: () => number) {
    this.#kind = kind;
    this.#logs = logs;
  }

  get length(): number {
    return this.#lines.length;
  }

  /** So much it takes. */
  get bytes(): number {
    return this.#index.bytes;
  }

  add(item: Item): void {
    const offset = this.#index.bytes;
    const line = this.#index.add(offset, offset + this.#lines.push(JSON.stringify(item)));
    const at = Date.parse(this.#kind.stampOf(item));
    if (!Number.isNaN(at)) {
      this.#index.stamp(line, at);
      this.#newest = Math.max(this.#newest, at);
    }
    if (!this.#kind.isHeartbeat(item)) this.#quiet.write(this.#newest);
    for (const row of this.#kind.rowsOf(item, line, this.#newest)) this.#rows.push(row);
  }

  windowFrom(): number {
    return this.#index.windowFrom(this.#logs());
  }

  /** The lines as JSON values, from `from` on. */
  *from(from: number): Iterable<unknown> {
    for (const line of this.#lines.each(from, this.length)) yield JSON.parse(line.toString());
  }

  range(from: number, to: number): string {
    const first = Math.floor(from / Log.PAGE) * Log.PAGE;
    const end = Math.min(to, first + MAX_RANGE_LINES, this.#index.fullPages * Log.PAGE);
    return `{"from":${first},"entries":[${this.#lines.joined(first, end)}]}`;
  }

  times(): string {
    return JSON.stringify({ ends: this.#index.ends(), ...this.#quiet.told });
  }

  outline(fromRow: number): string {
    const { json, next } = this.#rows.from(fromRow);
    return `{"blocks":[${json}],"lines":${this.length},"next":${String(next)}}`;
  }

  find(query: string, before: number | null): Found {
    const block = blockBefore(this.#index, before);
    const newest = this.#index.newestBefore(block.lead / Log.PAGE);
    const finding = new FindInLines(this.#kind, query, block, newest);
    for (const line of this.#lines.each(block.lead, block.last)) finding.take(line);
    return finding.found();
  }
}

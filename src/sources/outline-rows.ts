import type { OutlineRow } from "../protocol/outline.ts";
import { encodeRows } from "../protocol/outline-wire.ts";

/** Rows a block: what one answer is made of. */
const BLOCK = 512;
/** Blocks one answer holds at most. */
const BLOCKS_AT_ONCE = 16;

/**
 * The rows of a log's outline, in the order of their lines. Full blocks are kept
 * as the bytes they are sent as: a run of 100,000 steps has some 300,000 rows.
 */
export class OutlineRows {
  readonly #blocks: Buffer[] = [];
  #open: OutlineRow[] = [];
  /** Who waits for so many full blocks. */
  #waiting: { readonly blocks: number; readonly resolve: () => void }[] = [];

  push(row: OutlineRow): void {
    this.#open.push(row);
    if (this.#open.length < BLOCK) return;
    this.#blocks.push(encode(this.#open));
    this.#open = [];
    if (this.#waiting.length === 0) return;
    const [enough, more] = partition(this.#waiting, ({ blocks }) => blocks <= this.#blocks.length);
    this.#waiting = more;
    for (const { resolve } of enough) resolve();
  }

  /** Resolves once there is a whole answer from row `from` on. */
  whole(from: number): Promise<void> {
    const blocks = Math.floor(from / BLOCK) + BLOCKS_AT_ONCE;
    if (blocks <= this.#blocks.length) return Promise.resolve();
    return new Promise((resolve) => {
      this.#waiting.push({ blocks, resolve });
    });
  }

  /** The blocks from row `from` on, as many as one answer holds, as JSON without its brackets. */
  from(from: number): { json: string; next: number | null } {
    const first = Math.min(Math.floor(from / BLOCK), this.#blocks.length);
    const last = first + BLOCKS_AT_ONCE;
    const parts = this.#blocks.slice(first, last).map((block) => block.toString());
    if (last <= this.#blocks.length) return { json: parts.join(","), next: last * BLOCK };
    if (this.#open.length > 0) parts.push(encode(this.#open).toString());
    return { json: parts.join(","), next: null };
  }
}

function partition<Item>(items: readonly Item[], isFirst: (item: Item) => boolean): [Item[], Item[]] {
  return [items.filter(isFirst), items.filter((item) => !isFirst(item))];
}

function encode(rows: readonly OutlineRow[]): Buffer {
  return Buffer.from(JSON.stringify(encodeRows(rows)));
}

import type { RunSummary } from "../protocol/bundle.ts";
import { newestFirst } from "../protocol/run-order.ts";

/** Where a run's line stood and where it stands now; -1 is nowhere. */
export interface Placement {
  readonly before: RunSummary | undefined;
  readonly from: number;
  readonly to: number;
}

/**
 * Lines of runs by their id, and in order, newest first. A change costs a binary
 * search and the moving of one array's elements, however many there are.
 */
export class OrderedRuns {
  readonly #byId = new Map<string, RunSummary>();
  readonly #all: RunSummary[] = [];

  get size(): number {
    return this.#all.length;
  }

  /** All of them in order. It changes with every change; who keeps it makes a copy. */
  get all(): readonly RunSummary[] {
    return this.#all;
  }

  get(id: string): RunSummary | undefined {
    return this.#byId.get(id);
  }

  put(summary: RunSummary): Placement {
    const before = this.#byId.get(summary.runId);
    this.#byId.set(summary.runId, summary);
    const from = before === undefined ? -1 : this.placeOf(before);
    if (before !== undefined && newestFirst(before, summary) === 0) {
      this.#all[from] = summary;
      return { before, from, to: from };
    }
    if (before !== undefined) this.#all.splice(from, 1);
    const to = this.placeOf(summary);
    this.#all.splice(to, 0, summary);
    return { before, from, to };
  }

  remove(id: string): Placement {
    const before = this.#byId.get(id);
    if (before === undefined) return { before, from: -1, to: -1 };
    const from = this.placeOf(before);
    this.#byId.delete(id);
    this.#all.splice(from, 1);
    return { before, from, to: -1 };
  }

  /** The place of this line, or the one that it would have. */
  placeOf(summary: RunSummary): number {
    let [low, high] = [0, this.#all.length];
    while (low < high) {
      const middle = (low + high) >>> 1;
      const other = this.#all[middle];
      if (other !== undefined && newestFirst(other, summary) < 0) low = middle + 1;
      else high = middle;
    }
    return low;
  }
}

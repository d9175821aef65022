import type { StepsView } from "../playback/as-of.ts";
import type { StepTable } from "../playback/step-table.ts";
import { comparison, type Order } from "./order.ts";
import { newestRow, newestRows, type ResultRow } from "../playback/test-rows.ts";

/** What the rows follow from. */
interface Known {
  readonly table: StepTable;
  readonly changes: number;
  readonly isMoving: boolean;
  readonly order: Order;
}

/** With more changes than this share of the rows, all are made anew. */
const MANY = 0.25;

/**
 * The newest row of each test case, in an order. They follow from the moment
 * alone; carried from one moment to another, on or back, they cost what changed
 * between the two, and those that did not change stay the same objects.
 */
export class SortedRows {
  #known: Known | null = null;
  #byCase = new Map<number, ResultRow>();
  #sorted: readonly ResultRow[] = [];

  at(steps: StepsView, isMoving: boolean, order: Order): readonly ResultRow[] {
    const { table } = steps;
    const before = this.#known;
    const changes = table.tests.changesBy(steps.at);
    this.#known = { table, changes, isMoving, order };
    const isSame = before?.table === table && before.isMoving === isMoving;
    if (!isSame || Math.abs(changes - before.changes) > MANY * this.#byCase.size) this.#make(steps);
    else if (before.order !== order) {
      this.#update(steps, before.changes);
      this.#sorted = this.#sorted.toSorted(comparison(order));
    } else if (before.changes !== changes) this.#update(steps, before.changes);
    return this.#sorted;
  }

  #make(steps: StepsView): void {
    if (this.#known === null) return;
    const { isMoving, order } = this.#known;
    const rows = newestRows(steps, isMoving);
    this.#byCase = new Map(rows.map((row) => [row.node, row]));
    this.#sorted = rows.sort(comparison(order));
  }

  /** Puts what changed since, or until, so many changes in its place. */
  #update(steps: StepsView, before: number): void {
    if (this.#known === null) return;
    const { changes, isMoving, order, table } = this.#known;
    const touched = new Set<number>();
    for (let change = Math.min(before, changes); change < Math.max(before, changes); change += 1)
      touched.add(table.nodeCode(table.tests.changedBy(change)));
    const fresh: ResultRow[] = [];
    for (const node of touched) {
      const row = newestRow(steps, node, isMoving);
      if (row === null) this.#byCase.delete(node);
      else {
        this.#byCase.set(node, row);
        fresh.push(row);
      }
    }
    const compare = comparison(order);
    fresh.sort(compare);
    const rows: ResultRow[] = [];
    let next = 0;
    for (const row of this.#sorted) {
      if (touched.has(row.node)) continue;
      for (let put = fresh[next]; put !== undefined && compare(put, row) < 0; put = fresh[next]) {
        rows.push(put);
        next += 1;
      }
      rows.push(row);
    }
    this.#sorted = [...rows, ...fresh.slice(next)];
  }
}

import { addUsage, NO_USAGE, totalTokens, type Usage } from "../protocol/usage.ts";

/** What usage is added up by. */
export interface RowName {
  readonly source: string;
  readonly project: string;
  readonly model: string;
}

/** Usage by source, project and model. */
export class RowSums {
  readonly #rows = new Map<number, Usage>();

  get rows(): ReadonlyMap<number, Usage> {
    return this.#rows;
  }

  add(row: number, usage: Usage): void {
    const sum = addUsage(this.#rows.get(row) ?? NO_USAGE, usage);
    // All of it was taken back, but for what floating point leaves.
    if (totalTokens(sum) === 0) this.#rows.delete(row);
    else this.#rows.set(row, sum);
  }

  addAll({ rows }: RowSums): void {
    for (const [row, usage] of rows) this.add(row, usage);
  }
}

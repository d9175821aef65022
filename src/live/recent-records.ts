import type { NowRecord } from "../protocol/now.ts";

const MOST_RECENT = 100;

/** The newest records, by their time; of the same time in the order in which they came. */
export class RecentRecords {
  readonly #records: { readonly at: number; readonly record: NowRecord }[] = [];

  get all(): readonly NowRecord[] {
    return this.#records.map(({ record }) => record);
  }

  put(record: NowRecord): void {
    const at = Date.parse(record.payload.ts);
    let place = this.#records.length;
    while (place > 0 && (this.#records[place - 1]?.at ?? at) > at) place -= 1;
    this.#records.splice(place, 0, { at, record });
    if (this.#records.length > MOST_RECENT) this.#records.shift();
  }
}

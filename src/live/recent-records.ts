import { endedCall } from "../protocol/ended-call.ts";
import type { NowRecord } from "../protocol/now.ts";

const MOST_RECENT = 100;

/**
 * The newest records, by their time; of the same time in the order in which they came. A call and its end
 * are one, so that they are as many lines to who reads them; an end stands by itself where its call is not held.
 */
export class RecentRecords {
  readonly #records: { readonly at: number; record: NowRecord }[] = [];

  get all(): readonly NowRecord[] {
    return this.#records.map(({ record }) => record);
  }

  put(record: NowRecord): void {
    if (record.type === "tool_result" && this.#end(record)) return;
    const at = Date.parse(record.payload.ts);
    let place = this.#records.length;
    while (place > 0 && (this.#records[place - 1]?.at ?? at) > at) place -= 1;
    this.#records.splice(place, 0, { at, record });
    if (this.#records.length > MOST_RECENT) this.#records.shift();
  }

  /** False: its call is not held. */
  #end(result: Extract<NowRecord, { type: "tool_result" }>): boolean {
    const { id, run_id } = result.payload;
    for (const held of this.#records) {
      const { record } = held;
      if (record.type !== "tool_call" || record.payload.id !== id || record.payload.run_id !== run_id)
        continue;
      held.record = endedCall(record, result);
      return true;
    }
    return false;
  }
}

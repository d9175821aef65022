import type { LiveStats, NowRecord } from "../protocol/now.ts";
import { EventRing } from "./event-ring.ts";
import { RecentRecords } from "./recent-records.ts";

/**
 * The records of what happens now over all runs, each once: in the ring what came since the server
 * began, for who listens, and the most recent ones besides, for who comes.
 */
export class NowFeed {
  readonly ring = new EventRing();
  readonly #recent = new RecentRecords();
  readonly #listeners = new Set<() => void>();
  readonly #watermarks = { event: 0, tool_call: 0 };

  /** The most recent records, the oldest first. */
  get recent(): readonly NowRecord[] {
    return this.#recent.all;
  }

  /** The ids of the last answer and the last tool call that were told. */
  get watermarks(): LiveStats["watermarks"] {
    const { event, tool_call } = this.#watermarks;
    return { event: this.ring.idOf(event), tool_call: this.ring.idOf(tool_call) };
  }

  /** Calls `listener` after something was put into the ring; gives back the way to stop it. */
  onRecord(listener: () => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  /** They are from before, and nobody is told of them. */
  remember(records: readonly NowRecord[]): void {
    for (const record of records) this.#recent.put(record);
  }

  tell(records: readonly NowRecord[]): void {
    if (records.length === 0) return;
    this.remember(records);
    for (const { payload, type } of records) {
      this.ring.push(`event: ${type}\ndata: ${JSON.stringify({ type, ts: payload.ts, payload })}\n\n`);
      if (type === "event" || type === "tool_call") this.#watermarks[type] = this.ring.newest;
    }
    for (const listener of this.#listeners) listener();
  }
}

import type { RunSummary } from "../../src/protocol/bundle.ts";
import { liveEdge, observe, type RunClock } from "../playback/run-clock.ts";

/**
 * How long evaluations go on already, by the rule of their own pages: one that was young when it was
 * first seen happens now, however long nothing is written since.
 */
export class RowClocks {
  readonly #clocks = new Map<string, RunClock | null>();

  elapsed({ runId, startedAt, status, updatedAt }: RunSummary, now: number): number {
    const newest = Date.parse(updatedAt);
    const clock = observe(this.#clocks.get(runId) ?? null, newest, now, true);
    this.#clocks.set(runId, clock);
    return Math.max(0, liveEdge(status, clock, newest, now) - Date.parse(startedAt));
  }
}

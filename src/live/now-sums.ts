import type { Burn, LiveStats, ToolLatency, UsageDay } from "../protocol/now.ts";

/**
 * What the page of what happens now asks of the sums. `now` is ms since the epoch, `zone` the IANA name of a
 * zone that there is.
 */
export interface NowSums {
  burn(now: number, zone: string): Burn;
  /** Of today, the costliest first. */
  shares(
    now: number,
    zone: string,
  ): { readonly projects: LiveStats["by_project"]; readonly models: LiveStats["by_model"] };
  latency(now: number): readonly ToolLatency[];
  planLimits(): LiveStats["plan_limits"];
  /** Days "2026-11-20", both counted in. */
  history(zone: string, from: string, to: string): readonly UsageDay[];
  /** Null: all files have been read. */
  readonly progress: LiveStats["reading"];
}

import type { Burn, LiveStats, ToolLatency, UsageDay } from "../protocol/now.ts";

/**
 * What the page of what happens now asks of the sums. `now` is ms since the epoch, `zone` the IANA name of a
 * zone that there is, a day is written "2026-11-20".
 */
export interface NowSums {
  burn(now: number, zone: string): Burn;
  /** Of today, the costliest first. */
  shares(
    now: number,
    zone: string,
  ): { readonly projects: LiveStats["by_project"]; readonly models: LiveStats["by_model"] };
  latency(now: number): ToolLatency[];
  planLimits(): LiveStats["plan_limits"];
  /** Both days counted in. */
  history(zone: string, from: string, to: string): Promise<UsageDay[]>;
  /** Sessions that were counted, of all; null: all were. */
  readonly progress: LiveStats["reading"];
}

import type { Burn, LiveStats, ToolLatency, UsageDay } from "../protocol/now.ts";
import type { CalendarDay, Zone } from "../sums/zone.ts";

/** What the page of what happens now asks of the sums, as of this moment. */
export interface NowSums {
  burn(zone: Zone): Burn;
  /** Of today, the costliest first. */
  shares(zone: Zone): Pick<LiveStats, "by_project" | "by_model">;
  latency(): ToolLatency[];
  planLimits(): LiveStats["plan_limits"];
  /** Both days counted in. */
  history(zone: Zone, from: CalendarDay, to: CalendarDay): UsageDay[];
}

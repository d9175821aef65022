import type { NowSums } from "../../src/live/now-sums.ts";

/** Nothing was used. */
export const NO_SUMS: NowSums = {
  burn: () => ({
    window_minutes: 5,
    window_cost: 0,
    per_minute: 0,
    per_hour: 0,
    today_cost: 0,
    month_to_date: 0,
    projected_month_end: 0,
    ts: new Date(0).toISOString(),
    unpriced_tokens: 0,
    window_unpriced_tokens: 0,
    month_unpriced_tokens: 0,
    series: Array.from({ length: 60 }, () => 0),
  }),
  shares: () => ({ projects: [], models: [] }),
  latency: () => [],
  planLimits: () => [],
  history: async () => [],
  progress: null,
};

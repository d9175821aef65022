import type { LiveStats, ToolLatency } from "../../src/protocol/now.ts";
import { wholeNumber } from "../ui/format.ts";
import { seconds } from "./figures.ts";

export interface LatencyRow {
  readonly tool: string;
  readonly p50: string;
  readonly p95: string;
  readonly p99: string;
  readonly count: string;
  readonly series: ToolLatency["series"];
}

/** The tools that were called most first. */
export function latencyRows(told: LiveStats["tool_latency"]): readonly LatencyRow[] {
  return [...told]
    .sort((a, b) => b.samples - a.samples || a.tool_name.localeCompare(b.tool_name))
    .map(({ p50, p95, p99, samples, series, tool_name }) => ({
      tool: tool_name,
      p50: seconds(p50),
      p95: seconds(p95),
      p99: seconds(p99),
      count: wholeNumber(samples),
      series,
    }));
}

import type { RunSummary } from "./bundle.ts";
import { isTerminal } from "./status.ts";

const HOUR_MS = 3_600_000;
/** After so long between two turns hardly anybody sits before it. */
const CALM_MS = 600_000;

/** Is it happening, or was it just now? What fell silent long ago is not, though nobody wrote its end. */
export function isLive(run: RunSummary, now: number): boolean {
  if (isTerminal(run.status) || run.status === "unknown") return false;
  if (run.status === "idle") return now - Date.parse(run.updatedAt) < CALM_MS;
  return run.status !== "stalled" || now - Date.parse(run.stalledSince ?? run.updatedAt) < HOUR_MS;
}

/** Is something happening in it? In a session between two turns nothing is. */
export function isActive(run: RunSummary, now: number): boolean {
  return run.status !== "idle" && isLive(run, now);
}

import type { RunSummary } from "./bundle.ts";
import { isTerminal } from "./status.ts";

const HOUR_MS = 3_600_000;

/** Is it happening? What fell silent long ago is not, though nobody wrote its end. */
export function isLive(run: RunSummary, now: number): boolean {
  if (isTerminal(run.status) || run.status === "unknown") return false;
  return run.status !== "stalled" || now - Date.parse(run.stalledSince ?? run.updatedAt) < HOUR_MS;
}

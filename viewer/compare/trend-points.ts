import type { RunSummary } from "../../src/protocol/bundle.ts";
import { isTerminal } from "../../src/protocol/status.ts";
import { variantOf } from "./variant.ts";

/** What a run of an evaluation came to, as its line in the list says. */
export interface TrendPoint {
  readonly runId: string;
  readonly startedAt: number;
  /** What it was made with, mostly a model; null where its line does not tell. */
  readonly variant: string | null;
  /** 0 to 1; null while nothing was rated. */
  readonly passRate: number | null;
  readonly passed: number;
  readonly failed: number;
  readonly errors: number;
  /** Null where it is not known, and while it runs. */
  readonly tookMs: number | null;
  readonly isOver: boolean;
}

/** The oldest first, as charts are read. Of one that goes on, how far it has come. */
export function trendOf(runs: readonly RunSummary[]): TrendPoint[] {
  const points: TrendPoint[] = [];
  for (const run of runs) {
    const { finishedAt, runId, startedAt, status, tally } = run;
    if (tally === undefined) continue;
    const began = Date.parse(startedAt);
    const took = Date.parse(finishedAt ?? "") - began;
    const { errors, failed, passed, passRate } = tally;
    points.unshift({
      runId,
      startedAt: began,
      variant: variantOf(run),
      passRate,
      passed,
      failed,
      errors,
      tookMs: Number.isFinite(took) && took >= 0 ? took : null,
      isOver: isTerminal(status),
    });
  }
  return points;
}

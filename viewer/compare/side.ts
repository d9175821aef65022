import type { RunState } from "../../src/protocol/bundle.ts";
import { isTerminal } from "../../src/protocol/status.ts";
import { type Tally, tallyOf } from "../../src/protocol/tally.ts";
import { endOf } from "../playback/as-of.ts";
import { newestOf, type RunIndex, startOf } from "../playback/run-index.ts";
import { newestRows, type ResultRow } from "../playback/test-rows.ts";

/** What is compared of a test: how its newest attempt came out. */
export type TestAt = Pick<
  ResultRow,
  | "line"
  | "name"
  | "suite"
  | "target"
  | "isBaseline"
  | "state"
  | "score"
  | "durationMs"
  | "tokens"
  | "costUsd"
  | "error"
>;

/** One of the two runs that are compared, as of its newest moment. */
export interface Side {
  readonly tests: readonly TestAt[];
  readonly tally: Tally;
  /** From its start to its end, or to the newest moment of one that goes on. */
  readonly tookMs: number | null;
  readonly isOver: boolean;
}

export function sideOf(run: RunState, index: RunIndex): Side {
  const { table } = index.trace;
  const endedAt = endOf(run, index);
  const took = (endedAt ?? newestOf(run, index)) - startOf(run, index);
  return {
    tests: newestRows({ table, count: table.count, at: Number.POSITIVE_INFINITY, endedAt }, endedAt === null),
    tally: run.tally ?? tallyOf([], 0),
    tookMs: Number.isFinite(took) ? Math.max(0, took) : null,
    isOver: isTerminal(run.status),
  };
}

import type { RunsState, RunSummary } from "../../src/protocol/bundle.ts";
import { MOST_IN_PORTION, MOST_SEARCH_CHARS } from "../../src/protocol/portion.ts";
import { newestFirst } from "../../src/protocol/run-order.ts";
import type { AskPortion } from "../live/ask-portion.ts";

/** Which evaluation a run is of. */
export interface EvaluationName {
  readonly source: string;
  readonly flowName: string;
}

/** Questions to the server for older runs: an evaluation that is not found by then has few. */
const MOST_PORTIONS = 4;

export function isEvaluation(run: RunSummary): boolean {
  return run.tally !== undefined;
}

function isOf({ flowName, source }: EvaluationName, run: RunSummary): boolean {
  return isEvaluation(run) && run.source === source && run.flowName === flowName;
}

/** The runs of an evaluation among these, each once, the newest first; of one told twice the later word counts. */
export function runsOf(name: EvaluationName, runs: Iterable<RunSummary>): RunSummary[] {
  const known = new Map<string, RunSummary>();
  for (const run of runs) if (isOf(name, run)) known.set(run.runId, run);
  return [...known.values()].sort(newestFirst);
}

/**
 * The newest `count` runs of an evaluation that the head of the list need not
 * hold, asked of the server by its name.
 */
export async function askRunsOf(
  name: EvaluationName,
  count: number,
  ask: AskPortion,
  signal: AbortSignal,
): Promise<RunSummary[]> {
  const search = name.flowName.slice(0, MOST_SEARCH_CHARS);
  const found: RunSummary[] = [];
  let after: string | null = null;
  for (let asked = 0; asked < MOST_PORTIONS; asked += 1) {
    const portion = await ask({ search, limit: MOST_IN_PORTION, after }, signal);
    found.push(...(portion?.runs.filter((run) => isOf(name, run)) ?? []));
    after = portion?.next ?? null;
    if (after === null || found.length >= count) break;
  }
  return runsOf(name, found).slice(0, count);
}

/** Are there runs that the head does not hold? */
export function hasMoreThanHead({ order, total }: RunsState): boolean {
  return total > order.length;
}

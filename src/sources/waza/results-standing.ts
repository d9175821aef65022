import { planned } from "../../protocol/counting.ts";
import { type Tally, tallyOf } from "../../protocol/tally.ts";
import { type Results, type Task } from "./results.ts";
import { BASELINE } from "./session.ts";
import { titleOf } from "./spec-name.ts";
import type { Standing } from "./standing.ts";
import { iso } from "./stamp.ts";
import { stateOf } from "./states.ts";

/** Where a run stands of which there are only the results. */
export function standingOfResults(results: Results, file: string): Standing {
  const { config, eval_id, eval_name, skill } = results;
  const name = [eval_name, skill, file.replace(/\.json$/, "")].find((each) => each != null && each !== "");
  const flowName = name ?? eval_id;
  const writtenAt = iso(writtenAtOf(results));
  return {
    runId: eval_id,
    flowName,
    runTitle: titleOf(flowName, config.model_id ?? ""),
    startedAt: iso(results.timestamp),
    updatedAt: writtenAt,
    finishedAt: writtenAt,
    status: "completed",
  };
}

/**
 * Results are written once, when all is over, and say of no test when it was. So all of
 * them were known from the run's end on: its start and what it took, which a copy keeps,
 * while a file's own time is of the copy.
 */
export function writtenAtOf({ summary, timestamp }: Results): number {
  return timestamp + Math.max(0, summary.duration_ms ?? 0);
}

export interface ResultsPass {
  readonly tasks: readonly Task[];
  /** Null where there is nothing to compare with. */
  readonly variant: string | null;
}

/** A comparison has all its tests twice: first with the skill, then without. */
export function passesOf({ baseline_outcome, is_baseline, tasks }: Results): ResultsPass[] {
  const later = baseline_outcome?.tasks;
  if (is_baseline !== true || later == null) return [{ tasks, variant: null }];
  return [
    { tasks, variant: "with skill" },
    { tasks: later, variant: BASELINE },
  ];
}

export function tallyOfResults(results: Results): Tally {
  // The first pass: that of the baseline is not counted.
  const states = results.tasks.map(({ status }) => stateOf(status));
  return tallyOf(states, planned(results.summary.total_tests));
}

import type { Clock } from "../../clock.ts";
import type { Source } from "../source.ts";
import { FollowRun } from "./follow-run.ts";
import { GlanceRun } from "./glance-run.ts";
import { filesOfRun } from "./run-files.ts";
import { stampOfRun } from "./stamp.ts";

/** Evaluations of AgentV: a folder a run. */
export function agentvSource(clock: Clock): Source {
  return {
    type: "agentv",
    label: "AgentV",
    glancer: (dir) => new GlanceRun(dir, clock),
    stampOf: stampOfRun,
    below: [".agentv/results", ".agentv/results/runs/*", "results", "results/runs/*", "runs/*"],
    atHand: [".agentv/results", ".agentv/results/runs/*"],
    files: (dir) => filesOfRun(dir, clock),
    follow: (dir, draft, extent) => new FollowRun(dir, draft, extent, clock),
  };
}

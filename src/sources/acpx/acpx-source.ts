import type { Clock } from "../../clock.ts";
import type { Source } from "../source.ts";
import { FollowRun } from "./follow-run.ts";
import { GlanceRun } from "./glance-run.ts";

/** Runs of acpx flows: a folder a run, with a manifest that says where its files are. */
export function acpxSource(clock: Clock): Source {
  return {
    type: "acpx",
    label: "acpx flow",
    glancer: (dir) => new GlanceRun(dir, clock),
    follow: (dir, draft, extent) => new FollowRun(dir, draft, clock, extent),
  };
}

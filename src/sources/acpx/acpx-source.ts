import type { Clock } from "../../clock.ts";
import { BundleFile } from "../bundle-file.ts";
import { stampOf } from "../json-file.ts";
import type { Source } from "../source.ts";
import { FollowRun } from "./follow-run.ts";
import { GlanceRun } from "./glance-run.ts";
import { MANIFEST } from "./layout.ts";

/** Runs of acpx flows: a folder a run, with a manifest that says where its files are. */
export function acpxSource(clock: Clock): Source {
  return {
    type: "acpx",
    label: "acpx flow",
    glancer: (dir) => new GlanceRun(dir, clock),
    // acpx writes the manifest when a run begins, ends or goes on, and another file in its place each time.
    async stampOf(dir) {
      const stats = await new BundleFile(dir, MANIFEST).stat();
      return stats === undefined ? null : stampOf(stats);
    },
    below: ["runs", "flows/runs"],
    atHand: [],
    follow: (dir, draft, extent) => new FollowRun(dir, draft, clock, extent),
  };
}

import type { RunState } from "../../src/protocol/bundle.ts";
import { humanise } from "../ui/format.ts";

export function flowNameOf(run: RunState): string {
  return run.manifest.flowName ?? run.run.flowName ?? run.flow?.name ?? "";
}

export function runTitle(run: RunState): string {
  const flowName = flowNameOf(run);
  const title = run.manifest.runTitle ?? run.run.runTitle;
  return title ?? (flowName === "" ? run.manifest.runId : humanise(flowName));
}

import type { RunState } from "../protocol/bundle.ts";
import type { PatchOp } from "../protocol/patch.ts";
import { encodeOps } from "../protocol/wire-ops.ts";
import type { Extent } from "../sources/source.ts";
import type { Wire } from "./topic.ts";

/** What stands for a run in its patches: a run's id is as long as many a line. */
export type TopicNumber = number;

/** Whole runs are sent as `acpx.replay.v1` has it, tails as `runreel.live.v1` has it. */
export function runWire(runId: string, extent: Extent, topic: TopicNumber): Wire<RunState> {
  return extent === "whole" ? wholeWire(runId) : tailWire(runId, topic);
}

function wholeWire(runId: string): Wire<RunState> {
  return {
    tellsReason: false,
    joins: false,
    encodeSnapshot: (snapshot) => JSON.stringify({ type: "run_snapshot", runId, ...snapshot }),
    ...plainPatches("run_patch", { runId }),
  };
}

function tailWire(runId: string, topic: TopicNumber): Wire<RunState> {
  return {
    tellsReason: true,
    joins: true,
    encodeSnapshot: (snapshot) => JSON.stringify({ type: "run_snapshot", runId, topic, ...snapshot }),
    frameOf: (patch) => frame({ type: "patch", topic, ...patch }),
    encodeOps,
  };
}

/** Patches of whole ops, from one version to the next. */
export function plainPatches(type: string, named: object): Pick<Wire<unknown>, "frameOf" | "encodeOps"> {
  return {
    frameOf: ({ epoch, from, to }) => frame({ type, ...named, epoch, fromVersion: from, toVersion: to }),
    encodeOps: (ops: readonly PatchOp[]) => JSON.stringify(ops).slice(1, -1),
  };
}

function frame(fields: object): readonly [before: string, after: string] {
  return [`${JSON.stringify(fields).slice(0, -1)},"ops":[`, "]}"];
}

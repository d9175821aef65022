import { applyPatch, PatchError, type PatchOp, type Revive } from "../../src/protocol/patch.ts";

/**
 * One subscription's state and how far it has come.
 *
 * - `awaiting`: a snapshot was asked for. What was known before stays shown, and
 *   patches are passed over: the snapshot will hold them.
 * - `synced`: patches that start at the held version move it.
 */
export type Topic<State> =
  | { readonly kind: "awaiting"; readonly shown: State | null }
  | { readonly kind: "synced"; readonly shown: State; readonly epoch: string; readonly version: number };

interface Patch {
  readonly epoch: string;
  readonly fromVersion: number;
  readonly toVersion: number;
  readonly ops: readonly PatchOp[];
}

type Advance<State> =
  | { readonly kind: "moved"; readonly topic: Topic<State> }
  /** Nothing to do: known already, or on its way in a snapshot. */
  | { readonly kind: "ignored" }
  /** The patch does not fit. Nothing of it was applied; a snapshot must be asked for. */
  | { readonly kind: "gap"; readonly topic: Topic<State> };

export function advance<State>(topic: Topic<State>, patch: Patch, revive?: Revive): Advance<State> {
  if (topic.kind === "awaiting") return { kind: "ignored" };
  const sameEpoch = patch.epoch === topic.epoch;
  if (sameEpoch && patch.toVersion <= topic.version) return { kind: "ignored" };
  const gap: Advance<State> = { kind: "gap", topic: { kind: "awaiting", shown: topic.shown } };
  if (!sameEpoch || patch.fromVersion !== topic.version) return gap;
  try {
    const shown = applyPatch(topic.shown, patch.ops, revive);
    return {
      kind: "moved",
      topic: { kind: "synced", shown, epoch: topic.epoch, version: patch.toVersion },
    };
  } catch (error) {
    if (error instanceof PatchError) return gap;
    throw error;
  }
}

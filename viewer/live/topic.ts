import type { Place } from "../../src/protocol/place.ts";
import { applyPatch, PatchError, type PatchOp, type Revive } from "../../src/protocol/patch.ts";

/**
 * One subscription's state and how far it has come.
 *
 * - `awaiting`: an answer was asked for. What was known before stays shown, and
 *   patches are passed over: the answer will hold them. `place` is where it can
 *   go on, if it can.
 * - `synced`: patches that start at the held version move it.
 */
export type Topic<State> =
  | { readonly kind: "awaiting"; readonly shown: State | null; readonly place: Place | null }
  | ({ readonly kind: "synced"; readonly shown: State } & Place);

interface Patch {
  readonly epoch: string;
  readonly from: number;
  readonly to: number;
  readonly ops: readonly PatchOp[];
}

type Advance<State> =
  | { readonly kind: "moved"; readonly topic: Topic<State> }
  /** Nothing to do: known already, or on its way in an answer. */
  | { readonly kind: "ignored" }
  /** The patch does not fit. Nothing of it was applied; a snapshot must be asked for. */
  | { readonly kind: "gap"; readonly topic: Topic<State> };

export function advance<State>(topic: Topic<State>, patch: Patch, revive?: Revive): Advance<State> {
  if (topic.kind === "awaiting") return { kind: "ignored" };
  const sameEpoch = patch.epoch === topic.epoch;
  if (sameEpoch && patch.to <= topic.version) return { kind: "ignored" };
  const gap: Advance<State> = { kind: "gap", topic: { kind: "awaiting", shown: topic.shown, place: null } };
  if (!sameEpoch || patch.from !== topic.version) return gap;
  try {
    const shown = applyPatch(topic.shown, patch.ops, revive);
    return { kind: "moved", topic: { kind: "synced", shown, epoch: topic.epoch, version: patch.to } };
  } catch (error) {
    if (error instanceof PatchError) return gap;
    throw error;
  }
}

/** The connection is lost: what was held is where the next one may go on. */
export function interrupted<State>(topic: Topic<State>): Topic<State> {
  if (topic.kind === "awaiting") return topic;
  return {
    kind: "awaiting",
    shown: topic.shown,
    place: { epoch: topic.epoch, version: topic.version },
  };
}

/** Nothing was lost: goes on from the place, if it is the one that was held. */
export function resumed<State>(topic: Topic<State>, { epoch, version }: Place): Topic<State> | null {
  if (topic.kind === "synced" || topic.shown === null) return null;
  const isHeld = topic.place?.epoch === epoch && topic.place.version === version;
  return isHeld ? { kind: "synced", shown: topic.shown, epoch, version } : null;
}

/** The same place, with the state changed in what is held of it. */
export function changed<State>(topic: Topic<State>, change: (shown: State) => State): Topic<State> {
  return topic.shown === null ? topic : { ...topic, shown: change(topic.shown) };
}

/** Where it can go on, as a subscription says it. */
export function placeOf<State>(topic: Topic<State>): { epoch?: string; version?: number } {
  return topic.kind === "awaiting" && topic.place !== null ? topic.place : {};
}

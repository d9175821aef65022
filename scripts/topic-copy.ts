import { applyPatch, type PatchOp, type Revive } from "../src/protocol/patch.ts";

/** One topic as the server last told it. */
export interface TopicCopy<State> {
  readonly epoch: string;
  readonly version: number;
  readonly state: State;
}

export interface VersionedPatch {
  readonly epoch: string;
  readonly from: number;
  readonly to: number;
  readonly ops: readonly PatchOp[];
}

export interface AdvanceRules {
  /** May a patch cover several versions? In acpx.replay.v1 it covers one. */
  readonly joined: boolean;
  readonly revive?: Revive;
}

/**
 * The copy after the patch. Throws, with a sentence, when the patch does not
 * start at the version held, reaches no later one, or has an op that fails: a
 * copy is changed by whole patches in order, or not at all.
 */
export function advance<State>(
  name: string,
  held: TopicCopy<State> | undefined,
  patch: VersionedPatch,
  { joined, revive }: AdvanceRules,
): TopicCopy<State> {
  const { epoch, from, to, ops } = patch;
  const got = `A gap in ${name}: the patch goes from ${from} to ${to} of epoch ${epoch}`;
  if (held === undefined) throw new Error(`${got}, but no snapshot came before it.`);
  const reaches = joined ? to > from : to === from + 1;
  if (epoch !== held.epoch || from !== held.version || !reaches) {
    throw new Error(`${got}, but version ${held.version} of epoch ${held.epoch} was held.`);
  }
  try {
    return { epoch, version: to, state: applyPatch(held.state, ops, revive) };
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw new Error(`A patch of ${name} could not be applied: ${reason}.`, { cause: error });
  }
}

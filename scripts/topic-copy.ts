import { applyPatch, type PatchOp, type Revive } from "../src/protocol/patch.ts";

/** One topic as the server last told it. */
export interface TopicCopy<State> {
  readonly epoch: string;
  readonly version: number;
  readonly state: State;
}

export interface VersionedPatch {
  readonly epoch: string;
  readonly fromVersion: number;
  readonly toVersion: number;
  readonly ops: readonly PatchOp[];
}

/**
 * The copy after the patch. Throws, with a sentence, when the patch does not
 * start at the version held, skips one, or has an op that fails: a copy is
 * changed by whole patches in order, or not at all.
 */
export function advance<State>(
  name: string,
  held: TopicCopy<State> | undefined,
  patch: VersionedPatch,
  revive?: Revive,
): TopicCopy<State> {
  const { epoch, fromVersion, toVersion, ops } = patch;
  const got = `A gap in ${name}: the patch goes from ${fromVersion} to ${toVersion} of epoch ${epoch}`;
  if (held === undefined) throw new Error(`${got}, but no snapshot came before it.`);
  if (epoch !== held.epoch || fromVersion !== held.version || toVersion !== held.version + 1) {
    throw new Error(`${got}, but version ${held.version} of epoch ${held.epoch} was held.`);
  }
  try {
    return { epoch, version: toVersion, state: applyPatch(held.state, ops, revive) };
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw new Error(`A patch of ${name} could not be applied: ${reason}.`, { cause: error });
  }
}

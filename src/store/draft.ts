import jsonPatch from "fast-json-patch";
import type { PatchOp } from "../protocol/patch.ts";
import { formatPointer, isSafeKey, parsePointer } from "../protocol/pointer.ts";
import type { Draft } from "../sources/source.ts";

/** Where a draft's ops go: the one place that moves the state. */
export interface DraftTarget<State> {
  readonly state: State;
  apply(ops: readonly PatchOp[]): void;
}

export function createDraft<State>(target: DraftTarget<State>): Draft {
  return {
    append: (path, value) => target.apply([{ op: "append", path: pointer(path), value }]),
    set: (path, value) => target.apply([{ op: "add", path: pointer(path), value }]),
    remove: (path) => target.apply([{ op: "remove", path: pointer(path) }]),
    reconcile(path, before, value) {
      const ops = reconcileOps(path, before, value);
      if (ops.length > 0) target.apply(ops);
    },
  };
}

function pointer(path: readonly string[]): string {
  const bad = path.find((key) => !isSafeKey(key));
  if (bad !== undefined) throw new RangeError(`the key ${JSON.stringify(bad)} cannot be part of a path`);
  return formatPointer(path);
}

/**
 * Paths that take more than this together are dearer than the subtree itself: an
 * agent may use a key of a megabyte, and every path through it repeats it.
 */
const MOST_PATH_CHARS = 256 * 1024;

function reconcileOps(path: readonly string[], before: unknown, value: unknown): PatchOp[] {
  const root = pointer(path);
  if (!isContainer(before) || !isContainer(value) || Array.isArray(before) !== Array.isArray(value)) {
    return before === value ? [] : [{ op: "add", path: root, value }];
  }
  const ops: PatchOp[] = [];
  let pathChars = 0;
  for (const op of jsonPatch.compare(before, value)) {
    pathChars += op.path.length;
    if (pathChars > MOST_PATH_CHARS) return [{ op: "add", path: root, value }];
    // An agent may use "constructor" as a key of its output. Such a key cannot be
    // patched from outside, so the object that holds it is replaced whole.
    const tokens = parsePointer(op.path);
    if (!tokens.every(isSafeKey)) return [{ op: "add", path: root, value }];
    const at = root + op.path;
    if (op.op === "add" || op.op === "replace") ops.push({ op: op.op, path: at, value: op.value });
    else if (op.op === "remove") ops.push({ op: "remove", path: at });
  }
  return ops;
}

function isContainer(value: unknown): value is object {
  return typeof value === "object" && value !== null;
}

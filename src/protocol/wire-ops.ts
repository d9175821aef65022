import * as v from "valibot";
import type { PatchOp } from "./patch.ts";

/**
 * Ops as `runreel.live.v1` sends them. Most are entries of logs, a few hundred
 * bytes each, and a whole op around each one would be a third more. So the
 * appends that follow one another at one path are one list: the path, then what
 * is appended. All others are as they are.
 */
type WireOp = PatchOp | readonly [path: string, ...values: unknown[]];

/** Ops are checked one by one where they are applied; here they only have to look like some. */
export const WireOps = v.array(
  v.custom<WireOp>((op) => (Array.isArray(op) ? typeof op[0] === "string" : isOp(op))),
);

function isOp(op: unknown): boolean {
  return typeof op === "object" && op !== null && "op" in op;
}

/** The ops as JSON, without the brackets around the list: two patches in a row are joined by a comma. */
export function encodeOps(ops: readonly PatchOp[]): string {
  const wire: (PatchOp | [string, ...unknown[]])[] = [];
  let open: [string, ...unknown[]] | undefined;
  for (const op of ops) {
    if (op.op !== "append") {
      open = undefined;
      wire.push(op);
    } else if (open?.[0] === op.path) {
      open.push(op.value);
    } else {
      open = [op.path, op.value];
      wire.push(open);
    }
  }
  return JSON.stringify(wire).slice(1, -1);
}

export function decodeOps(wire: readonly WireOp[]): PatchOp[] {
  return wire.flatMap((op) => (isList(op) ? appendsOf(op) : [op]));
}

function appendsOf([path, ...values]: readonly [string, ...unknown[]]): PatchOp[] {
  return values.map((value) => ({ op: "append", path, value }));
}

function isList(op: WireOp): op is readonly [string, ...unknown[]] {
  return Array.isArray(op);
}

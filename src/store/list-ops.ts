import type { RunSummary, WholeRuns } from "../protocol/bundle.ts";
import { newestFirst } from "../protocol/run-order.ts";
import type { PatchOp } from "../protocol/patch.ts";
import { formatPointer } from "../protocol/pointer.ts";

/** From this many changes at once it is cheaper to send a list whole. */
export const WHOLE_FROM = 32;

/** The ops that make a list hold exactly these lines; costs the size of both, so only for the head. */
export function listOps({ order, runsById }: WholeRuns, runs: readonly RunSummary[]): PatchOp[] {
  const lines: PatchOp[] = [];
  const added: PatchOp[] = [];
  const stays = new Set<string>();
  for (const [index, run] of runs.entries()) {
    const before = runsById[run.runId];
    if (before === undefined || newestFirst(before, run) !== 0) added.push(...insertOps(run, index));
    else {
      stays.add(run.runId);
      lines.push(...lineOps(before, run));
    }
  }
  const removed: PatchOp[] = [];
  // From the end, so that no place moves before it is used.
  for (let index = order.length - 1; index >= 0; index -= 1) {
    const id = order[index];
    if (id !== undefined && !stays.has(id)) removed.push(...removeOps(id, index));
  }
  const places = (added.length + removed.length) / 2;
  return places >= WHOLE_FROM ? replaceOps(runs) : [...lines, ...removed, ...added];
}

export function replaceOps(runs: readonly RunSummary[]): PatchOp[] {
  return [
    { op: "replace", path: "/runsById", value: Object.fromEntries(runs.map((run) => [run.runId, run])) },
    { op: "replace", path: "/order", value: runs.map((run) => run.runId) },
  ];
}

export function insertOps(run: RunSummary, index: number): PatchOp[] {
  return [
    { op: "add", path: formatPointer(["runsById", run.runId]), value: run },
    { op: "add", path: formatPointer(["order", String(index)]), value: run.runId },
  ];
}

export function removeOps(id: string, index: number): PatchOp[] {
  return [
    { op: "remove", path: formatPointer(["order", String(index)]) },
    { op: "remove", path: formatPointer(["runsById", id]) },
  ];
}

/** What changed in a run's line, field by field: none holds more than a text or a few numbers. */
export function lineOps(before: RunSummary, after: RunSummary): PatchOp[] {
  if (before === after) return [];
  const path = (field: string) => formatPointer(["runsById", after.runId, field]);
  const gone = new Map(Object.entries(before));
  const ops: PatchOp[] = [];
  for (const [field, value] of Object.entries(after)) {
    if (!isSame(gone.get(field), value)) ops.push({ op: "add", path: path(field), value });
    gone.delete(field);
  }
  for (const field of gone.keys()) ops.push({ op: "remove", path: path(field) });
  return ops;
}

/** Of a field that is no text, all of it is one value. */
export function isSame(left: unknown, right: unknown): boolean {
  if (typeof left !== "object" || typeof right !== "object") return left === right;
  return JSON.stringify(left) === JSON.stringify(right);
}

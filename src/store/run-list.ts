import type { Clock } from "../clock.ts";
import type { RunsState, RunSummary } from "../protocol/bundle.ts";
import type { PatchOp } from "../protocol/patch.ts";
import { formatPointer } from "../protocol/pointer.ts";
import { createDraft } from "./draft.ts";
import { plainPatches } from "./run-wire.ts";
import { Topic, type Wire } from "./topic.ts";

/** From this many changes at once it is cheaper to send the list whole. */
const WHOLE_FROM = 32;

/** The same in both protocols: lines of the list are short, and change seldom. */
const RUNS_WIRE: Wire<RunsState> = {
  tellsReason: true,
  joins: false,
  encodeSnapshot: (snapshot) => JSON.stringify({ type: "runs_snapshot", ...snapshot }),
  ...plainPatches("runs_patch", {}),
};

/** The list of runs as a topic: newest first, a line a run. */
export class RunList {
  readonly topic: Topic<RunsState>;

  constructor(clock: Clock, onError: (error: unknown) => void) {
    this.topic = new Topic<RunsState>({
      state: { schema: "acpx.viewer-runs.v2", order: [], runsById: {} },
      wire: RUNS_WIRE,
      clock,
      onError,
    });
  }

  get runs(): RunSummary[] {
    const { order, runsById } = this.topic.state;
    return order.map((id) => runsById[id]).filter((run) => run !== undefined);
  }

  put(summaries: readonly RunSummary[]): void {
    if (summaries.length >= WHOLE_FROM) {
      const byId = new Map(Object.entries(this.topic.state.runsById));
      for (const summary of summaries) byId.set(summary.runId, summary);
      return this.#setAll(byId);
    }
    const draft = createDraft(this.topic);
    for (const summary of summaries) {
      const before = this.topic.state.runsById[summary.runId];
      if (before?.startedAt === summary.startedAt) {
        draft.reconcile(["runsById", summary.runId], before, summary);
      } else {
        if (before !== undefined) this.remove([summary.runId]);
        this.topic.apply(this.#insertOps(summary));
      }
    }
  }

  remove(ids: readonly string[]): void {
    const { runsById } = this.topic.state;
    if (ids.length >= WHOLE_FROM) {
      const gone = new Set(ids);
      return this.#setAll(new Map(Object.entries(runsById).filter(([id]) => !gone.has(id))));
    }
    for (const id of ids) {
      const index = this.topic.state.order.indexOf(id);
      if (index === -1) continue;
      this.topic.apply([
        { op: "remove", path: formatPointer(["order", String(index)]) },
        { op: "remove", path: formatPointer(["runsById", id]) },
      ]);
    }
  }

  #insertOps(summary: RunSummary): PatchOp[] {
    const { order, runsById } = this.topic.state;
    const place = order.findIndex((id) => {
      const other = runsById[id];
      return other !== undefined && newestFirst(summary, other) < 0;
    });
    const index = place === -1 ? order.length : place;
    return [
      { op: "add", path: formatPointer(["runsById", summary.runId]), value: summary },
      { op: "add", path: formatPointer(["order", String(index)]), value: summary.runId },
    ];
  }

  #setAll(byId: ReadonlyMap<string, RunSummary>): void {
    const order = [...byId.values()].toSorted(newestFirst).map((summary) => summary.runId);
    this.topic.apply([
      { op: "replace", path: "/runsById", value: Object.fromEntries(byId) },
      { op: "replace", path: "/order", value: order },
    ]);
  }
}

function newestFirst(left: RunSummary, right: RunSummary): number {
  if (left.startedAt !== right.startedAt) return left.startedAt < right.startedAt ? 1 : -1;
  return left.runId < right.runId ? 1 : -1;
}

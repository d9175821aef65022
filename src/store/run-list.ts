import type { Clock } from "../clock.ts";
import type { RunsState, RunSummary } from "../protocol/bundle.ts";
import type { PatchOp } from "../protocol/patch.ts";
import { createDraft } from "./draft.ts";
import { Topic } from "./topic.ts";

/** From this many changes at once it is cheaper to send the list whole. */
const WHOLE_FROM = 32;

/** The list of runs as a topic: newest first, a line a run. */
export class RunList {
  readonly topic: Topic<RunsState>;

  constructor(clock: Clock) {
    const empty: RunsState = { schema: "acpx.viewer-runs.v2", order: [], runsById: {} };
    this.topic = new Topic(
      empty,
      {
        encodeSnapshot: (snapshot) => JSON.stringify({ type: "runs_snapshot", ...snapshot }),
        encodePatch: (patch) => JSON.stringify({ type: "runs_patch", ...patch }),
      },
      clock,
    );
  }

  get runs(): RunSummary[] {
    const { order, runsById } = this.topic.state;
    return order.map((id) => runsById[id]).filter((run) => run !== undefined);
  }

  put(summaries: readonly RunSummary[]): void {
    if (summaries.length >= WHOLE_FROM) return this.#putAll(summaries);
    const draft = createDraft(this.topic);
    for (const summary of summaries) {
      const before = this.topic.state.runsById[summary.runId];
      if (before === undefined) this.topic.apply(this.#insertOps(summary));
      else draft.reconcile(["runsById", summary.runId], before, summary);
    }
  }

  remove(id: string): void {
    const index = this.topic.state.order.indexOf(id);
    if (index === -1) return;
    this.topic.apply([
      { op: "remove", path: `/order/${index}` },
      { op: "remove", path: `/runsById/${id.replaceAll("~", "~0")}` },
    ]);
  }

  #insertOps(summary: RunSummary): PatchOp[] {
    const { order, runsById } = this.topic.state;
    const place = order.findIndex((id) => {
      const other = runsById[id];
      return other !== undefined && newestFirst(summary, other) < 0;
    });
    const index = place === -1 ? order.length : place;
    return [
      { op: "add", path: `/runsById/${summary.runId.replaceAll("~", "~0")}`, value: summary },
      { op: "add", path: `/order/${index}`, value: summary.runId },
    ];
  }

  #putAll(summaries: readonly RunSummary[]): void {
    const byId = new Map(Object.entries(this.topic.state.runsById));
    for (const summary of summaries) byId.set(summary.runId, summary);
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

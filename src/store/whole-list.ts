import type { Clock } from "../clock.ts";
import type { RunSummary, WholeRuns } from "../protocol/bundle.ts";
import { insertOps, lineOps, removeOps, replaceOps, WHOLE_FROM } from "./list-ops.ts";
import type { OrderedRuns, Placement } from "./ordered-runs.ts";
import { runsWire } from "./runs-wire.ts";
import { Topic } from "./topic.ts";

export interface OpenWhole {
  readonly topic: Topic<WholeRuns>;
  /** Says that this reader is done; again is nothing. */
  readonly release: () => void;
}

/**
 * The list of all runs, as clients of acpx.replay.v1 expect it: a change copies
 * the keys of all of them. So it exists only while someone reads it.
 */
export class WholeList {
  readonly #runs: OrderedRuns;
  readonly #clock: Clock;
  readonly #onError: (error: unknown) => void;
  #topic: Topic<WholeRuns> | undefined;
  #readers = 0;

  constructor(runs: OrderedRuns, clock: Clock, onError: (error: unknown) => void) {
    this.#runs = runs;
    this.#clock = clock;
    this.#onError = onError;
  }

  open(): OpenWhole {
    this.#readers += 1;
    this.#topic ??= new Topic<WholeRuns>({
      state: wholeState(this.#runs.all),
      wire: runsWire("acpx.replay.v1"),
      clock: this.#clock,
      onError: this.#onError,
    });
    let isOpen = true;
    return {
      topic: this.#topic,
      release: () => {
        if (!isOpen) return;
        isOpen = false;
        this.#readers -= 1;
        if (this.#readers === 0) this.close();
      },
    };
  }

  /** Told of what has already changed in the runs, change by change. */
  changed(changes: readonly RunChange[]): void {
    const topic = this.#topic;
    if (topic === undefined || changes.length === 0) return;
    if (changes.length >= WHOLE_FROM) return topic.apply(replaceOps(this.#runs.all));
    topic.apply(changes.flatMap(changeOps));
  }

  close(): void {
    this.#topic?.close();
    this.#topic = undefined;
  }
}

export interface RunChange extends Placement {
  readonly id: string;
  readonly after: RunSummary | undefined;
}

function changeOps({ id, before, from, after, to }: RunChange) {
  if (after === undefined) return from === -1 ? [] : removeOps(id, from);
  if (before === undefined) return insertOps(after, to);
  if (from === to && before.startedAt === after.startedAt) return lineOps(before, after);
  return [...removeOps(id, from), ...insertOps(after, to)];
}

function wholeState(runs: readonly RunSummary[]): WholeRuns {
  return {
    schema: "acpx.viewer-runs.v2",
    order: runs.map((run) => run.runId),
    runsById: Object.fromEntries(runs.map((run) => [run.runId, run])),
  };
}

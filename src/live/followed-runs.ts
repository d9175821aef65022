import type { Clock } from "../clock.ts";
import type { RunSummary } from "../protocol/bundle.ts";
import type { NowRecord } from "../protocol/now.ts";
import { isTerminal } from "../protocol/status.ts";
import type { RunCatalog } from "../store/run-catalog.ts";
import { FollowedRun } from "./followed-run.ts";
import { nothingTold, type Told } from "./run-records.ts";

/** Runs in flight that are followed at a time: the newest. */
const MOST_FOLLOWED = 32;
/** A run that is over may still get its last lines, for so long. */
const LAST_LINES_MS = 3_000;

export type Runs = Pick<RunCatalog, "find" | "list" | "open">;

export interface FollowedRunsParts {
  readonly catalog: Runs;
  /** Sources whose runs are told of by another way. */
  readonly passOver: ReadonlySet<string>;
  readonly clock: Clock;
  readonly tell: (records: readonly NowRecord[]) => void;
  readonly onError: (error: unknown) => void;
}

interface Followed {
  readonly run: FollowedRun;
  /** Set while it is about to be followed no longer. */
  cancelEnd: (() => void) | undefined;
}

/**
 * What the runs in flight at the head of the list do, from when this begins until it is closed: what
 * was written before is no news.
 */
export class FollowedRuns {
  readonly #parts: FollowedRunsParts;
  readonly #followed = new Map<string, Followed>();
  /** What was told of each run of the head, which may be followed again. */
  readonly #told = new Map<string, Told>();
  readonly #stopListening: () => void;
  readonly #beganAt: number;

  constructor(parts: FollowedRunsParts) {
    this.#parts = parts;
    this.#beganAt = parts.clock.now();
    this.#stopListening = parts.catalog.list.head.onChange(() => this.#look());
    this.#look();
  }

  close(): void {
    this.#stopListening();
    for (const id of this.#followed.keys()) this.#unfollow(id);
  }

  #head(): RunSummary[] {
    const { order, runsById } = this.#parts.catalog.list.head.state;
    return order.map((id) => runsById[id]).filter((line) => line !== undefined);
  }

  #look(): void {
    const lines = this.#head();
    const inFlight = lines.filter((line) => isInFlight(line) && !this.#parts.passOver.has(line.source));
    const wanted = new Map(inFlight.slice(0, MOST_FOLLOWED).map((line) => [line.runId, line]));
    for (const [id, followed] of this.#followed) {
      if (wanted.has(id)) {
        followed.cancelEnd?.();
        followed.cancelEnd = undefined;
      } else followed.cancelEnd ??= this.#parts.clock.after(LAST_LINES_MS, () => this.#unfollow(id));
    }
    for (const id of wanted.keys()) if (!this.#followed.has(id)) this.#follow(id);
    const inHead = new Set(lines.map(({ runId }) => runId));
    for (const id of this.#told.keys()) if (!inHead.has(id) && !this.#followed.has(id)) this.#told.delete(id);
  }

  #follow(runId: string): void {
    const { catalog, onError, tell } = this.#parts;
    const told = this.#told.get(runId) ?? nothingTold();
    this.#told.set(runId, told);
    const run = new FollowedRun({
      lineOf: () => catalog.find(runId),
      open: () => catalog.open(runId, "tail"),
      newSince: this.#beganAt,
      told,
      tell,
      lost: (error) => {
        if (error !== undefined) onError(error);
        this.#unfollow(runId);
      },
    });
    this.#followed.set(runId, { run, cancelEnd: undefined });
  }

  #unfollow(runId: string): void {
    const followed = this.#followed.get(runId);
    this.#followed.delete(runId);
    followed?.cancelEnd?.();
    followed?.run.close();
  }
}

function isInFlight({ status }: RunSummary): boolean {
  return !isTerminal(status) && status !== "stalled" && status !== "unknown";
}

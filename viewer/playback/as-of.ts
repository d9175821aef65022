import type { RunState } from "../../src/protocol/bundle.ts";
import { isTerminal, type RunStatus } from "../../src/protocol/status.ts";
import type { Attempt, StepTable } from "./step-table.ts";
import { SILENT_MS } from "./run-clock.ts";
import { newestOf, type RunIndex } from "./run-index.ts";

/**
 * The run as it was known at one moment. Views draw this and never the run
 * itself, so nothing recorded later can be seen at an earlier moment.
 */
export interface RunView {
  readonly runId: string;
  readonly status: RunStatus;
  readonly stalledSince: string | null;
  readonly statusDetail: string | null;
  readonly error: string | null;
  readonly currentNode: string | null;
  readonly steps: StepsView;
  /** Had the run ended by then? */
  readonly ended: boolean;
}

/** The attempts that had begun by a moment. */
export interface StepsView {
  /**
   * `newest`: of older ones it is not known yet how many there are. `none`: of a
   * past moment nothing is known yet.
   */
  readonly extent: "all" | "newest" | "none";
  readonly table: StepTable;
  readonly count: number;
  /** How much of the trace's outline was known then: as long as it is the same, so is all that is shown. */
  readonly known: number;
  readonly at: number;
  readonly endedAt: number | null;
}

export function attemptAt(steps: StepsView, index: number): Attempt {
  return steps.table.attempt(index, steps.at, steps.endedAt);
}

/**
 * What was known at `at`; `Infinity` is everything. Where nothing changed since
 * `previous`, its very parts are given again, so that views can tell by identity.
 */
export function asOf(run: RunState, index: RunIndex, at: number, previous: RunView | null): RunView {
  index.extend(run);
  const past = previous?.runId === run.manifest.runId ? previous : null;
  // What only live.json says is known from when it was written on, if nothing was written since.
  const atEdge = at === Number.POSITIVE_INFINITY || at >= stillSince(run, index);
  const endedAt = endOf(run, index);
  const ended = endedAt !== null && at >= endedAt;
  const steps = stepsAt(index, at, ended ? endedAt : null, past?.steps ?? null);
  const running = steps.extent === "none" || ended ? null : steps.table.runningAt(at);
  const isKnown = steps.extent !== "none" && index.isReadTo(at);
  const attempt = running === null ? null : attemptAt(steps, running);
  const next: RunView = {
    runId: run.manifest.runId,
    status: statusAt(run, atEdge, ended, isKnown && steps.table.hasTurns && running === null),
    stalledSince: atEdge ? (run.stalledSince ?? null) : null,
    statusDetail: (atEdge && !ended ? run.run.statusDetail : null) ?? attempt?.statusDetail ?? null,
    // Nobody says when it was told: of a run that goes on it is news of now.
    error: ended || atEdge ? (run.run.error ?? null) : null,
    currentNode: ended
      ? null
      : (attempt?.nodeId ?? (atEdge ? (run.run.waitingOn ?? run.run.currentNode ?? null) : null)),
    steps,
    ended,
  };
  return past !== null && sameView(past, next) ? past : next;
}

function stepsAt(index: RunIndex, at: number, endedAt: number | null, past: StepsView | null): StepsView {
  const { isWhole, table } = index.trace;
  const extent = isWhole ? "all" : at === Number.POSITIVE_INFINITY ? "newest" : "none";
  const known = extent === "none" ? 0 : table.knownBy(at);
  const count = extent === "none" ? 0 : table.begunBy(at);
  const isSame =
    past !== null &&
    past.extent === extent &&
    past.table === table &&
    past.known === known &&
    past.endedAt === endedAt &&
    // A later moment at which no more is known shows the same. Of an earlier one that may not last.
    past.at <= at;
  return isSame ? past : { extent, table, count, known, at, endedAt };
}

/** When a run that has ended did so, or null while it has not. */
export function endOf(run: RunState, index: RunIndex): number | null {
  if (!isTerminal(run.status)) return null;
  const finished = Date.parse(run.run.finishedAt ?? run.manifest.finishedAt ?? "");
  return Number.isFinite(finished) ? finished : newestOf(run, index);
}

/** Since when a run that neither moves nor has ended stands as it does now; Infinity of any other. */
function stillSince(run: RunState, index: RunIndex): number {
  switch (run.status) {
    // The word of it may be written before the last line of the trace.
    case "waiting":
      return newestOf(run, index);
    // The silence began before anyone could call it one.
    case "stalled":
      return newestOf(run, index) + SILENT_MS;
    default:
      return Number.POSITIVE_INFINITY;
  }
}

/** `isBetween`: no turn went on then. */
function statusAt(run: RunState, atEdge: boolean, ended: boolean, isBetween: boolean): RunStatus {
  if (ended || (atEdge && !isTerminal(run.status))) return run.status;
  return isBetween ? "idle" : "running";
}

function sameView(left: RunView, right: RunView): boolean {
  return (
    left.runId === right.runId &&
    left.status === right.status &&
    left.stalledSince === right.stalledSince &&
    left.statusDetail === right.statusDetail &&
    left.error === right.error &&
    left.currentNode === right.currentNode &&
    left.steps === right.steps &&
    left.ended === right.ended
  );
}

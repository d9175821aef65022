import type { RunSummary } from "../protocol/bundle.ts";
import type { FeedEvent } from "../protocol/event-messages.ts";
import type { RunStatus } from "../protocol/status.ts";
import type { Tally } from "../protocol/tally.ts";
import type { TestResult } from "../protocol/test-lines.ts";
import { cutName, finite, wholeCounts } from "./event-values.ts";

/** The events of the feed of all runs, as docs/events.md has them. */

export function startedEvent(
  runId: string,
  evalFile: string,
  target: string | null,
  tally: Tally,
): FeedEvent {
  return {
    event: "run_started",
    data: {
      run_id: runId,
      eval_file: cutName(evalFile),
      target: target === null ? null : cutName(target),
      ...wholeCounts(tally),
    },
  };
}

/** `tally`: of the run, this result counted. */
export function resultEvent(
  runId: string,
  test: string,
  { score, state }: TestResult,
  tally: Tally,
): FeedEvent {
  const { passed, total } = wholeCounts(tally);
  return {
    event: "test_result",
    data: { run_id: runId, test_id: cutName(test), score: finite(score), status: state, passed, total },
  };
}

export function completedEvent(runId: string, status: RunStatus, tally: Tally): FeedEvent {
  const { errors, failed, passed, total } = wholeCounts(tally);
  return {
    event: "run_completed",
    data: { run_id: runId, passed, failed, pass_rate: tally.passRate, errors, total, status },
  };
}

export function updatedEvent(line: RunSummary, status: RunStatus | "gone"): FeedEvent {
  const { currentNode, flowName, runId, runTitle, source, tally } = line;
  return {
    event: "run_updated",
    data: {
      run_id: runId,
      source,
      flow: cutName(flowName),
      ...(runTitle === undefined ? {} : { title: cutName(runTitle) }),
      status,
      ...(currentNode === undefined ? {} : { current_step: cutName(currentNode) }),
      ...(tally === undefined ? {} : wholeCounts(tally)),
    },
  };
}

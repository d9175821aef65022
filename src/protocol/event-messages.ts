import * as v from "valibot";

/**
 * What the event streams send, for programs that watch runs (docs/events.md). This
 * file stands alone, so that it can be published: `import { RunEvent } from "runreel/events"`.
 *
 * What is not known is left out, so every field that may be unknown is optional;
 * a reader passes over fields it does not know.
 */

const Count = v.pipe(v.number(), v.integer(), v.minValue(0));
const MaybeText = v.optional(v.string());
const MaybeNumber = v.optional(v.number());
const MaybeCount = v.optional(Count);

export const EVENT_SCHEMA_VERSION = "1.0";

const Envelope = {
  schemaVersion: v.string(),
  /** From 1, without a gap; the stream's `id`. */
  sequence: v.pipe(v.number(), v.integer(), v.minValue(1)),
  runId: v.string(),
  /** ISO 8601: when it was known. */
  timestamp: v.string(),
};

/** A task: of an evaluation a test case, of a flow one attempt at a node. */
const Task = { taskName: MaybeText, target: MaybeText };

const Ending = v.looseObject({
  outcome: MaybeText,
  totalTasks: MaybeCount,
  passCount: MaybeCount,
  failCount: MaybeCount,
  tokens: MaybeNumber,
  cost: MaybeNumber,
  /** Seconds. */
  duration: MaybeNumber,
});

/** One event of a run's stream: the JSON of a frame of `GET /api/v1/runs/<id>/events`. */
export const RunEvent = v.variant("type", [
  v.looseObject({
    ...Envelope,
    type: v.literal("run_started"),
    data: v.looseObject({
      spec: MaybeText,
      model: MaybeText,
      totalTasks: MaybeCount,
      passCount: MaybeCount,
      failCount: MaybeCount,
    }),
  }),
  v.looseObject({
    ...Envelope,
    type: v.literal("task_started"),
    data: v.looseObject({ ...Task, totalTasks: MaybeCount }),
  }),
  v.looseObject({
    ...Envelope,
    type: v.literal("step_executed"),
    data: v.looseObject({
      ...Task,
      graderName: MaybeText,
      graderType: MaybeText,
      passed: v.optional(v.boolean()),
      score: MaybeNumber,
      message: MaybeText,
    }),
  }),
  v.looseObject({
    ...Envelope,
    type: v.literal("task_completed"),
    data: v.looseObject({
      ...Task,
      outcome: MaybeText,
      score: MaybeNumber,
      /** Seconds. */
      duration: MaybeNumber,
      totalTasks: MaybeCount,
      completedTasks: MaybeCount,
    }),
  }),
  v.looseObject({ ...Envelope, type: v.literal("run_completed"), data: Ending }),
  v.looseObject({ ...Envelope, type: v.literal("run_failed"), data: Ending }),
]);
export type RunEvent = v.InferOutput<typeof RunEvent>;

const RunId = { run_id: v.string() };
const Counts = { done: MaybeCount, passed: MaybeCount, failed: MaybeCount, errors: MaybeCount };

/**
 * One event of `GET /api/events`: `event` is the frame's name, `data` its JSON. The
 * fields of evaluations are AgentV's, and so is their spelling.
 */
export const FeedEvent = v.variant("event", [
  v.object({
    event: v.literal("run_started"),
    data: v.looseObject({
      ...RunId,
      eval_file: v.string(),
      /** Null until a test tells, and where the tests do not all have the same. */
      target: v.nullable(v.string()),
      total: Count,
      ...Counts,
    }),
  }),
  v.object({
    event: v.literal("test_result"),
    data: v.looseObject({
      ...RunId,
      test_id: v.string(),
      score: v.nullable(v.number()),
      status: v.picklist(["passed", "failed", "error", "skipped"]),
      /** Of the run, this result counted. */
      passed: Count,
      total: Count,
    }),
  }),
  v.object({
    event: v.literal("run_completed"),
    data: v.looseObject({
      ...RunId,
      passed: Count,
      failed: Count,
      /** 0 to 1; null where no test was rated. */
      pass_rate: v.nullable(v.number()),
      errors: MaybeCount,
      total: MaybeCount,
      status: MaybeText,
    }),
  }),
  v.object({
    event: v.literal("run_updated"),
    data: v.looseObject({
      ...RunId,
      source: v.string(),
      flow: v.string(),
      title: MaybeText,
      /** The run's status; `gone` when its files were taken away. */
      status: v.string(),
      current_step: MaybeText,
      total: MaybeCount,
      ...Counts,
    }),
  }),
]);
export type FeedEvent = v.InferOutput<typeof FeedEvent>;

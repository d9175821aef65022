import * as v from "valibot";
import {
  MaybeMs,
  MaybeName,
  MaybeScore,
  MaybeTestCount,
  MaybeText,
  MaybeTokens,
  MaybeTrial,
  Name,
  TestCount,
} from "./fields.ts";
import { Time } from "./stamp.ts";

/** A results file, of any version: what is known is read, and nothing but its outline is asked for. */

const Json = v.record(v.string(), v.unknown());

const Config = v.object({ model_id: MaybeName, engine_type: MaybeName });

const Summary = v.object({
  total_tests: TestCount,
  succeeded: MaybeTestCount,
  failed: MaybeTestCount,
  errors: MaybeTestCount,
  duration_ms: MaybeMs,
});

const HEAD = {
  eval_id: Name,
  eval_name: MaybeName,
  skill: MaybeName,
  timestamp: Time,
  config: Config,
  summary: Summary,
};

/** What a results file is known by. */
export const ResultsHead = v.object({ ...HEAD, tasks: v.array(v.object({})) });
export type ResultsHead = v.InferOutput<typeof ResultsHead>;

export const Usage = v.object({ input_tokens: MaybeTokens, output_tokens: MaybeTokens });
export type Usage = v.InferOutput<typeof Usage>;

export const TranscriptEvent = v.object({
  type: v.string(),
  content: v.optional(v.unknown()),
  message: v.optional(v.unknown()),
  arguments: v.optional(v.unknown()),
  success: v.nullish(v.boolean()),
  tool_call_id: MaybeText,
  tool_name: MaybeName,
  tool_result: v.optional(v.unknown()),
});
export type TranscriptEvent = v.InferOutput<typeof TranscriptEvent>;

const ToolEvent = v.object({
  tool_call_id: MaybeText,
  tool_name: MaybeName,
  args: v.optional(v.unknown()),
  result: v.optional(v.unknown()),
  success: v.nullish(v.boolean()),
  error: v.optional(v.unknown()),
});
export type ToolEvent = v.InferOutput<typeof ToolEvent>;

/** `session_digest`. Its first form counted tokens without a `usage`. */
export const Digest = v.object({
  usage: v.nullish(Usage),
  tokens_in: MaybeTokens,
  tokens_out: MaybeTokens,
  tokens_total: MaybeTokens,
});
export type Digest = v.InferOutput<typeof Digest>;

export const Grader = v.object({
  type: MaybeName,
  score: MaybeScore,
  weight: MaybeScore,
  passed: v.boolean(),
  feedback: MaybeText,
  duration_ms: MaybeMs,
});
export type Grader = v.InferOutput<typeof Grader>;

export const Graders = v.nullish(v.record(Name, Grader));

const Trial = v.object({
  run_number: MaybeTrial,
  status: MaybeText,
  duration_ms: MaybeMs,
  validations: Graders,
  session_digest: v.nullish(Digest),
  usage: v.nullish(Usage),
  transcript: v.nullish(v.array(TranscriptEvent)),
  tool_events: v.nullish(v.array(ToolEvent)),
  final_output: MaybeText,
  error_msg: MaybeText,
  prompt: MaybeText,
});
export type Trial = v.InferOutput<typeof Trial>;

const Task = v.object({
  test_id: MaybeName,
  display_name: MaybeName,
  group: MaybeName,
  cached: v.nullish(v.boolean()),
  status: v.string(),
  runs: v.nullish(v.array(Trial)),
  stats: v.nullish(v.object({ avg_score: MaybeScore, avg_duration_ms: MaybeMs })),
});
export type Task = v.InferOutput<typeof Task>;

export const Results = v.object({
  ...HEAD,
  tasks: v.array(Task),
  is_baseline: v.nullish(v.boolean()),
  /** Of a comparison: the same tests without the skill. */
  baseline_outcome: v.nullish(v.object({ summary: v.nullish(Json), tasks: v.nullish(v.array(Task)) })),
});
export type Results = v.InferOutput<typeof Results>;

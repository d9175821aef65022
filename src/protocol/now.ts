import * as v from "valibot";
import { PlanLimit } from "./plan-limit.ts";

/**
 * What happens this minute over all runs, and what it costs: the bodies of `/api/live/stats` and
 * `/api/live/recent`, and the frames of `/api/live/stream` (docs/now.md). Costs are US dollars, durations
 * seconds, `ts` ISO 8601.
 */

const MaybeNumber = v.nullable(v.number());
const MaybeText = v.nullable(v.string());

/** What every record says of the run it is of. */
const OfRun = {
  /** The same in every frame that is about the same record. */
  id: v.string(),
  ts: v.string(),
  run_id: v.string(),
  run_title: v.string(),
  source: v.string(),
  project: MaybeText,
  session_id: MaybeText,
};

/** A model's answer. */
const AnswerRecord = v.object({
  ...OfRun,
  model: MaybeText,
  cost_usd: MaybeNumber,
  input_tokens: v.number(),
  output_tokens: v.number(),
  cache_read_tokens: v.number(),
  cache_create_tokens: v.number(),
});

/** A tool call: once as it begins (`status` "running", or how it ended where both were found at once). */
const CallRecord = v.object({
  ...OfRun,
  tool_name: v.string(),
  /** What it does, in ACP's words. */
  kind: v.string(),
  title: v.string(),
  file_path: MaybeText,
  byte_count: v.number(),
  status: v.picklist(["running", "asks", "ok", "error"]),
  duration: MaybeNumber,
});

/** How a call ended that was told before; `id` is the call's. */
const CallEndRecord = v.object({
  ...OfRun,
  tool_name: v.string(),
  byte_count: v.number(),
  status: v.picklist(["ok", "error"]),
  duration: MaybeNumber,
});

/** A test of an evaluation has a result. */
const TestRecord = v.object({
  ...OfRun,
  test: v.string(),
  state: v.string(),
  score: MaybeNumber,
  duration: MaybeNumber,
  cost_usd: MaybeNumber,
});

/** An error, a retry, a compaction, a turn broken off, a question. */
const MarkRecord = v.object({ ...OfRun, mark: v.string(), text: v.string() });

export const Burn = v.object({
  window_minutes: v.number(),
  window_cost: v.number(),
  per_minute: v.number(),
  per_hour: v.number(),
  today_cost: v.number(),
  month_to_date: v.number(),
  projected_month_end: v.number(),
  ts: v.string(),
  /** Tokens of models without a known price, which no cost holds: today's, those of the window and of the month. */
  unpriced_tokens: v.number(),
  window_unpriced_tokens: v.number(),
  month_unpriced_tokens: v.number(),
  /** Cost of each of the last 60 minutes, the newest last. */
  series: v.array(v.number()),
});

export const ToolLatency = v.object({
  tool_name: v.string(),
  samples: v.number(),
  p50: v.number(),
  p95: v.number(),
  p99: v.number(),
  /** P50 of each of the last 12 stretches of two hours, the newest last; null where there were no calls. */
  series: v.array(MaybeNumber),
});

const Share = v.object({
  name: v.string(),
  cost: v.number(),
  tokens: v.number(),
  unpriced_tokens: v.number(),
});

export const WatcherState = v.object({
  running: v.boolean(),
  /** `sweeping`: the system tells of no changes in some folders, which are looked through every second instead. */
  mode: v.picklist(["watching", "sweeping", "off"]),
  /** Sentences: what is not seen, and what to do. */
  trouble: v.array(v.string()),
});

export const LiveStats = v.object({
  burn: Burn,
  tool_latency: v.array(ToolLatency),
  /** The stretch that `tool_latency` is of. */
  latency_hours: v.number(),
  watermarks: v.object({ event: v.string(), tool_call: v.string() }),
  watcher: WatcherState,
  /** Today, the costliest first. */
  by_project: v.array(Share),
  by_model: v.array(Share),
  plan_limits: v.array(v.object({ source: v.string(), ...PlanLimit.entries })),
  /** Sessions whose files are still being read: until then sums are too small. Null: all are. */
  reading: v.nullable(v.object({ done: v.number(), of: v.number() })),
});

export const NOW_FRAMES = {
  event: AnswerRecord,
  tool_call: CallRecord,
  tool_result: CallEndRecord,
  test_result: TestRecord,
  mark: MarkRecord,
} as const;

/** One line of the stream; what a frame's `data` says as `{type, ts, payload}`. */
export type NowRecord =
  | { readonly type: "event"; readonly payload: v.InferOutput<typeof AnswerRecord> }
  | { readonly type: "tool_call"; readonly payload: v.InferOutput<typeof CallRecord> }
  | { readonly type: "tool_result"; readonly payload: v.InferOutput<typeof CallEndRecord> }
  | { readonly type: "test_result"; readonly payload: v.InferOutput<typeof TestRecord> }
  | { readonly type: "mark"; readonly payload: v.InferOutput<typeof MarkRecord> };

export const Ready = v.object({
  /**
   * True: what follows goes on right after the id that was named. False: of what came after it not all is held
   * any more, so it begins with what is new; `/api/live/recent` has the last of it. Null: no id was named.
   */
  resumed: v.nullish(v.boolean()),
  watermarks: LiveStats.entries.watermarks,
  watcher: WatcherState,
  burn_interval_seconds: v.number(),
});

/** The last records, oldest first; `/api/live/stream` goes on after `lastId`. */
export interface RecentRecords {
  readonly records: readonly NowRecord[];
  readonly lastId: string;
}

/** What of one day, project, model and source was used. `day` is a date in the asked zone: "2026-11-20". */
export const UsageDay = v.object({
  day: v.string(),
  project: v.string(),
  model: v.string(),
  source: v.string(),
  input_tokens: v.number(),
  cache_read_tokens: v.number(),
  cache_write_tokens: v.number(),
  cache_write_1h_tokens: v.number(),
  output_tokens: v.number(),
  unpriced_tokens: v.number(),
  cost_usd: MaybeNumber,
});

export const UsageHistory = v.object({
  days: v.array(UsageDay),
  reading: LiveStats.entries.reading,
});

export type LiveStats = v.InferOutput<typeof LiveStats>;
export type Burn = v.InferOutput<typeof Burn>;
export type ToolLatency = v.InferOutput<typeof ToolLatency>;
export type WatcherState = v.InferOutput<typeof WatcherState>;
export type UsageDay = v.InferOutput<typeof UsageDay>;
export type UsageHistory = v.InferOutput<typeof UsageHistory>;

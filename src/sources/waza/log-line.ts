import * as v from "valibot";
import {
  MaybeMs,
  MaybeName,
  MaybePath,
  MaybeScore,
  MaybeTestCount,
  MaybeText,
  MaybeTrial,
  Name,
  TestCount,
} from "./fields.ts";
import { Time } from "./stamp.ts";

/** A line of a session log. Fields and types nobody has named yet are passed over. */

const SessionStart = v.object({
  spec_path: MaybePath,
  model: MaybeName,
  engine: MaybeName,
  task_count: MaybeTestCount,
});
const TaskStart = v.object({ task_name: Name, task_num: MaybeTestCount, total_tasks: MaybeTestCount });
const Grader = v.object({
  grader_name: Name,
  grader_type: MaybeName,
  passed: v.boolean(),
  score: MaybeScore,
  feedback: MaybeText,
});
const RunComplete = v.object({ task_name: Name, run_number: MaybeTrial });
const TaskComplete = v.object({
  task_name: Name,
  status: v.string(),
  score: MaybeScore,
  duration_ms: MaybeMs,
});
const SessionComplete = v.object({
  total_tests: TestCount,
  passed: MaybeTestCount,
  failed: MaybeTestCount,
  errors: MaybeTestCount,
  duration_ms: MaybeMs,
});
const Failure = v.object({ message: MaybeText });

const KINDS: ReadonlySet<string> = new Set([
  "session_start",
  "task_start",
  "grader_result",
  "run_complete",
  "task_complete",
  "session_complete",
  "error",
]);

const line = <Type extends string, Data extends v.GenericSchema>(type: Type, data: Data) =>
  v.object({ timestamp: Time, type: v.literal(type), data });

const Known = v.variant("type", [
  line("session_start", SessionStart),
  line("task_start", TaskStart),
  line("grader_result", Grader),
  line("run_complete", RunComplete),
  line("task_complete", TaskComplete),
  line("session_complete", SessionComplete),
  line("error", Failure),
]);

const Other = v.pipe(
  v.object({
    timestamp: Time,
    type: v.pipe(
      v.string(),
      v.check((type) => !KINDS.has(type), "its data is not what it should be"),
    ),
  }),
  v.transform(({ timestamp }) => ({ timestamp, type: "other" as const })),
);

export const LogLine = v.union([Known, Other]);
export type LogLine = v.InferOutput<typeof LogLine>;
export type SessionStartLine = Extract<LogLine, { readonly type: "session_start" }>;
export type GraderLine = v.InferOutput<typeof Grader>;
export type Sums = v.InferOutput<typeof SessionComplete>;

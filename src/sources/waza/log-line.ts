import * as v from "valibot";
import { Time } from "./stamp.ts";

/** A line of a session log. Fields and types nobody has named yet are passed over. */

const Text = v.optional(v.nullable(v.string()), "");
const Count = v.optional(v.nullable(v.number()), 0);

const SessionStart = v.object({ spec_path: Text, model: Text, engine: Text, task_count: Count });
const TaskStart = v.object({ task_name: v.string(), task_num: Count, total_tasks: Count });
const Grader = v.object({
  grader_name: v.string(),
  grader_type: v.nullish(v.string()),
  passed: v.boolean(),
  score: v.nullish(v.number()),
  feedback: v.nullish(v.string()),
});
const RunComplete = v.object({ task_name: v.string(), run_number: v.nullish(v.number()) });
const TaskComplete = v.object({
  task_name: v.string(),
  status: v.string(),
  score: v.nullish(v.number()),
  duration_ms: v.nullish(v.number()),
});
const SessionComplete = v.object({
  total_tests: v.number(),
  passed: Count,
  failed: Count,
  errors: Count,
  duration_ms: Count,
});
const Failure = v.object({ message: Text });

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

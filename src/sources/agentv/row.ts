import * as v from "valibot";

const MaybeText = v.nullish(v.string());
const MaybeNumber = v.nullish(v.number());

const Assertion = v.looseObject({ text: v.string(), passed: v.boolean(), evidence: v.nullish(v.unknown()) });

const Score = v.looseObject({
  name: v.string(),
  type: MaybeText,
  score: MaybeNumber,
  weight: MaybeNumber,
  verdict: MaybeText,
  assertions: v.nullish(v.array(Assertion)),
  duration_ms: MaybeNumber,
});

const ToolCall = v.looseObject({
  tool: v.string(),
  id: MaybeText,
  input: v.unknown(),
  output: v.unknown(),
  start_time: MaybeText,
  end_time: MaybeText,
  duration_ms: MaybeNumber,
});

const Message = v.looseObject({
  role: v.string(),
  content: v.unknown(),
  tool_calls: v.nullish(v.array(ToolCall)),
});

/** A line of index.jsonl, in its live form or its final one. */
export const Row = v.looseObject({
  timestamp: v.string(),
  test_id: v.string(),
  suite: MaybeText,
  category: MaybeText,
  target: MaybeText,
  score: MaybeNumber,
  execution_status: MaybeText,
  duration_ms: MaybeNumber,
  token_usage: v.nullish(v.looseObject({ input: MaybeNumber, output: MaybeNumber })),
  cost_usd: MaybeNumber,
  scores: v.nullish(v.array(Score)),
  trace: v.nullish(v.looseObject({ messages: v.nullish(v.array(Message)) })),
  error: MaybeText,
  failure_stage: MaybeText,
  failure_reason_code: MaybeText,
});
export type Row = v.InferOutput<typeof Row>;

/** benchmark.json or summary.json: a stub from the start, the summary at the end. */
export const Summary = v.looseObject({
  metadata: v.looseObject({
    eval_file: MaybeText,
    timestamp: MaybeText,
    planned_test_count: MaybeNumber,
    experiment: MaybeText,
    tests_run: v.nullish(v.array(v.unknown())),
  }),
});
export type Summary = v.InferOutput<typeof Summary>;

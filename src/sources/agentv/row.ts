import * as v from "valibot";
import { shortId } from "../../protocol/outline.ts";
import { Amount, amountOf, Count, isAmount, timeOf } from "./amount.ts";

/**
 * A line of AgentV's index: one result, in its live form or its final one. Only
 * when and of which test it is must be right; any other field that is not what it
 * should be is taken for absent, since a result counts whatever else its row says.
 */

const Text = v.fallback(v.nullish(v.string()), null);
/** A test's name is repeated in every line that is told of it, so a longer one is told by its beginning. */
const Name = v.pipe(
  v.string(),
  v.transform((name) => shortId(name)),
);
const MaybeName = v.fallback(v.nullish(Name), null);
const Whole = v.fallback(v.nullish(v.boolean()), null);

export function list<Item>(item: v.GenericSchema<unknown, Item>): v.GenericSchema<unknown, readonly Item[]> {
  return v.fallback(
    v.pipe(
      v.array(v.unknown()),
      v.transform((entries) =>
        entries.flatMap((entry) => {
          const parsed = v.safeParse(item, entry);
          return parsed.success ? [parsed.output] : [];
        }),
      ),
    ),
    [],
  );
}

/** Any form that a date may have becomes the one whose texts are in the order of their times. */
const Moment = v.pipe(
  v.string(),
  v.check((text) => timeOf(text) !== null, "no time"),
  v.transform((text) => new Date(text).toISOString()),
);

const names = {
  timestamp: Moment,
  test_id: Name,
  suite: MaybeName,
  target: MaybeName,
  execution_status: MaybeName,
};

/** What a run's line in the list needs of a row; `odd` names amounts that are none, and count as missing. */
export const RowHead = v.pipe(
  v.object({
    ...names,
    score: v.optional(v.unknown()),
    duration_ms: v.optional(v.unknown()),
    cost_usd: v.optional(v.unknown()),
    /** One of these is there in a final row alone. */
    artifact_dir: MaybeName,
    result_dir: MaybeName,
  }),
  v.transform(({ cost_usd, duration_ms, score, ...row }) => ({
    ...row,
    score: amountOf(score),
    duration_ms: amountOf(duration_ms),
    odd: Object.entries({ cost_usd, duration_ms, score }).flatMap(([name, value]) =>
      value == null || isAmount(value) ? [] : [name],
    ),
  })),
);
export type RowHead = v.InferOutput<typeof RowHead>;

/** Where a row stands in its file: so it can be read again, and none need be held. */
export interface IndexRow extends RowHead {
  readonly offset: number;
  readonly bytes: number;
}

export const RowAssertion = v.object({
  text: v.string(),
  passed: v.boolean(),
  evidence: v.optional(v.unknown()),
});
export type RowAssertion = v.InferOutput<typeof RowAssertion>;

export const Score = v.object({
  name: v.string(),
  type: Text,
  score: Amount,
  weight: Amount,
  verdict: Text,
  pass: Whole,
  reasoning: Text,
  assertions: list(RowAssertion),
  duration_ms: Amount,
});
export type Score = v.InferOutput<typeof Score>;

const ToolCall = v.object({
  tool: v.string(),
  id: Text,
  input: v.optional(v.unknown()),
  output: v.optional(v.unknown()),
  status: Text,
  start_time: Text,
  end_time: Text,
  duration_ms: Amount,
});
export type ToolCall = v.InferOutput<typeof ToolCall>;

export const Message = v.object({
  role: v.string(),
  /** In a file of messages: whose they are. */
  target: Text,
  content: v.optional(v.unknown()),
  thinking: Text,
  reasoning: Text,
  tool_calls: list(ToolCall),
});
export type Message = v.InferOutput<typeof Message>;

/** What a live row says of a call besides: how it went. */
const TraceEvent = v.object({ tool: v.object({ call_id: v.string(), status: v.string() }) });

const Trace = v.fallback(v.nullish(v.object({ messages: list(Message), events: list(TraceEvent) })), null);

export const Row = v.looseObject({
  ...names,
  score: Amount,
  duration_ms: Amount,
  artifact_dir: Text,
  result_dir: Text,
  category: Text,
  token_usage: v.fallback(v.nullish(v.object({ input: Count, output: Count })), null),
  cost_usd: Amount,
  scores: list(Score),
  assertions: list(RowAssertion),
  trace: Trace,
  input: list(Message),
  output: v.optional(v.unknown()),
  error: Text,
  failure_stage: Text,
  failure_reason_code: Text,
});
export type Row = v.InferOutput<typeof Row>;

/** What is left of a row that cannot be read again. */
export function bareRow(row: RowHead): Row {
  return v.parse(Row, row);
}

export function isFinal(row: Pick<RowHead, "artifact_dir" | "result_dir">): boolean {
  return row.artifact_dir != null || row.result_dir != null;
}

/**
 * Names a test case: suite, test and target. No two have the same name, whatever
 * stands in theirs.
 */
export function testOf({ suite, target, test_id }: Pick<RowHead, "suite" | "target" | "test_id">): string {
  return [suite, test_id, target]
    .map((part) => (part ?? "").replaceAll("%", "%25").replaceAll("/", "%2F"))
    .join("/");
}

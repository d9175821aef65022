import * as v from "valibot";

/**
 * A record of a rollout file, read once, here. Fields and kinds nobody has named yet are passed over, and
 * a field of an odd shape is as good as absent: it costs no more than itself.
 */

export type Fields = Readonly<Record<string, unknown>>;

const maybe = <Output>(schema: v.GenericSchema<unknown, Output>) =>
  v.optional(v.fallback(v.nullable(schema), null), null);

const Text = v.string();
const Fields = v.record(v.string(), v.unknown());
const texts = v.array(Text);
const list = v.optional(v.fallback(v.array(v.unknown()), []), []);
const any = v.optional(v.unknown());

const MaybeText = maybe(Text);
const MaybeNumber = maybe(v.pipe(v.number(), v.finite()));
const MaybeFields = maybe(Fields);

/** Seconds since the epoch; newer versions write it as a date. */
const MaybeTime = maybe(v.union([v.number(), Text]));

const TokenUsage = v.object({
  input_tokens: MaybeNumber,
  cached_input_tokens: MaybeNumber,
  cache_write_input_tokens: MaybeNumber,
  output_tokens: MaybeNumber,
  reasoning_output_tokens: MaybeNumber,
  total_tokens: MaybeNumber,
});
export type TokenUsage = v.InferOutput<typeof TokenUsage>;

const TokenInfo = v.object({
  total_token_usage: maybe(TokenUsage),
  last_token_usage: maybe(TokenUsage),
  /** How versions up to 0.50 told it. */
  prompt: MaybeNumber,
  completion: MaybeNumber,
});

const SessionMeta = v.object({
  id: MaybeText,
  session_id: MaybeText,
  forked_from_id: MaybeText,
  parent_thread_id: MaybeText,
  timestamp: MaybeText,
  cwd: MaybeText,
  cli_version: MaybeText,
  source: any,
  model: MaybeText,
  git: MaybeFields,
});
export type SessionMeta = v.InferOutput<typeof SessionMeta>;

const Duration = maybe(v.object({ secs: v.number(), nanos: v.number() }));

const CallEnd = v.object({
  call_id: Text,
  exit_code: MaybeNumber,
  aggregated_output: MaybeText,
  duration: Duration,
  success: maybe(v.boolean()),
  stdout: MaybeText,
  stderr: MaybeText,
  result: any,
  error: any,
  content_items: list,
  status: any,
  /** What it was that ended: where no record tells that it began. */
  command: any,
  source: any,
  invocation: any,
  changes: MaybeFields,
});
export type CallEnd = v.InferOutput<typeof CallEnd>;

const Message = v.object({ role: MaybeText, content: list });
const Call = v.object({
  name: Text,
  namespace: MaybeText,
  call_id: Text,
  arguments: any,
  input: any,
});
const CallOutput = v.object({ call_id: Text, output: any, tools: any });
const SearchAction = v.object({ action: MaybeFields, query: MaybeText, id: MaybeText });
const Request = v.object({ call_id: MaybeText, command: any, reason: MaybeText, message: MaybeText });

const of = <Kind extends string, Payload extends v.GenericSchema>(kind: Kind, payload: Payload) =>
  v.object({ kind: v.literal(kind), payload });

const RecordParts = v.variant("kind", [
  of("session_meta", SessionMeta),
  of("turn_context", v.object({ model: MaybeText, turn_id: MaybeText, approval_policy: any })),
  of("compacted", v.object({ message: MaybeText })),
  of("response_item/message", Message),
  of("response_item/reasoning", v.object({ summary: list, content: list })),
  of("response_item/function_call", Call),
  of("response_item/custom_tool_call", Call),
  of("response_item/local_shell_call", v.object({ call_id: Text, action: MaybeFields })),
  of("response_item/tool_search_call", v.object({ call_id: Text, arguments: any })),
  of("response_item/function_call_output", CallOutput),
  of("response_item/custom_tool_call_output", CallOutput),
  of("response_item/tool_search_output", CallOutput),
  of("response_item/web_search_call", SearchAction),
  of("event_msg/web_search_end", SearchAction),
  of("event_msg/user_message", v.object({ message: Text, images: list, local_images: list })),
  of("event_msg/agent_message", v.object({ message: Text })),
  of("event_msg/agent_reasoning", v.object({ text: Text })),
  of("event_msg/task_started", v.object({ turn_id: MaybeText, started_at: MaybeTime })),
  of("event_msg/task_complete", v.object({ last_agent_message: MaybeText, error: MaybeFields })),
  of("event_msg/turn_aborted", v.object({ reason: MaybeText })),
  of("event_msg/turn.completed", v.object({})),
  of("event_msg/token_count", v.object({ info: maybe(TokenInfo), rate_limits: MaybeFields })),
  of("event_msg/account/rateLimits/updated", v.object({ rate_limits: MaybeFields, rateLimits: MaybeFields })),
  of("event_msg/exec_command_end", CallEnd),
  of("event_msg/patch_apply_end", CallEnd),
  of("event_msg/mcp_tool_call_end", CallEnd),
  of("event_msg/dynamic_tool_call_response", CallEnd),
  of(
    "event_msg/collab_agent_spawn_end",
    v.object({ call_id: Text, new_thread_id: MaybeText, prompt: MaybeText }),
  ),
  of("event_msg/collab_close_end", v.object({ call_id: Text, receiver_thread_id: MaybeText })),
  of("event_msg/collab_waiting_end", v.object({ call_id: Text, statuses: MaybeFields })),
  of("event_msg/context_compacted", v.object({})),
  of("event_msg/thread_name_updated", v.object({ thread_name: MaybeText })),
  of("event_msg/error", v.object({ message: MaybeText, error: MaybeFields })),
  of("event_msg/stream_error", v.object({ message: MaybeText })),
  of("event_msg/exec_approval_request", Request),
  of("event_msg/apply_patch_approval_request", Request),
  of("event_msg/elicitation_request", Request),
  of("event_msg/request_user_input", Request),
]);
type RecordParts = v.InferOutput<typeof RecordParts>;

/** The one that a kind has: trying them all, one after the other, is what a long file would take its time for. */
const BY_KIND = new Map<string, (typeof RecordParts.options)[number]>(
  RecordParts.options.map((option) => [option.entries.kind.literal, option]),
);

export type CodexRecord = RecordParts | { readonly kind: "other"; readonly name: string };

const Envelope = v.object({
  timestamp: v.optional(v.unknown()),
  type: v.optional(v.fallback(v.string(), ""), ""),
  payload: v.optional(v.fallback(Fields, {}), {}),
});

/** Null: it is no record at all. */
export function codexRecord(value: unknown): CodexRecord | null {
  const envelope = v.safeParse(Envelope, value);
  if (!envelope.success) return null;
  const { payload, type } = envelope.output;
  const name = nameOf(type, payload["type"]);
  const schema = BY_KIND.get(name);
  if (schema === undefined) return { kind: "other", name };
  const parts = v.safeParse(schema, { kind: name, payload });
  return parts.success ? parts.output : { kind: "other", name };
}

const HAS_KINDS = new Set(["response_item", "event_msg"]);

function nameOf(type: string, kind: unknown): string {
  return HAS_KINDS.has(type) && typeof kind === "string" ? `${type}/${kind}` : type;
}

/** When a record was written, ms since the epoch; null where it does not say. */
export function stampOf(value: unknown): number | null {
  const stamp = fieldsOf(value)["timestamp"];
  return typeof stamp === "string" ? timeOf(stamp) : null;
}

export function timeOf(stamp: string): number | null {
  const time = Date.parse(stamp);
  return Number.isNaN(time) ? null : time;
}

export function fieldsOf(value: unknown): Fields {
  return typeof value === "object" && value !== null && !Array.isArray(value) ? { ...value } : {};
}

export function textOf(value: unknown): string | null {
  return typeof value === "string" ? value : null;
}

export function listOf(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : [];
}

/** Words of which a list consists altogether; null where it does not. */
export function wordsOf(value: unknown): readonly string[] | null {
  const words = v.safeParse(texts, value);
  return words.success ? words.output : null;
}

import * as v from "valibot";

/**
 * A line of a session's file. Every version of the producer writes other fields, and a field may be of
 * another kind than here: it then counts as absent, and the rest of the record is read.
 */

const text = v.fallback(v.nullish(v.string()), null);
const number = v.fallback(v.nullish(v.pipe(v.number(), v.finite())), null);
const flag = v.fallback(v.nullish(v.boolean()), null);

const Count = v.fallback(v.nullish(v.pipe(v.number(), v.finite(), v.minValue(0))), null);

const ModelUsage = v.looseObject({
  input_tokens: Count,
  cache_creation_input_tokens: Count,
  cache_read_input_tokens: Count,
  output_tokens: Count,
  cache_creation: v.fallback(
    v.nullish(v.looseObject({ ephemeral_5m_input_tokens: Count, ephemeral_1h_input_tokens: Count })),
    null,
  ),
});
export type ModelUsage = v.InferOutput<typeof ModelUsage>;

/** A part of a message: text, image, thinking, tool_use, tool_result and what nobody has named yet. */
const Block = v.looseObject({
  type: text,
  text,
  thinking: text,
  id: text,
  name: text,
  tool_use_id: text,
  is_error: flag,
});
export type Block = v.InferOutput<typeof Block>;

const Blocks = v.fallback(v.array(v.fallback(Block, { type: null })), []);

const Content = v.fallback(v.union([v.string(), Blocks]), []);
export type Content = v.InferOutput<typeof Content>;

const Message = v.looseObject({
  id: text,
  model: text,
  stop_reason: text,
  content: v.optional(Content, []),
  usage: v.fallback(v.nullish(ModelUsage), null),
});

const ClaudeRecord = v.looseObject({
  type: text,
  subtype: text,
  uuid: text,
  timestamp: text,
  sessionId: text,
  cwd: text,
  version: text,
  gitBranch: text,
  agentId: text,
  isSidechain: flag,
  isMeta: flag,
  isCompactSummary: flag,
  isApiErrorMessage: flag,
  requestId: text,
  forkedFrom: v.optional(v.unknown()),
  sourceToolAssistantUUID: text,
  origin: v.fallback(v.nullish(v.looseObject({ kind: text })), null),
  message: v.fallback(v.nullish(Message), null),
  toolUseResult: v.optional(v.unknown()),
  attachment: v.fallback(
    v.nullish(
      v.looseObject({
        type: text,
        commandMode: text,
        prompt: v.optional(Content, []),
        origin: v.optional(v.unknown()),
      }),
    ),
    null,
  ),
  operation: text,
  data: v.fallback(v.nullish(v.looseObject({ type: text, agentId: text })), null),
  parentToolUseID: text,
  content: v.optional(Content, []),
  summary: text,
  leafUuid: text,
  aiTitle: text,
  customTitle: text,
  relocatedCwd: text,
  compactMetadata: v.fallback(v.nullish(v.looseObject({ trigger: text, preTokens: number })), null),
  retryAttempt: number,
  maxRetries: number,
  retryInMs: number,
  error: v.optional(v.unknown()),
});
export type ClaudeRecord = v.InferOutput<typeof ClaudeRecord>;

/** Null: it is no record at all. */
export function readRecord(value: unknown): ClaudeRecord | null {
  if (Array.isArray(value)) return null;
  const read = v.safeParse(ClaudeRecord, value);
  return read.success ? read.output : null;
}

export function blocksOf(content: Content): readonly Block[] {
  return typeof content === "string" ? [{ type: "text", text: content }] : content;
}

/** The texts among the parts, an empty line between them. */
export function textsOf(blocks: readonly Block[]): string {
  return blocks.flatMap((block) => (block.type === "text" && block.text ? [block.text] : [])).join("\n\n");
}

/** Ms since the epoch; null where the record has no stamp that can be read. */
export function timeOf(record: ClaudeRecord): number | null {
  const time = Date.parse(record.timestamp ?? "");
  return Number.isNaN(time) ? null : time;
}

/** Where the record is said: in the file's own conversation, or in that of a subagent that an old version wrote between. */
export function isAside(record: ClaudeRecord): boolean {
  return record.isSidechain === true && typeof record.agentId !== "string";
}

/** An answer that the program wrote itself: no model was asked. */
export function isSynthetic(record: ClaudeRecord): boolean {
  return record.message?.model === "<synthetic>";
}

type Fields = Readonly<Record<string, unknown>>;

/** The members of a value nobody has promised the shape of; none where it is no object. */
export function fieldsOf(value: unknown): Fields {
  return typeof value === "object" && value !== null && !Array.isArray(value) ? { ...value } : {};
}

export function stringOf(value: unknown): string | null {
  return typeof value === "string" ? value : null;
}

export function numberOf(value: unknown): number | null {
  return typeof value === "number" && Number.isFinite(value) ? value : null;
}

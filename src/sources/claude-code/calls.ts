import { type Block, blocksOf, type ClaudeRecord, fieldsOf, numberOf, stringOf, textsOf } from "./records.ts";

interface Call {
  readonly id: string;
  readonly name: string;
  readonly input: unknown;
}

/** What a tool gave back. */
export interface Result {
  /** That of its call. */
  readonly id: string;
  readonly isError: boolean;
  readonly blocks: readonly Block[];
  readonly text: string;
  /** What the producer keeps of it beside what the model was given. */
  readonly details: unknown;
  /** As the producer measured it; null where it does not say. */
  readonly durationMs: number | null;
}

/** The tools that an answer calls. */
export function callsOf(record: ClaudeRecord): readonly Call[] {
  if (record.type !== "assistant") return [];
  const uses = blocksOf(record.message?.content ?? []).filter(({ type }) => type === "tool_use");
  return uses.flatMap((use, place) => callOf(record, use, place) ?? []);
}

/** `place`: among the calls of its record. */
export function callOf(record: ClaudeRecord, use: Block, place: number): Call | null {
  const id = use.id ?? idBy(record.uuid, place);
  return id === null ? null : { id, name: use.name ?? "", input: use["input"] };
}

export function resultsOf(record: ClaudeRecord): readonly Result[] {
  if (record.type !== "user") return [];
  const blocks = blocksOf(record.message?.content ?? []);
  const found = blocks.filter(({ type }) => type === "tool_result");
  // The record says more of one result; of several nobody knows which.
  const details = found.length === 1 ? record.toolUseResult : undefined;
  return found.flatMap((block, place) => {
    const id = block.tool_use_id ?? idBy(record.sourceToolAssistantUUID, place);
    return id === null ? [] : [resultOf(id, block, details)];
  });
}

/** Some versions give a call no id; its result then names the record that the call stands in. */
function idBy(uuid: string | null | undefined, place: number): string | null {
  return typeof uuid === "string" ? `${uuid}#${place}` : null;
}

function resultOf(id: string, block: Block, details: unknown): Result {
  const parts = partsOf(block["content"]);
  const text = textsOf(parts);
  const { durationMs, durationSeconds, is_error, totalDurationMs } = fieldsOf(details);
  const took = numberOf(totalDurationMs) ?? numberOf(durationMs);
  const seconds = numberOf(durationSeconds);
  return {
    id,
    isError: block.is_error === true || is_error === true || isFailure(text),
    blocks: parts,
    text,
    details,
    durationMs: took ?? (seconds === null ? null : seconds * 1000),
  };
}

function isFailure(text: string): boolean {
  return (
    text.startsWith("<tool_use_error>") ||
    /^Exit code -?0*[1-9]/.test(text) ||
    text.startsWith("The user doesn't want to proceed")
  );
}

/** The content of a result is read here: it lies in a part of a message, and may be of any shape. */
function partsOf(content: unknown): readonly Block[] {
  if (typeof content === "string") return blocksOf(content);
  const parts: readonly unknown[] = Array.isArray(content) ? content : [];
  return parts.map((part) => {
    const fields = fieldsOf(part);
    return { ...fields, type: stringOf(fields["type"]), text: stringOf(fields["text"]) } satisfies Block;
  });
}

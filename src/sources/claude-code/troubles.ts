import { onOneLine } from "../plain-text.ts";
import {
  blocksOf,
  type ClaudeRecord,
  fieldsOf,
  isSynthetic,
  numberOf,
  stringOf,
  textsOf,
} from "./records.ts";

/** "Retry 2 of 10 in 4 s: overloaded". Null: the record tells of no retry. */
export function retryOf(record: ClaudeRecord): string | null {
  if (record.type !== "system" || record.subtype !== "api_error") return null;
  const { maxRetries, retryAttempt, retryInMs } = record;
  const which = retryAttempt ? ` ${retryAttempt}${maxRetries ? ` of ${maxRetries}` : ""}` : "";
  const when = retryInMs ? ` in ${seconds(retryInMs)} s` : "";
  const why = reason(record.error) ?? textsOf(blocksOf(record.content));
  return `Retry${which}${when}${why === "" ? "" : `: ${short(why)}`}`;
}

/** An error that ended a turn, in the producer's words. Null: there was none. */
export function errorOf(record: ClaudeRecord): string | null {
  if (record.type === "system" && (record.subtype === "error" || record.subtype === "api_refusal"))
    return short(reason(record.error) ?? textsOf(blocksOf(record.content))) || "An error";
  if (record.type !== "assistant") return null;
  const said = textsOf(blocksOf(record.message?.content ?? []));
  const isError = record.isApiErrorMessage === true || (isSynthetic(record) && said.startsWith("API Error"));
  if (isError) return short(said) || "The model could not be reached";
  return record.message?.stop_reason === "refusal" ? "The model refused to answer" : null;
}

/** "Compacted automatically, at 155,782 tokens". */
export function compactionOf(record: ClaudeRecord): string | null {
  if (record.type !== "system" || record.subtype !== "compact_boundary") return null;
  const { preTokens, trigger } = record.compactMetadata ?? {};
  const by = trigger === "auto" ? " automatically" : trigger === "manual" ? " on request" : "";
  return `Compacted${by}${preTokens ? `, at ${preTokens.toLocaleString("en-US")} tokens` : ""}`;
}

/** The innermost message of an error: producers wrap them in one another. */
function reason(error: unknown, depth = 0): string | null {
  if (typeof error === "string") return error;
  const { cause, code, error: inner, formatted, message, status, type } = fieldsOf(error);
  const deeper = depth < 5 ? (reason(inner, depth + 1) ?? reason(cause, depth + 1)) : null;
  const told = deeper ?? stringOf(message) ?? stringOf(formatted) ?? stringOf(code) ?? stringOf(type);
  return told ?? numberOf(status)?.toString() ?? null;
}

function seconds(ms: number): string {
  return ms < 10_000 ? String(Math.round(ms / 100) / 10) : String(Math.round(ms / 1000));
}

const MOST_CHARS = 300;

function short(text: string): string {
  const line = onOneLine(text).trim();
  return line.length > MOST_CHARS ? `${line.slice(0, MOST_CHARS)}…` : line;
}

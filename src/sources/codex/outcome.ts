import { type CallEnd, type CodexRecord, fieldsOf, listOf, textOf } from "./record.ts";
import { saidIn } from "./said.ts";

/** What came of a tool call, by one of the records that tell it. */
export interface Outcome {
  readonly id: string;
  readonly text: string;
  readonly isError: boolean;
  /** As it was measured, without waits. */
  readonly durationMs: number | null;
  /** The session of a command that goes on in the background. */
  readonly goesOn: string | null;
}

/** Null: the record ends no call. */
export function outcomeOf(record: CodexRecord): Outcome | null {
  switch (record.kind) {
    case "response_item/function_call_output":
    case "response_item/custom_tool_call_output":
      return { id: record.payload.call_id, ...toldIn(record.payload.output) };
    case "response_item/tool_search_output": {
      const names = listOf(record.payload.tools).map((tool) => textOf(fieldsOf(tool)["name"]) ?? "");
      return ended(record.payload.call_id, names.filter(Boolean).join("\n"), false, null);
    }
    case "event_msg/exec_command_end": {
      const { aggregated_output, call_id, exit_code, stdout, stderr } = record.payload;
      const text = aggregated_output ?? [stdout, stderr].filter(Boolean).join("\n");
      return ended(call_id, text, isBad(record.payload) || (exit_code ?? 0) !== 0, msOf(record.payload));
    }
    case "event_msg/patch_apply_end": {
      const { call_id, stderr, stdout } = record.payload;
      return ended(call_id, [stdout, stderr].filter(Boolean).join("\n"), isBad(record.payload), null);
    }
    case "event_msg/mcp_tool_call_end":
      return mcpOutcome(record.payload);
    case "event_msg/dynamic_tool_call_response": {
      const { call_id, content_items, error } = record.payload;
      const isError = isBad(record.payload) || (error !== null && error !== undefined);
      return ended(call_id, saidIn(content_items) || (textOf(error) ?? ""), isError, msOf(record.payload));
    }
    default:
      return null;
  }
}

function ended(id: string, text: string, isError: boolean, durationMs: number | null): Outcome {
  return { id, text, isError, durationMs, goesOn: null };
}

function isBad({ status, success }: CallEnd): boolean {
  return success === false || status === "failed" || status === "declined";
}

function msOf({ duration }: CallEnd): number | null {
  return duration === null ? null : duration.secs * 1_000 + duration.nanos / 1_000_000;
}

/** Rust's Result: what went well under Ok, what did not under Err. */
function mcpOutcome(end: CallEnd): Outcome {
  const result = fieldsOf(end.result);
  const answer = fieldsOf(result["Ok"]);
  const error = result["Err"];
  const isError = error !== undefined || answer["isError"] === true || isBad(end);
  const text =
    error === undefined ? saidIn(listOf(answer["content"])) : (textOf(error) ?? JSON.stringify(error));
  return ended(end.call_id, text, isError, msOf(end));
}

type Told = Omit<Outcome, "id">;

/** What the model was given back: a text, its parts, or either with notes on how it went. */
function toldIn(output: unknown): Told {
  if (Array.isArray(output)) return toldInText(saidIn(output));
  if (typeof output === "string") return toldInJson(output) ?? toldInText(output);
  const { content, success, text } = fieldsOf(output);
  const told = toldInText(textOf(content) ?? textOf(text) ?? saidIn(listOf(content)));
  return success === false ? { ...told, isError: true } : told;
}

function toldInJson(output: string): Told | null {
  if (!/^\{\s*"(?:output|metadata)"/.test(output)) return null;
  try {
    const { metadata, output: text } = fieldsOf(JSON.parse(output));
    const { duration_seconds: seconds, exit_code: code } = fieldsOf(metadata);
    return {
      text: textOf(text) ?? "",
      isError: typeof code === "number" && code !== 0,
      durationMs: typeof seconds === "number" ? seconds * 1_000 : null,
      goesOn: null,
    };
  } catch {
    return null;
  }
}

/** Notes stand above the output, one in a line: how it ended, and how long it took. */
function toldInText(text: string): Told {
  const { notes, rest } = headOf(text);
  const [, code] = /^(?:Process exited with code|Exit code:?) (-?\d+)/m.exec(notes) ?? [];
  const [, seconds] = /^Wall time: ([\d.]+) seconds?/m.exec(notes) ?? [];
  const [, session] = /^Process running with session ID (\S+)/m.exec(notes) ?? [];
  return {
    text: rest,
    isError: code === undefined ? FAILED.test(text) : Number(code) !== 0,
    durationMs: seconds === undefined ? null : Number(seconds) * 1_000,
    goesOn: session ?? null,
  };
}

const NOTE =
  /^(?:Command: |Chunk ID: |Wall time: |Process |Exit code: |Original token count: |Total output lines: )/;
const FAILED =
  /^(?:aborted by user|\S+ failed: |\S+ failed for |execution error: |failed to |unsupported |unknown |error: |exec_command failed|command timed out|patch rejected|apply_patch verification failed|Script failed)/i;

/** The notes, and what stands below them. A text without notes is all output. */
function headOf(text: string): { readonly notes: string; readonly rest: string } {
  if (!NOTE.test(text)) return { notes: "", rest: text };
  const [mark] = /^Output:[^\S\n]*(?:\n|$)/m.exec(text) ?? [];
  if (mark === undefined) return { notes: text, rest: "" };
  const start = text.search(/^Output:[^\S\n]*(?:\n|$)/m);
  return { notes: text.slice(0, start), rest: text.slice(start + mark.length) };
}

import { NOTICE, RECORD } from "../../src/protocol/updates.ts";
import { blockText, promptText } from "../conversation/content.ts";
import { type Fields, fieldsOf, listOf, numberOf, textOf } from "../playback/unknown.ts";
import { plural, wholeNumber } from "../ui/format.ts";
import { joined, visible } from "./words.ts";

/** What a message of the agent client protocol says, in a few words. */

export function messageType(message: Fields): string {
  const method = textOf(message["method"]);
  if (method === null) return "error" in message ? "error" : "result";
  const params = fieldsOf(message["params"]);
  if (method === NOTICE) return "notice";
  if (method === RECORD) return `record: ${textOf(params["type"]) ?? "?"}`;
  const update = fieldsOf(params["update"]);
  return method === "session/update" ? (textOf(update["sessionUpdate"]) ?? method) : method;
}

/** The id of the tool call that a message is about without naming it; null of any other. */
export function namelessCall(message: Fields): string | null {
  const params = fieldsOf(message["params"]);
  const call = isPermission(message) ? fieldsOf(params["toolCall"]) : fieldsOf(params["update"]);
  return textOf(call["title"]) === null ? textOf(call["toolCallId"]) : null;
}

/** What a message goes on with that came in many parts; null of any other. */
export function chunkOf(message: Fields): { readonly of: string; readonly text: string } | null {
  const update = fieldsOf(fieldsOf(message["params"])["update"]);
  const kind = textOf(update["sessionUpdate"]);
  if (message["method"] !== "session/update" || kind === null || !CHUNKS.has(kind)) return null;
  return { of: `${kind} ${textOf(update["messageId"]) ?? ""}`, text: blockText(update["content"]) };
}

const CHUNKS: ReadonlySet<string> = new Set([
  "user_message_chunk",
  "agent_message_chunk",
  "agent_thought_chunk",
]);

function isPermission(message: Fields): boolean {
  return message["method"] === "session/request_permission";
}

/** `title`: what the tool call that it does not name was named before. */
export function messageText(message: Fields, title: string | null = null): string {
  const method = textOf(message["method"]);
  if (method === null)
    return "error" in message ? errorText(message["error"]) : resultText(message["result"]);
  const params = fieldsOf(message["params"]);
  return method === "session/update"
    ? updateText(fieldsOf(params["update"]), title)
    : requestText(method, params, title);
}

function requestText(method: string, params: Fields, title: string | null): string {
  switch (method) {
    case "initialize": {
      const client = fieldsOf(params["clientInfo"]);
      return joined(nameAndVersion(client), protocolText(params));
    }
    case "authenticate":
      return textOf(params["methodId"]) ?? "";
    case "session/new":
    case "session/load":
    case "session/resume":
      return textOf(params["cwd"]) ?? "";
    case "session/prompt":
      return promptText(params["prompt"]);
    case "session/cancel":
      return "the turn is to end";
    case "session/set_mode":
      return textOf(params["modeId"]) ?? "";
    case "session/set_model":
      return textOf(params["modelId"]) ?? "";
    case "session/request_permission":
      return permissionText(params, title);
    case "fs/read_text_file":
      return joined(textOf(params["path"]), linesText(params));
    case "fs/write_text_file":
      return joined(textOf(params["path"]), charactersText(params["content"]));
    case NOTICE:
      return textOf(params["text"]) ?? "";
    case RECORD:
      return recordText(fieldsOf(params["record"]));
    case "terminal/create":
      return [
        textOf(params["command"]) ?? "",
        ...listOf(params["args"]).map((arg) => textOf(arg) ?? ""),
      ].join(" ");
    default:
      return otherText(params);
  }
}

function updateText(update: Fields, title: string | null): string {
  switch (textOf(update["sessionUpdate"])) {
    case "user_message_chunk":
    case "agent_message_chunk":
    case "agent_thought_chunk":
      return visible(blockText(update["content"]));
    case "tool_call":
    case "tool_call_update":
      return toolText(update, title);
    case "plan":
      return planText(update);
    case "available_commands_update": {
      const names = listOf(update["availableCommands"]).map((each) => textOf(fieldsOf(each)["name"]) ?? "?");
      return joined(plural(names.length, "command"), names.join(", "));
    }
    case "current_mode_update":
      return textOf(update["currentModeId"]) ?? textOf(update["modeId"]) ?? "";
    case "usage_update":
      return joined(contextText(update), costText(update["cost"]));
    default:
      return otherText(update);
  }
}

function toolText(update: Fields, title: string | null): string {
  const failed = textOf(update["status"]) === "failed" ? toolWords(update) : null;
  const name = textOf(update["title"]) ?? title ?? textOf(update["toolCallId"]);
  return joined(textOf(update["kind"]), name, textOf(update["status"])?.replaceAll("_", " "), failed);
}

/** What a tool said, as far as it is text. */
function toolWords(update: Fields): string {
  return listOf(update["content"])
    .map((part) => blockText(fieldsOf(part)["content"]))
    .filter(Boolean)
    .join(" ");
}

/** How far the plan has come, and what is being done. */
function planText(update: Fields): string {
  const entries = listOf(update["entries"]).map(fieldsOf);
  const isAt = (status: string) => entries.filter((entry) => textOf(entry["status"]) === status);
  const doing = isAt("in_progress")[0] ?? isAt("pending")[0];
  return joined(`${isAt("completed").length} of ${entries.length} done`, textOf(doing?.["content"]));
}

function permissionText(params: Fields, title: string | null): string {
  const call = fieldsOf(params["toolCall"]);
  const options = listOf(params["options"]).map((option) => textOf(fieldsOf(option)["name"]) ?? "?");
  const name = textOf(call["title"]) ?? title ?? textOf(call["toolCallId"]);
  return joined(name, options.join(", "));
}

function errorText(error: unknown): string {
  const fields = fieldsOf(error);
  const code = numberOf(fields["code"]);
  const message = textOf(fields["message"]) ?? "";
  return code === null ? message : `${message} (${code})`;
}

function resultText(result: unknown): string {
  const fields = fieldsOf(result);
  const reason = textOf(fields["stopReason"]);
  if (reason !== null) return joined(reason.replaceAll("_", " "), usageText(fieldsOf(fields["usage"])));
  if ("protocolVersion" in fields)
    return joined(nameAndVersion(fieldsOf(fields["agentInfo"])), protocolText(fields));
  const outcome = fieldsOf(fields["outcome"]);
  if ("outcome" in outcome) return joined(textOf(outcome["outcome"]), textOf(outcome["optionId"]));
  const exit = fieldsOf(fields["exitStatus"] ?? result);
  if ("exitCode" in exit) return exitText(exit);
  return (
    textOf(fields["sessionId"]) ??
    textOf(fields["terminalId"]) ??
    charactersText(fields["content"]) ??
    charactersText(fields["output"]) ??
    "done"
  );
}

function exitText(exit: Fields): string {
  const code = numberOf(exit["exitCode"]);
  return textOf(exit["signal"]) ?? (code === null ? "ended" : `exit ${code}`);
}

function usageText(usage: Fields): string | null {
  const read = numberOf(usage["inputTokens"]);
  const written = numberOf(usage["outputTokens"]);
  if (read === null && written === null) return null;
  return `${wholeNumber(read ?? 0)} tokens in, ${wholeNumber(written ?? 0)} out`;
}

function contextText(update: Fields): string | null {
  const used = numberOf(update["used"]);
  const size = numberOf(update["size"]);
  if (used === null) return usageText(fieldsOf(update["usage"] ?? update));
  return size === null ? plural(used, "token") : `${wholeNumber(used)} of ${plural(size, "token")}`;
}

function costText(cost: unknown): string | null {
  const fields = fieldsOf(cost);
  const amount = numberOf(fields["amount"]);
  return amount === null ? null : `${amount.toFixed(2)} ${textOf(fields["currency"]) ?? ""}`.trim();
}

function protocolText(fields: Fields): string | null {
  const version = numberOf(fields["protocolVersion"]);
  return version === null ? null : `protocol ${version}`;
}

function nameAndVersion(info: Fields): string {
  return [textOf(info["name"]), textOf(info["version"])].filter((part) => part !== null).join(" ");
}

function linesText(params: Fields): string | null {
  const line = numberOf(params["line"]);
  const limit = numberOf(params["limit"]);
  if (line === null) return limit === null ? null : plural(limit, "line");
  return limit === null ? `from line ${line}` : `${plural(limit, "line")} from line ${line}`;
}

function charactersText(content: unknown): string | null {
  const text = textOf(content);
  return text === null ? null : plural(text.length, "character");
}

/** Of a kind that nobody has named: what is usually worth a line. */
/** What is known of a record that nobody knows: its plain fields, the first of them. */
function recordText(record: Fields): string {
  const plain = Object.entries(record).filter(
    ([name, value]) => !NAMES.has(name) && (typeof value === "string" || typeof value === "number"),
  );
  return plain
    .slice(0, MOST_FIELDS)
    .map(([name, value]) => `${name}: ${String(value).slice(0, MOST_CHARS)}`)
    .join(" · ");
}

const MOST_FIELDS = 8;
const MOST_CHARS = 200;
/** The same in every record. */
const NAMES: ReadonlySet<string> = new Set([
  "type",
  "uuid",
  "parentUuid",
  "sessionId",
  "timestamp",
  "cwd",
  "version",
  "gitBranch",
  "userType",
]);

function otherText(fields: Fields): string {
  return joined(
    textOf(fields["title"]) ??
      textOf(fields["name"]) ??
      textOf(fields["path"]) ??
      textOf(fields["terminalId"]),
    textOf(fields["status"]),
    blockText(fields["content"]),
  );
}

import { type CodexRecord, type Fields, fieldsOf, listOf, textOf, wordsOf } from "./record.ts";
import { type FileChange, patchChanges, patchIn } from "./patch.ts";

/** A tool call, as it is shown and told. It follows from the record that begins it alone. */
export interface ToolCall {
  readonly id: string;
  /** In the producer's word: "exec_command". */
  readonly tool: string;
  /** In ACP's words. */
  readonly kind: "read" | "edit" | "execute" | "fetch" | "search" | "think" | "other";
  /** One line. */
  readonly title: string;
  readonly paths: readonly string[];
  readonly changes: readonly FileChange[];
  /** As it was given; undefined where the changes tell it better. */
  readonly input: unknown;
  /** Of a call that goes on with a command: that command's session. */
  readonly continues: string | null;
  /** It wants to leave the sandbox, or asks a question. */
  readonly wantsLeave: boolean;
  readonly isQuestion: boolean;
  /** Nothing tells of its result: it was over when it was written. */
  readonly isOver: boolean;
}

/** What a record begins; null where it begins no call. */
export function callOf(record: CodexRecord): ToolCall | null {
  switch (record.kind) {
    case "response_item/function_call":
    case "response_item/custom_tool_call": {
      const { arguments: given, call_id: id, input, name, namespace } = record.payload;
      return named(id, name, namespace, record.kind === "response_item/function_call" ? given : input);
    }
    case "response_item/local_shell_call":
      return shell(record.payload.call_id, "local_shell", record.payload.action ?? {});
    case "response_item/tool_search_call": {
      const { arguments: given, call_id: id } = record.payload;
      const input = inputOf(given);
      return { ...plain(id, "tool_search", input), kind: "search", title: titled("Find tools", input) };
    }
    case "response_item/web_search_call":
    case "event_msg/web_search_end":
      return webSearch(record.payload);
    default:
      return null;
  }
}

type Kind = ToolCall["kind"];

/** Tools whose names say what they do: in ACP's words, and in a person's where the name is none. */
const TOOLS: ReadonlyMap<string, { readonly kind: Kind; readonly word?: string }> = new Map([
  // Scripts that call tools themselves.
  ["exec", { kind: "execute" }],
  ["js", { kind: "execute" }],
  ["read_file", { kind: "read" }],
  ["view_image", { kind: "read" }],
  ["list_dir", { kind: "read" }],
  ["grep_files", { kind: "search" }],
  ["spawn_agent", { kind: "think", word: "Agent" }],
  ["send_input", { kind: "think", word: "To the agent" }],
  ["wait", { kind: "think", word: "Wait for agents" }],
  ["wait_agent", { kind: "think", word: "Wait for agents" }],
  ["close_agent", { kind: "think", word: "Close the agent" }],
]);
const SHELLS = new Set(["exec_command", "shell", "shell_command", "container.exec", "local_shell", "bash"]);
const QUESTIONS = new Set(["request_user_input", "ask_user", "request_permissions"]);
/** It makes the plan that it is given. */
export const PLAN = "update_plan";

function named(id: string, name: string, namespace: string | null, given: unknown): ToolCall {
  const input = inputOf(given);
  if (name === "apply_patch") return patch(id, textOf(given) ?? textOf(input["input"]) ?? "", input);
  if (SHELLS.has(name)) return shell(id, name, input);
  if (name === "write_stdin") return poll(id, input);
  const tool = namespace === null || namespace === "" ? name : `${namespace}.${name}`;
  const { kind = "other", word = tool } = TOOLS.get(name) ?? {};
  const text = textOf(given)?.trim() ?? "";
  const path = textOf(input["path"]) ?? textOf(input["file_path"]) ?? textOf(input["dir_path"]);
  const isText = text !== "" && !text.startsWith("{");
  return {
    ...plain(id, tool, isText ? given : input),
    kind,
    title: isText ? oneLine(`${word}: ${text}`) : titled(word, input),
    paths: path === null ? [] : [path],
    isQuestion: QUESTIONS.has(name),
  };
}

function plain(id: string, tool: string, input: unknown): ToolCall {
  return {
    id,
    tool,
    kind: "other",
    title: tool,
    paths: [],
    changes: [],
    input,
    continues: null,
    wantsLeave: false,
    isQuestion: false,
    isOver: false,
  };
}

function shell(id: string, tool: string, input: Fields): ToolCall {
  const command = commandOf(input["command"] ?? input["cmd"]);
  const text = patchIn(command);
  const asked = textOf(input["sandbox_permissions"]) ?? "";
  const wantsLeave = asked === "require_escalated" || input["with_escalated_permissions"] === true;
  if (text !== null) return { ...patch(id, text, input), tool, wantsLeave };
  return { ...plain(id, tool, input), kind: "execute", title: oneLine(command) || tool, wantsLeave };
}

function poll(id: string, input: Fields): ToolCall {
  const { session_id: told } = input;
  const session = typeof told === "number" ? String(told) : (textOf(told) ?? "");
  const chars = textOf(input["chars"]) ?? "";
  const title = chars === "" ? `Wait for command ${session}` : `Write to command ${session}: ${typed(chars)}`;
  return { ...plain(id, "write_stdin", input), kind: "execute", title: oneLine(title), continues: session };
}

/** Keys nobody sees, by name. */
function typed(chars: string): string {
  return chars.replaceAll("\u0003", "Ctrl-C").replaceAll("\u0004", "Ctrl-D").replaceAll("\u001B", "Esc");
}

function patch(id: string, text: string, input: Fields): ToolCall {
  const changes = patchChanges(text);
  const paths = [...new Set(changes.map(({ path }) => path))];
  return {
    ...plain(id, "apply_patch", changes.length === 0 ? (text === "" ? input : text) : undefined),
    kind: "edit",
    title: editTitle(words(changes), paths),
    paths,
    changes,
  };
}

function editTitle(word: string, paths: readonly string[]): string {
  const [first] = paths;
  const more = paths.length > 1 ? ` and ${paths.length - 1} more` : "";
  return first === undefined ? "apply_patch" : oneLine(`${word} ${first}${more}`);
}

function words(changes: readonly FileChange[]): string {
  if (changes.every(({ isDeleted }) => isDeleted)) return "Delete";
  return changes.every(({ oldText }) => oldText === null) ? "Add" : "Edit";
}

/** Neither telling has the other's id; what was looked for is the same in both. */
function webSearch({
  action,
  query,
}: {
  readonly action: Fields | null;
  readonly query: string | null;
}): ToolCall {
  const fields = action ?? {};
  const [url, pattern, sought] = ["url", "pattern", "query"].map((key) => textOf(fields[key]));
  const asked =
    sought ??
    query ??
    listOf(fields["queries"])
      .map(textOf)
      .find((text) => text !== null) ??
    "";
  const what = url === undefined || url === null ? asked : pattern ? `${pattern} in ${url}` : url;
  const isSearch = url === undefined || url === null;
  return {
    ...plain(`web-search:${what}`, "web_search", action ?? { query }),
    kind: isSearch ? "search" : "fetch",
    title: oneLine(`${isSearch ? "Search the web" : "Open"}: ${what}`),
    isOver: true,
  };
}

/** Arguments are JSON in a text, or the value itself. */
function inputOf(given: unknown): Fields {
  if (typeof given !== "string") return fieldsOf(given);
  if (!given.startsWith("{")) return {};
  try {
    return fieldsOf(JSON.parse(given));
  } catch {
    return {};
  }
}

/** As somebody would type it. */
export function commandOf(command: unknown): string {
  if (typeof command === "string") return command;
  const given = wordsOf(command) ?? [];
  const [program, flag, text] = given;
  // A shell that is handed one text runs that text.
  if (given.length === 3 && /(?:^|\/)(?:ba|z|da|fi)?sh$/.test(program ?? "") && /^-l?c$/.test(flag ?? ""))
    return text ?? "";
  return given.map(quoted).join(" ");
}

function quoted(word: string): string {
  return /^[\w@%+=:,./-]+$/.test(word) ? word : `'${word.replaceAll("'", String.raw`'\''`)}'`;
}

/** A call that a record of its end tells of, and no other. */
export function endedCall(record: CodexRecord): ToolCall | null {
  switch (record.kind) {
    case "event_msg/exec_command_end": {
      const { call_id: id, command } = record.payload;
      return shell(id, "exec_command", { command });
    }
    case "event_msg/mcp_tool_call_end": {
      const { server, tool, arguments: given } = fieldsOf(record.payload.invocation);
      const name = [server, tool].flatMap((part) => textOf(part) ?? []).join(".");
      const input = fieldsOf(given);
      return { ...plain(record.payload.call_id, name || "mcp", input), title: titled(name || "mcp", input) };
    }
    case "event_msg/patch_apply_end": {
      const paths = Object.keys(record.payload.changes ?? {});
      return {
        ...plain(record.payload.call_id, "apply_patch", undefined),
        kind: "edit",
        title: editTitle("Edit", paths),
        paths,
      };
    }
    default:
      return null;
  }
}

/** The first word of what was handed in is what it is about. */
function titled(name: string, input: Fields): string {
  const about = ["title", "name", "query", "pattern", "path", "message", "prompt", "question", "url"]
    .map((key) => textOf(input[key]))
    .find((text) => text !== null && text !== "");
  return oneLine(about === undefined || about === null ? name : `${name}: ${about}`);
}

const TITLE_CHARS = 400;

export function oneLine(text: string): string {
  const line = text
    .slice(0, 2 * TITLE_CHARS)
    .replaceAll(/\s+/gu, " ")
    .trim();
  return line.length > TITLE_CHARS ? `${line.slice(0, TITLE_CHARS)}…` : line;
}

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

const SHELLS = new Set(["exec_command", "shell", "shell_command", "container.exec", "local_shell", "bash"]);
const READS = new Set(["read_file", "view_image", "list_dir"]);
const SEARCHES = new Set(["grep_files", "tool_search", "web_search"]);
const AGENTS = new Set(["spawn_agent", "send_input", "wait", "wait_agent", "close_agent", "resume_agent"]);
export const QUESTIONS: ReadonlySet<string> = new Set([
  "request_user_input",
  "ask_user",
  "request_permissions",
]);
/** Its output is what the plan is now. */
export const PLAN = "update_plan";

function named(id: string, name: string, namespace: string | null, given: unknown): ToolCall {
  const input = inputOf(given);
  if (name === "apply_patch") return patch(id, textOf(given) ?? textOf(input["input"]) ?? "", input);
  if (SHELLS.has(name)) return shell(id, name, input);
  if (name === "write_stdin") return poll(id, input);
  const tool = namespace === null || namespace === "" ? name : `${namespace}.${name}`;
  const call = plain(id, tool, textOf(given) !== null && Object.keys(input).length === 0 ? given : input);
  const path = textOf(input["path"]) ?? textOf(input["file_path"]) ?? textOf(input["dir_path"]);
  return {
    ...call,
    kind: READS.has(name) ? "read" : SEARCHES.has(name) ? "search" : AGENTS.has(name) ? "think" : "other",
    title: AGENTS.has(name) ? titled(AGENT_WORDS.get(name) ?? name, input) : titled(tool, input),
    paths: path === null ? [] : [path],
    isQuestion: QUESTIONS.has(name),
  };
}

const AGENT_WORDS: ReadonlyMap<string, string> = new Map([
  ["spawn_agent", "Agent"],
  ["send_input", "To the agent"],
  ["wait", "Wait for agents"],
  ["wait_agent", "Wait for agents"],
  ["close_agent", "Close the agent"],
]);

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
  const [first] = paths;
  const more = paths.length > 1 ? ` and ${paths.length - 1} more` : "";
  return {
    ...plain(id, "apply_patch", changes.length === 0 ? (text === "" ? input : text) : undefined),
    kind: "edit",
    title: first === undefined ? "apply_patch" : oneLine(`${words(changes)} ${first}${more}`),
    paths,
    changes,
  };
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

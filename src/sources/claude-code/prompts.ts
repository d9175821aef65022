import { type Block, blocksOf, type ClaudeRecord, isAside, stringOf, fieldsOf, textsOf } from "./records.ts";

/** What a user's record, or a command that waited its turn, comes to. It follows from the record alone. */
export type Words =
  /** A person asks for something. */
  | { readonly is: "prompt"; readonly text: string; readonly blocks: readonly Block[] }
  /** A person said more while the agent worked, and it was given that between two calls: its turn goes on. */
  | { readonly is: "remark"; readonly text: string; readonly blocks: readonly Block[] }
  /** A person stopped the agent. */
  | { readonly is: "interrupted" }
  /** A command that the program carries out itself, or a shell's: "/exit". */
  | { readonly is: "command"; readonly text: string }
  /** The conversation so far, in few words, in place of itself. */
  | { readonly is: "summary"; readonly text: string }
  /** A task in the background is over. */
  | { readonly is: "task"; readonly task: string | null; readonly isOver: boolean; readonly text: string }
  /** The program said it: what a command printed, reminders, the text of a skill. */
  | { readonly is: "aside" };

const ASIDE: Words = { is: "aside" };

export function wordsOf(record: ClaudeRecord): Words {
  if (isAside(record)) return ASIDE;
  switch (record.type) {
    case "user":
      return userWords(record);
    case "attachment":
      return queuedWords(record);
    case "queue-operation": {
      const words = record.operation === "enqueue" ? spoken(blocksOf(record.content)) : ASIDE;
      // What a person typed comes again when the agent is given it.
      return words.is === "task" ? words : ASIDE;
    }
    case "system": {
      // Newer versions write down so what else is a user's record.
      const words = record.subtype === "local_command" ? spoken(blocksOf(record.content)) : ASIDE;
      return words.is === "command" ? words : ASIDE;
    }
    default:
      return ASIDE;
  }
}

function userWords(record: ClaudeRecord): Words {
  const blocks = blocksOf(record.message?.content ?? []);
  if (record.isCompactSummary === true) return { is: "summary", text: textsOf(blocks) };
  const words = spoken(blocks);
  if (words.is === "interrupted") return words;
  if (record.isMeta === true || blocks.some(({ type }) => type === "tool_result")) return ASIDE;
  return words.is === "prompt" && isByProgram(record.origin?.kind) ? ASIDE : words;
}

function queuedWords({ attachment }: ClaudeRecord): Words {
  if (attachment?.type !== "queued_command") return ASIDE;
  const words = spoken(blocksOf(attachment.prompt));
  const kind = stringOf(fieldsOf(attachment.origin)["kind"]);
  const isTyped = (attachment.commandMode ?? "prompt") === "prompt" && !isByProgram(kind);
  if (words.is !== "prompt") return words;
  return isTyped ? { ...words, is: "remark" } : ASIDE;
}

function isByProgram(kind: string | null | undefined): boolean {
  return /task|team|agent|peer|coordinator|cron|hook|channel|auto/.test(kind ?? "");
}

/** What the program puts around or before a person's words. */
const ADDED = ["system-reminder", "ide_opened_file", "ide_selection", "ide_diagnostics"];
const PRINTED =
  /^<(?:local-command-(?:stdout|stderr|caveat)|bash-(?:stdout|stderr)|user-memory-input|teammate-message)\b/;
const CONTINUED = "This session is being continued from a previous conversation";

/** Commands the program carries out itself, which then put the agent to work. */
const WORKING = new Set(["/goal", "/plan", "/loop"]);

function spoken(blocks: readonly Block[]): Words {
  const said = textsOf(blocks);
  const text = ADDED.reduce(without, said).trim();
  if (text === "" && !blocks.some(({ type }) => type === "image" || type === "document")) return ASIDE;
  if (text.startsWith("[Request interrupted by user")) return { is: "interrupted" };
  if (text.startsWith("<task-notification")) return task(text);
  if (text.startsWith(CONTINUED)) return { is: "summary", text };
  if (PRINTED.test(text)) return ASIDE;
  if (text.startsWith("<bash-input>"))
    return { is: "command", text: `! ${inside(text, "bash-input") ?? ""}` };
  // A command of the program has its name first; one that is a prompt has its message first.
  if (/^<command-(?:name|message)>/.test(text)) return command(text);
  return { is: "prompt", text, blocks };
}

function command(text: string): Words {
  const name = inside(text, "command-name") ?? inside(text, "command-message") ?? "";
  const args = inside(text, "command-args") ?? "";
  const typed = `${name.startsWith("/") ? name : `/${name}`} ${args}`.trim();
  const isPrompt = text.startsWith("<command-message>") || (WORKING.has(name) && args !== "");
  return isPrompt
    ? { is: "prompt", text: typed, blocks: [{ type: "text", text: typed }] }
    : { is: "command", text: typed };
}

function task(text: string): Words {
  const status = inside(text, "status") ?? "";
  return {
    is: "task",
    task: inside(text, "task-id"),
    isOver: !/^(?:running|pending|started|progress)/.test(status),
    text: inside(text, "summary") ?? "A task in the background is over",
  };
}

/** By hand: a pattern would take its time over a text of many openings. */
function without(text: string, tag: string): string {
  const [open, close] = [`<${tag}>`, `</${tag}>`];
  let left = "";
  let from = 0;
  for (;;) {
    const start = text.indexOf(open, from);
    const end = start < 0 ? -1 : text.indexOf(close, start);
    if (end < 0) return left + text.slice(from);
    left += text.slice(from, start);
    from = end + close.length;
  }
}

function inside(text: string, tag: string): string | null {
  const from = text.indexOf(`<${tag}>`);
  const to = from < 0 ? -1 : text.indexOf(`</${tag}>`, from);
  return to < 0 ? null : text.slice(from + tag.length + 2, to).trim();
}

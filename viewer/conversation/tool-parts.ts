import { fieldsOf, isFields, listOf, textOf } from "../playback/unknown.ts";
import type { Change } from "../text/comparison.ts";
import { shellLine } from "../text/shell-line.ts";
import { hasEscapes } from "../text/terminal-text.ts";
import type { ToolContent, ToolEntry } from "./entry.ts";
import { unfenced } from "./unfenced.ts";

/** What an opened tool call shows, in the order it is shown. */
export type ToolPart =
  | { readonly kind: "command"; readonly text: string; readonly folder: string | null }
  | { readonly kind: "value"; readonly label: string; readonly value: unknown }
  | { readonly kind: "text" | "terminal"; readonly label: string; readonly text: string }
  | {
      readonly kind: "code";
      readonly label: string;
      readonly text: string;
      readonly language: string | null;
    }
  | { readonly kind: "diff"; readonly path: string; readonly change: Change };

export function toolParts(entry: ToolEntry): ToolPart[] {
  const input = inputPart(entry);
  const output =
    entry.content.length === 0
      ? rawParts(entry, entry.rawOutput)
      : entry.content.map((content) => contentPart(entry, content));
  // Of an edit, the change tells more than what was handed in.
  const changes = output.filter(({ kind }) => kind === "diff");
  const rest = output.filter(({ kind }) => kind !== "diff");
  return [...changes, ...(input === null ? [] : [input]), ...rest];
}

function inputPart({ rawInput }: ToolEntry): ToolPart | null {
  if (isNothing(rawInput)) return null;
  if (typeof rawInput === "string") return { kind: "text", label: "Input", text: rawInput };
  const fields = fieldsOf(rawInput);
  const command = commandOf(fields["command"] ?? fields["cmd"]);
  if (command === null) return { kind: "value", label: "Input", value: rawInput };
  const folder = textOf(fields["cwd"]) ?? textOf(fields["workdir"]);
  return { kind: "command", text: command, folder };
}

/** A command as somebody would type it; null where that is not known. */
function commandOf(command: unknown): string | null {
  if (typeof command === "string") return command === "" ? null : command;
  const parts = listOf(command);
  const words = parts.filter((part) => typeof part === "string");
  if (parts.length === 0 || words.length < parts.length) return null;
  // A shell that is handed one text runs that text.
  const [shell, flag, text] = words;
  if (words.length === 3 && /(?:^|\/)(?:ba|z|da|fi)?sh$/.test(shell ?? "") && /^-l?c$/.test(flag ?? ""))
    return text ?? null;
  return shellLine(words);
}

function contentPart(entry: ToolEntry, content: ToolContent): ToolPart {
  switch (content.kind) {
    case "diff":
      return { kind: "diff", path: content.path, change: content };
    case "text":
      return textPart(entry, "Output", content.text);
  }
}

function textPart({ locations, toolKind }: ToolEntry, label: string, text: string): ToolPart {
  const code = unfenced(text);
  const shown = code?.text ?? text;
  const isShell = code !== null && SHELLS.has(code.language);
  if (hasEscapes(shown) || toolKind === "execute" || isShell) return { kind: "terminal", label, text: shown };
  if (code !== null)
    return { kind: "code", label, text: shown, language: code.language === "" ? null : code.language };
  const [place] = locations;
  if (toolKind !== "read" || place === undefined || locations.length > 1)
    return { kind: "text", label, text };
  return { kind: "code", label, text, language: /\.(\w+)(?::\d+)?$/.exec(place)?.[1] ?? null };
}

const SHELLS = new Set(["console", "ansi", "sh", "bash", "shell", "terminal"]);

/** Some agents say what came of a call by its raw output alone. */
function rawParts(entry: ToolEntry, rawOutput: unknown): ToolPart[] {
  if (isNothing(rawOutput)) return [];
  if (typeof rawOutput === "string") return [textPart(entry, "Output", rawOutput)];
  if (!isFields(rawOutput)) return [{ kind: "value", label: "Output", value: rawOutput }];
  const { stderr, stdout } = rawOutput;
  const streams: ToolPart[] = [];
  for (const [label, stream] of [
    ["Output", stdout],
    ["Errors", stderr],
  ] as const)
    if (typeof stream === "string" && stream !== "") streams.push({ kind: "terminal", label, text: stream });
  if (streams.length === 0) return [{ kind: "value", label: "Output", value: rawOutput }];
  const code = rawOutput["exitCode"] ?? rawOutput["exit_code"];
  if (typeof code === "number") streams.push({ kind: "text", label: "Exit code", text: String(code) });
  return streams;
}

function isNothing(value: unknown): boolean {
  if (value === undefined || value === null || value === "") return true;
  return isFields(value) && Object.keys(value).length === 0;
}

import { fieldsOf, textOf } from "../playback/unknown.ts";
import { plainTerminal } from "../text/terminal-text.ts";
import { firstLine } from "../ui/format.ts";
import type { ToolEntry } from "./entry.ts";
import { unfenced } from "./unfenced.ts";

/** What a failed call says first of why; null where it says nothing. */
export function failureLine({ content, rawOutput, status }: ToolEntry): string | null {
  if (status !== "failed") return null;
  const said = content.flatMap((part) => (part.kind === "text" ? [part.text] : []));
  const { error, message, output, stderr } = fieldsOf(rawOutput);
  const texts = [...said, rawOutput, fieldsOf(error)["message"], error, message, stderr, output];
  for (const each of texts) {
    const text = textOf(each);
    if (text === null) continue;
    const line = firstLine(plainTerminal(unfenced(text)?.text ?? text));
    if (line.trim() !== "") return line.trim();
  }
  return null;
}

import { fieldsOf, listOf, textOf } from "./record.ts";

/** What stands in the parts of a message; of what is no text a word says that it was there. */
export function saidIn(content: readonly unknown[]): string {
  return content.map(partText).filter(Boolean).join("\n");
}

function partText(part: unknown): string {
  const fields = fieldsOf(part);
  const text = textOf(fields["text"]);
  if (text !== null) return text;
  return fields["type"] === "input_image" && textOf(fields["image_url"]) !== null ? "[image]" : "";
}

/** What was thought, as far as it may be read. */
export function thoughtIn({
  content,
  summary,
}: {
  readonly content: readonly unknown[];
  readonly summary: readonly unknown[];
}): string {
  const said = [...listOf(summary), ...listOf(content)].map((part) => textOf(fieldsOf(part)["text"]) ?? "");
  return said.filter(Boolean).join("\n\n");
}

/** Is it what the tool itself put among the person's words: where it runs, rules, what was switched off? */
export function isInjected(text: string): boolean {
  return /^\s*(?:<[a-z_]+[\s>]|# AGENTS\.md instructions|Warning:)/i.test(text);
}

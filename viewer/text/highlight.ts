import { common, createLowlight } from "lowlight";
import { fieldsOf, listOf, textOf } from "../playback/unknown.ts";

/** A stretch of code with the name of its colour; null has none. */
export interface Piece {
  readonly text: string;
  readonly tone: Tone | null;
}

export type Tone = "comment" | "keyword" | "text" | "number" | "name" | "type" | "added" | "removed";

const lowlight = createLowlight(common);

/** The few colours there are; the many classes of the library come down to them. */
const TONES = new Map<string, Tone>([
  ["comment", "comment"],
  ["quote", "comment"],
  ["meta", "comment"],
  ["keyword", "keyword"],
  ["selector-tag", "keyword"],
  ["doctag", "keyword"],
  ["string", "text"],
  ["regexp", "text"],
  ["char", "text"],
  ["link", "text"],
  ["number", "number"],
  ["literal", "number"],
  ["symbol", "number"],
  ["title", "name"],
  ["name", "name"],
  ["section", "name"],
  ["attr", "name"],
  ["attribute", "name"],
  ["property", "name"],
  ["selector-class", "name"],
  ["selector-id", "name"],
  ["type", "type"],
  ["built_in", "type"],
  ["variable", "type"],
  ["template-variable", "type"],
  ["addition", "added"],
  ["deletion", "removed"],
]);
const PREFIX = "hljs-";

export function knowsLanguage(language: string): boolean {
  return lowlight.registered(language.toLowerCase());
}

/** The code in stretches of one colour; null where its language is not known. */
export function highlight(text: string, language: string): readonly Piece[] | null {
  if (!knowsLanguage(language)) return null;
  const pieces: Piece[] = [];
  collect(lowlight.highlight(language.toLowerCase(), text), null, pieces);
  return pieces;
}

function collect(node: unknown, tone: Tone | null, pieces: Piece[]): void {
  const fields = fieldsOf(node);
  const text = fields["type"] === "text" ? textOf(fields["value"]) : null;
  const last = pieces.at(-1);
  if (text !== null && last?.tone === tone) pieces[pieces.length - 1] = { text: last.text + text, tone };
  else if (text !== null) pieces.push({ text, tone });
  const own = toneOf(fieldsOf(fields["properties"])["className"]) ?? tone;
  // What stands in for a part of a text is code again.
  for (const child of listOf(fields["children"])) collect(child, own, pieces);
}

function toneOf(classes: unknown): Tone | null {
  for (const name of listOf(classes)) {
    const tone = TONES.get((textOf(name) ?? "").slice(PREFIX.length));
    if (tone !== undefined) return tone;
  }
  return null;
}

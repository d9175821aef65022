import { fieldsOf, isFields } from "../playback/unknown.ts";

/** What a grader gives as the ground of a verdict, by its form. */
export type Evidence =
  /** What was expected beside what was there. */
  | { readonly is: "pairs"; readonly pairs: readonly Pair[] }
  | { readonly is: "json"; readonly value: unknown }
  | { readonly is: "text"; readonly text: string };

export interface Pair {
  readonly name: string;
  readonly value: string;
  readonly side: "expected" | "answer" | "other";
}

const EXPECTED: ReadonlySet<string> = new Set(["expected", "expect", "want", "wanted", "reference"]);
const ANSWER: ReadonlySet<string> = new Set([
  "answer",
  "actual",
  "got",
  "received",
  "output",
  "response",
  "found",
]);
/** Longer texts are not looked through for a form. */
const MOST_CHARS = 100_000;
const MOST_PAIRS = 8;

export function evidenceOf(text: string): Evidence {
  if (text.length > MOST_CHARS) return { is: "text", text };
  const value = jsonOf(text);
  if (value !== undefined) {
    const pairs = Object.entries(fieldsOf(value)).map(([name, member]) => pairOf(name, wordOf(member)));
    return tells(pairs) ? { is: "pairs", pairs } : { is: "json", value };
  }
  const pairs = linePairs(text) ?? sentencePairs(text);
  return pairs === null ? { is: "text", text } : { is: "pairs", pairs };
}

/** Undefined where it is no JSON, or no more than a word of it. */
function jsonOf(text: string): unknown {
  if (!/^\s*[[{]/.test(text)) return undefined;
  try {
    const value: unknown = JSON.parse(text);
    return isFields(value) || Array.isArray(value) ? value : undefined;
  } catch {
    return undefined;
  }
}

/** "Expected: x" and "Answer: y", each on a line of its own. */
function linePairs(text: string): Pair[] | null {
  const lines = text.trim().split("\n");
  if (lines.length > MOST_PAIRS) return null;
  const pairs: Pair[] = [];
  for (const line of lines) {
    const colon = line.indexOf(":");
    const name = line.slice(0, colon).trim();
    if (colon === -1 || !/^[A-Za-z][\w -]{0,24}$/.test(name)) return null;
    pairs.push(pairOf(name, line.slice(colon + 1).trim()));
  }
  return tells(pairs) ? pairs : null;
}

/** "Expected x, got y". */
function sentencePairs(text: string): Pair[] | null {
  const line = text.trim();
  const begin = /^(expected|want):? /i.exec(line);
  const middle = /[,;]? (?:but )?(got|received|found|actual):? /i.exec(line);
  if (begin === null || middle === null || line.includes("\n") || middle.index < begin[0].length) return null;
  return [
    pairOf(begin[1] ?? "", line.slice(begin[0].length, middle.index)),
    pairOf(middle[1] ?? "", line.slice(middle.index + middle[0].length)),
  ];
}

function tells(pairs: readonly Pair[]): boolean {
  const has = (side: Pair["side"]) => pairs.some((pair) => pair.side === side);
  return pairs.length <= MOST_PAIRS && has("expected") && has("answer");
}

function pairOf(name: string, value: string): Pair {
  const word = name.toLowerCase();
  const [first = ""] = word.split(/[ _-]/);
  const side =
    EXPECTED.has(word) || EXPECTED.has(first)
      ? "expected"
      : ANSWER.has(word) || ANSWER.has(first)
        ? "answer"
        : "other";
  return { name: word, value, side };
}

function wordOf(value: unknown): string {
  return typeof value === "string" ? value : (JSON.stringify(value) ?? "");
}

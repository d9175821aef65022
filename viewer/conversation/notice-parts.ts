/** A notice longer than this is folded: it is there to be seen in passing. */
const LONG = 300;
const MOST_HEAD = 160;

interface NoticeParts {
  /** What always shows. */
  readonly head: string;
  /** What shows when it is asked for; null where the head is all. */
  readonly rest: string | null;
}

export function noticeParts(text: string): NoticeParts {
  if (text.length <= LONG) return { head: text, rest: null };
  const [line = ""] = text.split("\n", 1);
  const rest = text.slice(line.length).trim();
  if (line.length > 0 && line.length <= MOST_HEAD && rest !== "") return { head: line, rest };
  return { head: `${startOf(line === "" ? text.trim() : line)}…`, rest: text };
}

/** Up to a word's end, if there is one, and never half of a sign. */
function startOf(text: string): string {
  const cut = text.slice(0, MOST_HEAD).replace(/[\uD800-\uDBFF]$/, "");
  return cut.replace(/(?<=.{80})\s+\S*$/su, "");
}

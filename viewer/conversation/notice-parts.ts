/** What a notice says at once, and what it says to who wants to read on; null where that is all. */
export interface NoticeParts {
  readonly head: string;
  readonly rest: string | null;
}

/** A notice of more than this is folded. */
const MOST_LINES = 6;
const MOST_CHARS = 600;
const HEAD_CHARS = 200;

/** A summary of a conversation, or what a server wrote of its failure, may be as long as the conversation. */
export function noticeParts(text: string): NoticeParts {
  const whole = text.trim();
  const isShort = whole.length <= MOST_CHARS && whole.split("\n", MOST_LINES + 1).length <= MOST_LINES;
  if (isShort) return { head: whole, rest: null };
  const end = whole.indexOf("\n");
  const first = (end === -1 ? whole : whole.slice(0, end)).trimEnd();
  if (first.length <= HEAD_CHARS) return { head: first, rest: whole.slice(first.length).trimStart() };
  // The line goes on, so it is read from its start.
  return { head: `${first.slice(0, HEAD_CHARS).trimEnd()}…`, rest: whole };
}

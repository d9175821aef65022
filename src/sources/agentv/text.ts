/** A text of a conversation that is longer is cut: a page has to hold it. */
const MOST_CHARS = 256 * 1024;

export function cutText(text: string): string {
  if (text.length <= MOST_CHARS) return text;
  return `${text.slice(0, MOST_CHARS)}\n… (${text.length - MOST_CHARS} characters more)`;
}

/** A value as it is, unless its text is too long: then the beginning of that. */
export function cutValue(value: unknown): unknown {
  if (typeof value === "string") return cutText(value);
  const json = JSON.stringify(value) ?? "";
  return json.length <= MOST_CHARS ? value : cutText(json);
}

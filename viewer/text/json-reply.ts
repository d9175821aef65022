/** A reply longer than this is left as it is. */
const MOST_CHARS = 20_000;

/**
 * A paragraph that is one JSON object or list, laid out to be read; null for any
 * other. Flows ask their agents for such replies. Only what layout adds may
 * differ: where reading and writing would change more (a number too long, a name
 * given twice), it is left as it was said.
 */
export function jsonReply(paragraph: string): string | null {
  const text = paragraph.trim();
  if (!/^(?:\{[^]*\}|\[[^]*\])$/.test(text) || text.length > MOST_CHARS) return null;
  try {
    const value: unknown = JSON.parse(text);
    return JSON.stringify(value) === withoutLayout(text) ? JSON.stringify(value, null, 2) : null;
  } catch {
    return null;
  }
}

/** JSON without the white space between its parts. */
function withoutLayout(json: string): string {
  return json.replaceAll(/("(?:[^"\\]|\\.)*")|\s+/g, (_match, quoted: string | undefined) => quoted ?? "");
}

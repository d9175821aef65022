/** A reply longer than this is left as it is. */
const MOST_CHARS = 20_000;
/** What lies deeper, layout would put out of sight; and each level indents all that is in it. */
const MOST_LEVELS = 20;

/**
 * A paragraph that is one JSON object or list, laid out to be read; null for any
 * other. Flows ask their agents for such replies. Only what layout adds may
 * differ: where reading and writing would change more (a number too long, a name
 * given twice), it is left as it was said.
 */
export function jsonReply(paragraph: string): string | null {
  const text = paragraph.trim();
  if (!/^(?:\{[^]*\}|\[[^]*\])$/.test(text) || text.length > MOST_CHARS) return null;
  if (levelsOf(text) > MOST_LEVELS) return null;
  try {
    const value: unknown = JSON.parse(text);
    return JSON.stringify(value) === withoutLayout(text) ? JSON.stringify(value, null, 2) : null;
  } catch {
    return null;
  }
}

/** How deep its lists and objects lie in each other. */
function levelsOf(json: string): number {
  let deepest = 0;
  let level = 0;
  for (const [part] of json.matchAll(/"(?:[^"\\]|\\.)*"|[[{\]}]/g)) {
    if (part === "[" || part === "{") deepest = Math.max(deepest, ++level);
    else if (part === "]" || part === "}") level -= 1;
  }
  return deepest;
}

/** JSON without the white space between its parts. */
function withoutLayout(json: string): string {
  return json.replaceAll(/("(?:[^"\\]|\\.)*")|\s+/g, (_match, quoted: string | undefined) => quoted ?? "");
}

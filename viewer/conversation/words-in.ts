/** A place in a list of texts: which of them, and how far into it. */
interface TextPlace {
  readonly text: number;
  readonly offset: number;
}

export interface WordsPlace {
  readonly from: TextPlace;
  readonly to: TextPlace;
}

/** Of more text than this the end is looked through. */
const MOST_CHARS = 200_000;

/**
 * Where words stand last in texts that follow one another. Only letters and
 * digits count: what was written as `**so**` is drawn without its signs.
 */
export function lastPlaceOf(words: string, texts: readonly string[]): WordsPlace | null {
  const sought = Array.from(words, lettersOf).join("");
  if (sought === "") return null;
  const places: TextPlace[] = [];
  let known = "";
  let left = MOST_CHARS;
  let first = texts.length;
  while (first > 0 && left > 0) left -= texts[--first]?.length ?? 0;
  for (let text = first; text < texts.length; text += 1) {
    let offset = 0;
    for (const sign of texts[text] ?? "") {
      const letters = lettersOf(sign);
      for (let each = 0; each < letters.length; each += 1) places.push({ text, offset });
      known += letters;
      offset += sign.length;
    }
  }
  const at = known.lastIndexOf(sought);
  const from = places[at];
  const last = places[at + sought.length - 1];
  if (at === -1 || from === undefined || last === undefined) return null;
  const end = texts[last.text]?.codePointAt(last.offset) ?? 0;
  return { from, to: { text: last.text, offset: last.offset + (end > 0xffff ? 2 : 1) } };
}

function lettersOf(text: string): string {
  return text.toLowerCase().replaceAll(/[^\p{L}\p{N}]/gu, "");
}

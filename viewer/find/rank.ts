/** How well a name is what was typed: it is it, begins with it, has words that do, or is found otherwise. */
export const RANKS = 4;

/** Given the typed words, in small letters: the rank of a name, 0 is the best. */
export function rankBy(words: readonly string[]): (name: string) => number {
  const typed = plain(words.join(" "));
  const begins = words.map(plain);
  return (name) => {
    const known = plain(name);
    if (known === typed) return 0;
    if (known.startsWith(typed)) return 1;
    const inWords = ` ${known}`;
    return begins.every((word) => inWords.includes(` ${word}`)) ? 2 : 3;
  };
}

/** A node's name and what it is shown as are the same. */
function plain(text: string): string {
  return text.toLowerCase().replaceAll(/[_-]/g, " ");
}

/** Text as it is compared in a search. Its length stays, so that a place in one is the place in the other. */
export function folded(text: string): string {
  // The one letter that lower case makes longer, and the one that it makes differ by its place.
  return text.replaceAll("İ", "i").toLowerCase().replaceAll("ς", "σ");
}

/** Any white space is one space. */
export function onOneLine(text: string): string {
  return text.replaceAll(/\s+/gu, " ");
}

const ESCAPE = String.fromCodePoint(27);
const COLOURS = new RegExp(String.raw`${ESCAPE}\[[0-9;?]*[A-Za-z]`, "g");

/** What a terminal shows of it. */
export function withoutColours(text: string): string {
  return text.includes(ESCAPE) ? text.replaceAll(COLOURS, "") : text;
}

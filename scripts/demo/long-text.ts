const SENTENCES = [
  "The cache keeps an entry until its owner lets it go, so a stale one can outlive the request. ",
  "I have read the callers: three of them hold the lock while they wait for the disk. ",
  "That is where the time goes, and not in the parser as the report says. ",
  "First I make the test fail for the right reason; then the change is a line long. ",
  "Two names for one thing make this part hard to read, and one of them is wrong. ",
  "The tests pass, and the numbers are what they were before the change. ",
].join("");
const TEXT = SENTENCES.repeat(40);

/** So many characters of plain English from a place in an endless text; each is one byte. */
export function longText(place: number, chars: number): string {
  const from = place % SENTENCES.length;
  if (from + chars <= TEXT.length) return TEXT.slice(from, from + chars);
  return SENTENCES.repeat(Math.ceil((from + chars) / SENTENCES.length)).slice(from, from + chars);
}
